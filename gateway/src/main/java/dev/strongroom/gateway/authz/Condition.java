package dev.strongroom.gateway.authz;

import java.util.List;

/**
 * One line of a statement's {@code Condition} block; a statement applies when all of them hold.
 *
 * @param ifExists whether it also holds when the request has no such key
 * @param key as written; its name is compared without regard to case
 * @param values one of which has to fit; numbers and booleans as they were written
 */
public record Condition(
        Quantifier quantifier, ConditionOperator operator, boolean ifExists, String key, List<String> values) {

    /** How the many values of a multi-valued key count. */
    public enum Quantifier {
        SINGLE_VALUE,
        FOR_ALL_VALUES,
        FOR_ANY_VALUE
    }

    public Condition {
        values = List.copyOf(values);
    }
}
