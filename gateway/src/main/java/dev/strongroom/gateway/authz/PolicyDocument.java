package dev.strongroom.gateway.authz;

import dev.strongroom.gateway.authz.Statement.Effect;
import java.util.List;

/**
 * A policy as it was understood. The text it was read from is what is stored and shown.
 *
 * @param id empty if it has none
 */
public record PolicyDocument(Version version, String id, List<Statement> statements) {

    /** Of the policy language; variables such as <code>${aws:username}</code> mean something in the newer one only. */
    public enum Version {
        V2008_10_17,
        V2012_10_17
    }

    public PolicyDocument {
        statements = List.copyOf(statements);
    }

    /**
     * Whether it allows a request whatever the circumstances: conditional permissions are not counted on, and conditional
     * denials are not feared.
     *
     * @param action in lower case
     * @param resource the key's ARN
     */
    public boolean allowsUnconditionally(Caller caller, String action, String resource) {
        return anyUnconditional(Effect.ALLOW, caller, action, resource)
                && !anyUnconditional(Effect.DENY, caller, action, resource);
    }

    private boolean anyUnconditional(Effect effect, Caller caller, String action, String resource) {
        return statements.stream()
                .anyMatch(statement -> statement.effect() == effect
                        && statement.conditions().isEmpty()
                        && statement.covers(caller, action, resource));
    }
}
