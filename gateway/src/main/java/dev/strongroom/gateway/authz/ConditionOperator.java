package dev.strongroom.gateway.authz;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How a condition compares (IAM user guide, "Condition operators"). */
public enum ConditionOperator {
    STRING_EQUALS,
    STRING_NOT_EQUALS,
    STRING_EQUALS_IGNORE_CASE,
    STRING_NOT_EQUALS_IGNORE_CASE,
    STRING_LIKE,
    STRING_NOT_LIKE,
    NUMERIC_EQUALS,
    NUMERIC_NOT_EQUALS,
    NUMERIC_LESS_THAN,
    NUMERIC_LESS_THAN_EQUALS,
    NUMERIC_GREATER_THAN,
    NUMERIC_GREATER_THAN_EQUALS,
    DATE_EQUALS,
    DATE_NOT_EQUALS,
    DATE_LESS_THAN,
    DATE_LESS_THAN_EQUALS,
    DATE_GREATER_THAN,
    DATE_GREATER_THAN_EQUALS,
    BOOL,
    BINARY_EQUALS,
    IP_ADDRESS,
    NOT_IP_ADDRESS,
    ARN_EQUALS,
    ARN_LIKE,
    ARN_NOT_EQUALS,
    ARN_NOT_LIKE,
    NULL;

    private static final Map<String, ConditionOperator> BY_NAME =
            Arrays.stream(values()).collect(toUnmodifiableMap(ConditionOperator::canonicalName, Function.identity()));

    /** The operator of a name such as {@code StringEquals}, in any letter case. */
    public static Optional<ConditionOperator> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Whether it holds when no value fits. */
    boolean isNegated() {
        return switch (this) {
            case STRING_NOT_EQUALS,
                    STRING_NOT_EQUALS_IGNORE_CASE,
                    STRING_NOT_LIKE,
                    NUMERIC_NOT_EQUALS,
                    DATE_NOT_EQUALS,
                    NOT_IP_ADDRESS,
                    ARN_NOT_EQUALS,
                    ARN_NOT_LIKE -> true;
            default -> false;
        };
    }

    private String canonicalName() {
        return name().replace("_", "").toLowerCase(Locale.ROOT);
    }
}
