package dev.strongroom.gateway.operation;

import dev.strongroom.gateway.authz.Principal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the principals that a request names.
 *
 * @param existing the ARNs of those who exist
 * @param ids by their ARNs the unique ids of those that have one
 */
public record KnownPrincipals(Set<String> existing, Map<String, String> ids) {

    public static final KnownPrincipals NONE = new KnownPrincipals(Set.of(), Map.of());

    public KnownPrincipals {
        existing = Set.copyOf(existing);
        ids = Map.copyOf(ids);
    }

    /** Both together. */
    public KnownPrincipals and(KnownPrincipals other) {
        var allExisting = new HashSet<>(existing);
        allExisting.addAll(other.existing);
        var allIds = new HashMap<>(ids);
        allIds.putAll(other.ids);
        return new KnownPrincipals(allExisting, allIds);
    }

    boolean exists(Principal principal) {
        return existing.contains(principal.whoMustExist());
    }

    /** Who it is that has the ARN now; empty for an account, and for whom nobody made. */
    Optional<String> id(Principal principal) {
        return Optional.ofNullable(ids.get(principal.arn()));
    }
}
