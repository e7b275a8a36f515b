package dev.strongroom.gateway.authz;

import dev.strongroom.hsm.protocol.GrantRecord;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What CreateGrant asks for.
 *
 * @param retiring who may end it besides
 * @param name empty if none was given
 */
public record GrantTerms(
        GrantParty grantee,
        Optional<GrantParty> retiring,
        Set<GrantOperation> operations,
        GrantConstraints constraints,
        String name) {

    public GrantTerms {
        operations = Set.copyOf(operations);
    }

    /** For whoever has those names. */
    public GrantTerms(
            Principal grantee,
            Optional<Principal> retiring,
            Set<GrantOperation> operations,
            GrantConstraints constraints,
            String name) {
        this(GrantParty.of(grantee), retiring.map(GrantParty::of), operations, constraints, name);
    }

    /**
     * The same, meaning certain people and nobody else who comes to have their ARNs.
     *
     * @param ids who has an ARN now; whoever has no unique id goes on to be meant by ARN
     */
    public GrantTerms meaning(Function<Principal, Optional<String>> ids) {
        return new GrantTerms(
                grantee.meaning(ids), retiring.map(party -> party.meaning(ids)), operations, constraints, name);
    }

    /** The terms of a record; operations that are not known here give nothing here. */
    static GrantTerms of(GrantRecord.Terms record) {
        var constraints = record.constraints();
        return new GrantTerms(
                GrantParty.of(record.grantee()),
                record.retiring().map(GrantParty::of),
                record.operations().stream()
                        .flatMap(name -> GrantOperation.find(name).stream())
                        .collect(Collectors.toUnmodifiableSet()),
                new GrantConstraints(constraints.contextEquals(), constraints.contextSubset(), constraints.sourceArn()),
                record.name());
    }

    /** As the HSM keeps them. */
    public GrantRecord.Terms record() {
        return new GrantRecord.Terms(
                grantee.record(),
                retiring.map(GrantParty::record),
                operations.stream().map(GrantOperation::wireName).sorted().toList(),
                new GrantRecord.Constraints(
                        constraints.contextEquals(), constraints.contextSubset(), constraints.sourceArn()),
                name);
    }
}
