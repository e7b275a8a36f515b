package dev.strongroom.gateway.authz;

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
}
