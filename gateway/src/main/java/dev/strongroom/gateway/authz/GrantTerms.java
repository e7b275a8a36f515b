package dev.strongroom.gateway.authz;

import java.util.Optional;
import java.util.Set;

/**
 * What CreateGrant asks for.
 *
 * @param grantee ACCOUNT, IDENTITY or SERVICE
 * @param retiring who may end it besides; ACCOUNT, IDENTITY or SERVICE
 * @param name empty if none was given
 */
public record GrantTerms(
        Principal grantee,
        Optional<Principal> retiring,
        Set<GrantOperation> operations,
        GrantConstraints constraints,
        String name) {

    public GrantTerms {
        operations = Set.copyOf(operations);
    }
}
