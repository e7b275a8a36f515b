package dev.strongroom.gateway.authz;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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

    /** The accounts, users, roles and sessions that it names, each once. */
    public Stream<Principal> principals() {
        return statements.stream()
                .flatMap(statement -> statement.principals().elements().stream())
                .filter(principal ->
                        principal.kind() == Principal.Kind.ACCOUNT || principal.kind() == Principal.Kind.IDENTITY)
                .distinct();
    }

    /**
     * The same policy, meaning certain people and nobody else who comes to have their ARNs.
     *
     * @param ids unique ids by ARN; who has none goes on to be meant by ARN
     */
    public PolicyDocument meaning(Map<String, String> ids) {
        return ids.isEmpty()
                ? this
                : new PolicyDocument(
                        version,
                        id,
                        statements.stream()
                                .map(statement -> statement.meaning(ids))
                                .toList());
    }
}
