package dev.strongroom.gateway.authz;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.Principal.Kind;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which grants may be made (KMS API reference, CreateGrant; developer guide, "Grants in AWS KMS"). Where no record of AWS's
 * words is known, they are our own.
 */
public final class GrantRules {

    /** Quota of the service. */
    public static final int MOST_PER_KEY = 50_000;

    private static final int MOST_PAIRS = 8;
    private static final int LONGEST_VALUE = 384;

    private static final Set<GrantOperation> OF_EVERY_KEY =
            Set.of(GrantOperation.CREATE_GRANT, GrantOperation.RETIRE_GRANT, GrantOperation.DESCRIBE_KEY);

    private GrantRules() {}

    /** What can be granted on a key. */
    public static Set<GrantOperation> operations(KeySpec spec, KeyUsage usage) {
        var operations = EnumSet.copyOf(OF_EVERY_KEY);
        operations.addAll(
                switch (usage) {
                    case ENCRYPT_DECRYPT ->
                        EnumSet.of(
                                GrantOperation.ENCRYPT,
                                GrantOperation.DECRYPT,
                                GrantOperation.RE_ENCRYPT_FROM,
                                GrantOperation.RE_ENCRYPT_TO);
                    case SIGN_VERIFY -> EnumSet.of(GrantOperation.SIGN, GrantOperation.VERIFY);
                    case GENERATE_VERIFY_MAC -> EnumSet.of(GrantOperation.GENERATE_MAC, GrantOperation.VERIFY_MAC);
                    case KEY_AGREEMENT -> EnumSet.of(GrantOperation.DERIVE_SHARED_SECRET);
                    case ENCAPSULATE_DECAPSULATE -> EnumSet.of(GrantOperation.ENCAPSULATE, GrantOperation.DECAPSULATE);
                });
        if (spec == KeySpec.SYMMETRIC_DEFAULT) {
            operations.add(GrantOperation.GENERATE_DATA_KEY);
            operations.add(GrantOperation.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT);
            operations.add(GrantOperation.GENERATE_DATA_KEY_PAIR);
            operations.add(GrantOperation.GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT);
        } else if (usage != KeyUsage.GENERATE_VERIFY_MAC) {
            operations.add(GrantOperation.GET_PUBLIC_KEY);
        }
        return operations;
    }

    /**
     * Refuses terms that no grant on such a key can have.
     *
     * @param exists whether there is such an account, user, role or session; asked for those alone
     * @throws KmsException Validation, or InvalidArn if a principal does not exist
     */
    public static void requireValid(GrantTerms terms, KeySpec spec, KeyUsage usage, Predicate<Principal> exists) {
        if (terms.operations().isEmpty()) {
            throw invalid("A grant must allow at least one operation.");
        }
        if (terms.operations().equals(Set.of(GrantOperation.CREATE_GRANT))) {
            throw invalid("Grants must not contain only the CreateGrant operation.");
        }
        var fitting = operations(spec, usage);
        terms.operations().stream()
                .filter(operation -> !fitting.contains(operation))
                .map(GrantOperation::wireName)
                .sorted()
                .findFirst()
                .ifPresent(operation -> {
                    throw invalid("Operation " + operation + " is not valid for a key with key spec " + spec
                            + " and key usage " + usage + ".");
                });
        requireConstraints(terms.constraints(), spec);
        if (terms.grantee().named().kind() == Kind.SERVICE
                && (terms.constraints().sourceArn().isEmpty()
                        || terms.retiring().isEmpty())) {
            throw invalid("A grant to a service must have a SourceArn constraint and a retiring principal.");
        }
        requireExists(terms.grantee().named(), exists);
        terms.retiring().ifPresent(retiring -> requireExists(retiring.named(), exists));
    }

    private static void requireConstraints(GrantConstraints constraints, KeySpec spec) {
        for (var context : List.of(constraints.contextEquals(), constraints.contextSubset())) {
            if (context.isPresent() && spec != KeySpec.SYMMETRIC_DEFAULT) {
                throw invalid("Encryption context constraints are valid for grants on symmetric encryption keys only.");
            }
            requirePairs(context.orElse(Map.of()));
        }
    }

    private static void requirePairs(Map<String, String> pairs) {
        if (pairs.size() > MOST_PAIRS) {
            throw invalid("A grant constraint must not have more than " + MOST_PAIRS + " encryption context pairs.");
        }
        if (pairs.values().stream().anyMatch(value -> value.length() > LONGEST_VALUE)) {
            throw invalid("The value of an encryption context pair in a grant constraint must not be longer than "
                    + LONGEST_VALUE + " characters.");
        }
        if (!FoldedContext.of(pairs).isWhole()) {
            throw invalid("The keys of encryption context pairs in a grant constraint must differ in more than case.");
        }
    }

    private static void requireExists(Principal principal, Predicate<Principal> exists) {
        boolean isAsked = principal.kind() == Kind.ACCOUNT || principal.kind() == Kind.IDENTITY;
        if (isAsked && !exists.test(principal)) {
            throw PrincipalSyntax.unknownGrantee(principal.arn());
        }
    }

    /** One grant too many. */
    public static KmsException exhausted(String existing) {
        return KmsException.of(
                KmsError.LIMIT_EXCEEDED,
                "Grants per key quota is " + MOST_PER_KEY + ", current usage is " + existing + ".");
    }

    /**
     * Whether whoever holds {@code parent} may hand on {@code child}: no operation more, and no constraint less. Any context
     * that meets the child's constraints has to meet the parent's.
     */
    public static boolean isNoWider(GrantTerms child, GrantTerms parent) {
        var given = parent.constraints();
        var taken = child.constraints();
        return parent.operations().containsAll(child.operations())
                && (given.sourceArn().isEmpty() || given.sourceArn().equals(taken.sourceArn()))
                && given.contextEquals()
                        .map(context -> isExactly(taken, context))
                        .orElse(true)
                && given.contextSubset().map(context -> holds(taken, context)).orElse(true);
    }

    private static boolean isExactly(GrantConstraints taken, Map<String, String> context) {
        return folded(taken.contextEquals())
                .filter(equals -> equals.isExactly(FoldedContext.of(context)))
                .isPresent();
    }

    /** If both constraints are taken, the whole context says all: it meets the other, or nothing meets both. */
    private static boolean holds(GrantConstraints taken, Map<String, String> context) {
        var surely = taken.contextEquals().or(taken::contextSubset).orElse(Map.of());
        return FoldedContext.of(surely).holds(FoldedContext.of(context));
    }

    private static Optional<FoldedContext> folded(Optional<Map<String, String>> context) {
        return context.map(FoldedContext::of);
    }

    /** What policies may ask about the terms of a grant (developer guide, "Condition keys for AWS KMS"): ARNs, as it was asked for. */
    public static ConditionKeys keys(GrantTerms terms) {
        return name -> switch (name) {
            case "kms:grantoperations" ->
                terms.operations().stream()
                        .map(GrantOperation::wireName)
                        .sorted()
                        .toList();
            case "kms:granteeprincipal" -> List.of(terms.grantee().named().arn());
            case "kms:retiringprincipal" ->
                terms.retiring().map(party -> List.of(party.named().arn())).orElse(List.of());
            case "kms:grantconstrainttype" -> terms.constraints().types();
            // It is for an AWS service that acts for a user, and none does here.
            case "kms:grantisforawsresource" -> List.of("false");
            default -> List.of();
        };
    }

    private static KmsException invalid(String text) {
        return KmsException.of(KmsError.VALIDATION, text);
    }
}
