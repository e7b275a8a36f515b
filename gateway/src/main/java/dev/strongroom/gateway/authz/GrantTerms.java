package dev.strongroom.gateway.authz;

import dev.strongroom.hsm.protocol.GrantRecord;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** The terms of a record; operations that are not known here give nothing here. */
    static GrantTerms of(GrantRecord.Terms record) {
        var constraints = record.constraints();
        return new GrantTerms(
                Principal.inRecord(record.grantee()),
                record.retiring().map(Principal::inRecord),
                record.operations().stream()
                        .flatMap(name -> GrantOperation.find(name).stream())
                        .collect(Collectors.toUnmodifiableSet()),
                new GrantConstraints(constraints.contextEquals(), constraints.contextSubset(), constraints.sourceArn()),
                record.name());
    }

    /** As the HSM keeps them. */
    public GrantRecord.Terms record() {
        return new GrantRecord.Terms(
                grantee.arn(),
                retiring.map(Principal::arn),
                operations.stream().map(GrantOperation::wireName).sorted().toList(),
                new GrantRecord.Constraints(
                        constraints.contextEquals(), constraints.contextSubset(), constraints.sourceArn()),
                name);
    }
}
