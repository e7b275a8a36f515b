package dev.strongroom.gateway.authz;

import java.util.List;
import java.util.Optional;

/**
 * The policies that an account hung on one of its identities.
 *
 * @param identity inline and attached ones of the user or role, and of the user's groups
 * @param boundary the most that the identity policies can give
 * @param session the most that a session can have, given when it began; empty if nothing was given
 */
public record CallerPolicies(
        List<AttachedPolicy> identity, Optional<AttachedPolicy> boundary, List<AttachedPolicy> session) {

    private static final CallerPolicies NONE = new CallerPolicies(List.of(), Optional.empty(), List.of());

    public CallerPolicies {
        identity = List.copyOf(identity);
        session = List.copyOf(session);
    }

    /** Of a root, which needs none, or of a user to whom nobody gave anything. */
    public static CallerPolicies none() {
        return NONE;
    }

    /** Identity policies without boundary or session. */
    public static CallerPolicies of(List<AttachedPolicy> identity) {
        return new CallerPolicies(identity, Optional.empty(), List.of());
    }
}
