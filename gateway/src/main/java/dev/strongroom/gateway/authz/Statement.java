package dev.strongroom.gateway.authz;

import java.util.List;

/**
 * One statement of a policy. Without actions or without resources it has no effect.
 *
 * @param sid its name, empty if it has none
 * @param actions in lower case, as they are compared without regard to case
 */
public record Statement(
        String sid,
        Effect effect,
        Selection<Principal> principals,
        Selection<WildcardPattern> actions,
        Selection<WildcardPattern> resources,
        List<Condition> conditions) {

    /** What it does to the requests that it covers. */
    public enum Effect {
        ALLOW,
        DENY
    }

    public Statement {
        conditions = List.copyOf(conditions);
    }

    /**
     * Whether it is about this request, conditions aside.
     *
     * @param action in lower case, such as {@code kms:putkeypolicy}
     * @param resource the key's ARN
     */
    public boolean covers(Caller caller, String action, String resource) {
        return principals.selects(principal -> principal.covers(caller))
                && actions.selects(pattern -> pattern.matches(action))
                && resources.selects(pattern -> pattern.matches(resource));
    }
}
