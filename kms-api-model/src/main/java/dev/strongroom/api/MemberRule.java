package dev.strongroom.api;

import dev.strongroom.api.WireShape.Kind;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/** What the value of one member must satisfy, and the sentence for each way of failing. Immutable. */
final class MemberRule {

    /** Any value of the right type. */
    static final MemberRule ANY =
            new MemberRule(0, Integer.MAX_VALUE, null, null, null, Secrecy.OPEN, Presence.OPTIONAL);

    static final String NOT_NULL = "Member must not be null";

    private enum Secrecy {
        OPEN,
        SENSITIVE
    }

    private enum Presence {
        OPTIONAL,
        REQUIRED
    }

    /** A condition on a text, and how to name it. */
    private record Condition(String sentence, Predicate<String> holds) {}

    private final int min;
    private final int max;
    private final @Nullable Condition pattern;
    private final @Nullable Condition values;
    private final @Nullable MemberRule element;
    private final Secrecy secrecy;
    private final Presence presence;

    private MemberRule(
            int min,
            int max,
            @Nullable Condition pattern,
            @Nullable Condition values,
            @Nullable MemberRule element,
            Secrecy secrecy,
            Presence presence) {
        this.min = min;
        this.max = max;
        this.pattern = pattern;
        this.values = values;
        this.element = element;
        this.secrecy = secrecy;
        this.presence = presence;
    }

    /** Characters of a text, bytes of a blob, elements of a list, or the value of an integer; both bounds inclusive. */
    static MemberRule range(int min, int max) {
        return new MemberRule(min, max, null, null, null, Secrecy.OPEN, Presence.OPTIONAL);
    }

    static MemberRule oneOf(List<String> values) {
        return oneOf(values, Set.copyOf(values));
    }

    /** Names some values and accepts others: the service has such members. */
    static MemberRule oneOf(List<String> named, Set<String> accepted) {
        var condition = new Condition("Member must satisfy enum value set: " + named, accepted::contains);
        return new MemberRule(0, Integer.MAX_VALUE, null, condition, null, Secrecy.OPEN, Presence.OPTIONAL);
    }

    /** The whole text must match. Only for expressions that Java matches without recursion, however long the text. */
    MemberRule matching(String regex) {
        return matching(regex, Pattern.compile(regex).asMatchPredicate());
    }

    /** The same for an expression that is shown to callers and matched by other means. */
    MemberRule matching(String regex, Predicate<String> matches) {
        var condition = new Condition("Member must satisfy regular expression pattern: " + regex, matches);
        return new MemberRule(min, max, condition, values, element, secrecy, presence);
    }

    MemberRule withElements(MemberRule rule) {
        return new MemberRule(min, max, pattern, values, rule, secrecy, presence);
    }

    /** No text may show the value, nor whether there was one. */
    MemberRule sensitive() {
        return new MemberRule(min, max, pattern, values, element, Secrecy.SENSITIVE, presence);
    }

    boolean isSensitive() {
        return secrecy == Secrecy.SENSITIVE;
    }

    /** Required wherever its structure is given. Requests say in {@link Operation#required()} what they require. */
    MemberRule required() {
        return new MemberRule(min, max, pattern, values, element, secrecy, Presence.REQUIRED);
    }

    boolean isRequired() {
        return presence == Presence.REQUIRED;
    }

    /** The rule for each element of a list or value of a map. */
    MemberRule element() {
        return element == null ? ANY : element;
    }

    /** Checks a present value of that kind, but not what it contains. */
    void check(Kind kind, Object value, Violations violations, Violations.Path path) {
        switch (kind) {
            case INTEGER -> checkBounds("value", (Integer) value, value, violations, path);
            case BLOB -> checkBounds("length", ((SdkBytes) value).asByteArrayUnsafe().length, value, violations, path);
            case LIST -> checkBounds("length", ((List<?>) value).size(), value, violations, path);
            case STRING -> {
                var text = (String) value;
                checkBounds("length", text.length(), value, violations, path);
                checkCondition(pattern, text, violations, path);
                checkCondition(values, text, violations, path);
            }
            case BOOLEAN, INSTANT, MAP, STRUCTURE -> {}
        }
    }

    private void checkBounds(String what, int size, Object value, Violations violations, Violations.Path path) {
        if (size < min) {
            add(value, "Member must have " + what + " greater than or equal to " + min, violations, path);
        } else if (size > max) {
            add(value, "Member must have " + what + " less than or equal to " + max, violations, path);
        }
    }

    private void checkCondition(
            @Nullable Condition condition, String text, Violations violations, Violations.Path path) {
        if (condition != null && !condition.holds.test(text)) {
            add(text, condition.sentence, violations, path);
        }
    }

    void addNull(Violations violations, Violations.Path path) {
        add(null, NOT_NULL, violations, path);
    }

    private void add(@Nullable Object value, String sentence, Violations violations, Violations.Path path) {
        if (secrecy == Secrecy.SENSITIVE || value instanceof SdkBytes) {
            violations.add("", path, sentence);
        } else if (value == null) {
            violations.add(" null", path, sentence);
        } else {
            violations.add(" '" + value + "'", path, sentence);
        }
    }
}
