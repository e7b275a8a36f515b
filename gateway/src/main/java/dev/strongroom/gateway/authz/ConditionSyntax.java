package dev.strongroom.gateway.authz;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.Condition.Quantifier;
import dev.strongroom.gateway.authz.PolicyDocument.Version;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The grammar of conditions (IAM user guide, "AWS JSON policy elements: Condition"). */
final class ConditionSyntax {

    private static final String IF_EXISTS = "IfExists";
    private static final String FOR_ALL_VALUES = "ForAllValues:";
    private static final String FOR_ANY_VALUE = "ForAnyValue:";

    /** The condition keys whose values a request gives one of, and which a request may lack; names in lower case. */
    private static final List<String> SINGLE_VALUED =
            List.of("kms:encryptioncontext:", "aws:requesttag/", "aws:resourcetag/", "aws:principaltag/");

    private ConditionSyntax() {}

    /** A condition as it is written; empty if there is no such operator, or the key has no name of a service. */
    static Optional<Condition> find(String operator, String key, List<String> values) {
        var quantifier = operator.startsWith(FOR_ALL_VALUES)
                ? Quantifier.FOR_ALL_VALUES
                : operator.startsWith(FOR_ANY_VALUE) ? Quantifier.FOR_ANY_VALUE : Quantifier.SINGLE_VALUE;
        var name = quantifier == Quantifier.SINGLE_VALUE ? operator : operator.substring(operator.indexOf(':') + 1);
        boolean ifExists = name.endsWith(IF_EXISTS);
        var base = ifExists ? name.substring(0, name.length() - IF_EXISTS.length()) : name;
        return ConditionOperator.find(base)
                .filter(found -> key.indexOf(':') > 0 && !(ifExists && found == ConditionOperator.NULL))
                .map(found -> new Condition(quantifier, found, ifExists, key, values));
    }

    /**
     * Whether the operator can compare with every value. What a variable will bring is known only when a request is there;
     * of all others it is known now, and a denial that could never apply must not look like one.
     */
    static boolean isReadable(Condition condition, Version version) {
        return condition.values().stream()
                .allMatch(value -> Comparison.reads(condition.operator(), value)
                        || !Template.of(value, version).isConstant());
    }

    /**
     * Refuses what key policies must not hold.
     *
     * @throws KmsException MalformedPolicyDocument
     */
    static void requireNotOverlyPermissive(Condition condition) {
        var key = condition.key().toLowerCase(Locale.ROOT);
        if (condition.quantifier() == Quantifier.FOR_ALL_VALUES
                && SINGLE_VALUED.stream().anyMatch(key::startsWith)) {
            throw KmsException.of(
                    KmsError.MALFORMED_POLICY_DOCUMENT,
                    "OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key"
                            + " matches requests without the specified [encryption context or tag] or with an unspecified"
                            + " [encryption context or tag]. To fix, remove ForAllValues.");
        }
    }
}
