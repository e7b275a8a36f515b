package dev.strongroom.gateway.authz;

import java.util.List;
import java.util.Map;

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

    Statement meaning(Map<String, String> ids) {
        var meant = principals.elements().stream()
                .map(principal -> principal.meant(ids))
                .toList();
        return new Statement(sid, effect, new Selection<>(principals.sense(), meant), actions, resources, conditions);
    }
}
