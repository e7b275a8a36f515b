package dev.strongroom.gateway.authz;

import dev.strongroom.gateway.authz.Condition.Quantifier;
import dev.strongroom.gateway.authz.PolicyDocument.Version;
import dev.strongroom.gateway.authz.Statement.Effect;
import java.util.List;
import java.util.Locale;

/**
 * A {@link Condition} ready to be asked (IAM user guide, "Condition operators" and "Multivalued context keys").
 *
 * <p>Of the values in a policy one has to fit; an operator with Not in its name holds if none does. A key that the request
 * lacks makes a condition fail, unless its operator is negated, its name ends in IfExists or begins with ForAllValues.
 *
 * <p>IAM leaves open what a request with several values is to an operator without quantifier. Here all have to hold for a
 * permission and one is enough for a denial, so that nobody gains by sending a second value.
 */
final class ConditionTest {

    private final Quantifier quantifier;
    private final ConditionOperator operator;
    private final boolean ifExists;
    private final String key;
    private final List<Comparison> comparisons;

    private ConditionTest(Condition condition, List<Comparison> comparisons) {
        this.quantifier = condition.quantifier();
        this.operator = condition.operator();
        this.ifExists = condition.ifExists();
        this.key = condition.key().toLowerCase(Locale.ROOT);
        this.comparisons = comparisons;
    }

    static ConditionTest of(Condition condition, Version version) {
        return new ConditionTest(
                condition,
                condition.values().stream()
                        .map(value -> Comparison.of(condition.operator(), Template.of(value, version), value))
                        .toList());
    }

    boolean holds(Facts facts, Effect effect) {
        var values = facts.values(key);
        facts.effort().spend(1);
        if (operator == ConditionOperator.NULL) {
            return fits(values.isEmpty() ? "true" : "false", facts);
        }
        if (values.isEmpty()) {
            return ifExists || holdsWithoutValue();
        }
        boolean all = quantifier == Quantifier.FOR_ALL_VALUES
                || (quantifier == Quantifier.SINGLE_VALUE && effect == Effect.ALLOW);
        for (int i = 0; i < values.size(); i++) {
            if (fits(values.get(i), facts) != all) {
                return !all;
            }
        }
        return all;
    }

    private boolean holdsWithoutValue() {
        return switch (quantifier) {
            case SINGLE_VALUE -> operator.isNegated();
            case FOR_ALL_VALUES -> true;
            case FOR_ANY_VALUE -> false;
        };
    }

    private boolean fits(String value, Facts facts) {
        for (int i = 0; i < comparisons.size(); i++) {
            facts.effort().spend(1);
            if (comparisons.get(i).fits(value, facts)) {
                return !operator.isNegated();
            }
        }
        return operator.isNegated();
    }
}
