package dev.strongroom.gateway.authz;

import java.util.Collection;
import java.util.List;

/** The grants of one key, found by whom and what they allow. Immutable. */
public final class GrantIndex {

    private static final GrantIndex EMPTY = new GrantIndex(List.of());

    private final List<Grant> grants;

    private GrantIndex(Collection<Grant> grants) {
        this.grants = List.copyOf(grants);
    }

    public static GrantIndex empty() {
        return EMPTY;
    }

    public static GrantIndex of(Collection<Grant> grants) {
        return new GrantIndex(grants);
    }

    public int size() {
        return grants.size();
    }
}
