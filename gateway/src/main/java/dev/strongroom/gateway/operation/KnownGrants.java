package dev.strongroom.gateway.operation;

import dev.strongroom.hsm.protocol.GrantRecord;
import java.util.List;
import java.util.Optional;

/**
 * The grants that a request speaks of, as found.
 *
 * @param named that which it is about; empty if it is about none, or there is none
 * @param byToken those that its grant tokens are of
 */
public record KnownGrants(Optional<GrantRecord> named, List<GrantRecord> byToken) {

    public static final KnownGrants NONE = new KnownGrants(Optional.empty(), List.of());

    public KnownGrants {
        byToken = List.copyOf(byToken);
    }
}
