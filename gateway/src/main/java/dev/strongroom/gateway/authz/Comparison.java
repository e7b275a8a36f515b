package dev.strongroom.gateway.authz;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * One value of a condition, which a value of a request fits or not. The operator's negation is not its concern. A value
 * that is not what the operator compares (no number, no date, no address) fits nothing and is fitted by nothing: in a
 * request, or where a variable stands. Others are refused when the policy is read.
 */
@FunctionalInterface
interface Comparison {

    boolean fits(String value, Facts facts);

    /** A comparison that nothing fits. */
    Comparison NEVER = (value, facts) -> false;

    /**
     * Reads a value of a policy.
     *
     * @param written the value as it stands in the policy, for operators that have no variables
     */
    static Comparison of(ConditionOperator operator, Template template, String written) {
        return switch (operator) {
            case STRING_EQUALS, STRING_NOT_EQUALS ->
                (value, facts) -> template.text(facts).filter(value::equals).isPresent();
            case STRING_EQUALS_IGNORE_CASE, STRING_NOT_EQUALS_IGNORE_CASE, BOOL, NULL ->
                (value, facts) ->
                        template.text(facts).filter(value::equalsIgnoreCase).isPresent();
            case STRING_LIKE, STRING_NOT_LIKE -> (value, facts) -> isLike(template.pattern(facts), value, facts);
            case ARN_EQUALS, ARN_LIKE, ARN_NOT_EQUALS, ARN_NOT_LIKE -> arn(template);
            case IP_ADDRESS, NOT_IP_ADDRESS ->
                AddressRange.find(written)
                        .<Comparison>map(range -> (value, facts) -> range.contains(value))
                        .orElse(NEVER);
            case BINARY_EQUALS ->
                octets(written)
                        .<Comparison>map(octets -> (value, facts) -> octets(value)
                                .filter(other -> Arrays.equals(other, octets))
                                .isPresent())
                        .orElse(NEVER);
            case NUMERIC_EQUALS,
                    NUMERIC_NOT_EQUALS,
                    NUMERIC_LESS_THAN,
                    NUMERIC_LESS_THAN_EQUALS,
                    NUMERIC_GREATER_THAN,
                    NUMERIC_GREATER_THAN_EQUALS -> ordered(operator, Scale.number(written), Scale::number);
            case DATE_EQUALS,
                    DATE_NOT_EQUALS,
                    DATE_LESS_THAN,
                    DATE_LESS_THAN_EQUALS,
                    DATE_GREATER_THAN,
                    DATE_GREATER_THAN_EQUALS -> ordered(operator, Scale.time(written), Scale::time);
        };
    }

    /** Whether {@code operator} can compare with a value in which no variable stands. */
    static boolean reads(ConditionOperator operator, String written) {
        return switch (operator) {
            case BOOL, NULL -> written.equalsIgnoreCase("true") || written.equalsIgnoreCase("false");
            case IP_ADDRESS, NOT_IP_ADDRESS -> AddressRange.find(written).isPresent();
            case BINARY_EQUALS -> octets(written).isPresent();
            case NUMERIC_EQUALS,
                    NUMERIC_NOT_EQUALS,
                    NUMERIC_LESS_THAN,
                    NUMERIC_LESS_THAN_EQUALS,
                    NUMERIC_GREATER_THAN,
                    NUMERIC_GREATER_THAN_EQUALS -> Scale.number(written).isPresent();
            case DATE_EQUALS,
                    DATE_NOT_EQUALS,
                    DATE_LESS_THAN,
                    DATE_LESS_THAN_EQUALS,
                    DATE_GREATER_THAN,
                    DATE_GREATER_THAN_EQUALS -> Scale.time(written).isPresent();
            default -> true;
        };
    }

    private static boolean isLike(Optional<WildcardPattern> pattern, String value, Facts facts) {
        return pattern.isPresent() && pattern.get().matches(value, facts.effort());
    }

    private static Comparison arn(Template template) {
        if (template.isConstant()) {
            var pattern = new ArnPattern(template.constantSymbols());
            return (value, facts) -> pattern.matches(value, facts.effort());
        }
        return (value, facts) -> {
            var symbols = template.symbols(facts);
            return symbols.isPresent() && new ArnPattern(symbols.get()).matches(value, facts.effort());
        };
    }

    private static <T extends Comparable<T>> Comparison ordered(
            ConditionOperator operator, Optional<T> limit, Scale.Reader<T> reader) {
        if (limit.isEmpty()) {
            return NEVER;
        }
        return (value, facts) -> reader.read(value)
                .filter(other -> isOrdered(operator, other.compareTo(limit.get())))
                .isPresent();
    }

    private static boolean isOrdered(ConditionOperator operator, int sign) {
        return switch (operator) {
            case NUMERIC_LESS_THAN, DATE_LESS_THAN -> sign < 0;
            case NUMERIC_LESS_THAN_EQUALS, DATE_LESS_THAN_EQUALS -> sign <= 0;
            case NUMERIC_GREATER_THAN, DATE_GREATER_THAN -> sign > 0;
            case NUMERIC_GREATER_THAN_EQUALS, DATE_GREATER_THAN_EQUALS -> sign >= 0;
            default -> sign == 0;
        };
    }

    private static Optional<byte[]> octets(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
