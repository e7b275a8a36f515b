package dev.strongroom.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkField;

/** Every member of every operation: absent, at its bounds, beyond them, illegal. Expected texts come from a second table. */
class MemberRulesGeneratedTest {

    private static final Set<String> REQUIRED_PARTS = Set.of("TagKey", "TagValue", "AccessKeyId", "RawSecretAccessKey");

    /** A place for one value in a request: the way there, its name in texts, its row. */
    private record Leaf(List<Object> way, String path, String row, boolean isElement) {
        private static Leaf of(Object... way) {
            var path = new StringBuilder();
            for (var step : way) {
                if (step instanceof Integer index) {
                    path.append('.').append(index + 1).append(".member");
                } else {
                    var name = (String) step;
                    path.append(path.isEmpty() ? "" : ".")
                            .append(name.substring(0, 1).toLowerCase(Locale.ROOT))
                            .append(name.substring(1));
                }
            }
            var last = way[way.length - 1];
            var row = last instanceof String name ? name : String.valueOf(MemberExpectations.ELEMENTS.get(way[0]));
            return new Leaf(List.of(way), path.toString(), row, last instanceof Integer);
        }
    }

    private static List<Leaf> leaves(Operation operation) {
        var leaves = new ArrayList<Leaf>();
        for (var field : operation.newRequestBuilder().sdkFields()) {
            var name = field.locationName();
            var listed = MemberExpectations.PARTS.get(name + "[]");
            var parts = MemberExpectations.PARTS.get(name);
            if (MemberExpectations.ELEMENTS.containsKey(name)) {
                leaves.add(Leaf.of(name, 0));
            } else if (listed != null) {
                listed.forEach(part -> leaves.add(Leaf.of(name, 0, part)));
            } else if (parts != null) {
                parts.forEach(part -> leaves.add(Leaf.of(name, part)));
            } else {
                leaves.add(Leaf.of(name));
            }
        }
        return leaves;
    }

    /** A request in which every member has a good value, but for one that has the given JSON; null leaves it out. */
    private static String request(Operation operation, @Nullable Leaf changed, @Nullable String json) {
        var tree = new LinkedHashMap<Object, Object>();
        for (var leaf : leaves(operation)) {
            if (leaf.equals(changed)) {
                if (json != null) {
                    put(tree, leaf.way, json);
                }
            } else {
                put(tree, leaf.way, good(operation, leaf));
            }
        }
        return print(tree);
    }

    @SuppressWarnings("unchecked") // the tree is made of such maps
    private static void put(Map<Object, Object> tree, List<Object> way, String json) {
        if (way.size() == 1) {
            tree.put(way.get(0), json);
        } else {
            var below = (Map<Object, Object>) tree.computeIfAbsent(way.get(0), key -> new LinkedHashMap<>());
            put(below, way.subList(1, way.size()), json);
        }
    }

    private static String print(Object node) {
        if (!(node instanceof Map<?, ?> map)) {
            return (String) node;
        } else if (map.containsKey(0)) {
            return "[" + print(map.get(0)) + "]";
        }
        return map.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":" + print(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String good(Operation operation, Leaf leaf) {
        var row = MemberExpectations.of(operation, leaf.row);
        return switch (row.kind) {
            case "S", "E" -> quote(row.text(Math.max(row.min, 40) > row.max ? row.max : Math.max(row.min, 40)));
            case "I" -> String.valueOf(row.min);
            case "B" -> blob(row.min);
            default ->
                leaf.row.startsWith("Encryption") || leaf.row.contains("EncryptionContext")
                        ? "{\"a\":\"b\"}"
                        : leaf.row.equals("ValidTo") ? "1.5" : "true";
        };
    }

    private static String quote(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private static String blob(int bytes) {
        return quote(Base64.getEncoder().encodeToString(new byte[bytes]));
    }

    private static String expected(List<String> sentences) {
        return (sentences.size() == 1 ? "1 validation error" : sentences.size() + " validation errors") + " detected: "
                + String.join("; ", sentences);
    }

    private static String sentence(MemberExpectations row, Leaf leaf, @Nullable String value, String rule) {
        var shown = row.sensitive || (row.kind.equals("B") && value != null)
                ? ""
                : value == null ? " null" : " '" + value + "'";
        return "Value" + shown + " at '" + leaf.path + "' failed to satisfy constraint: " + rule;
    }

    private static void assertText(Operation operation, Leaf leaf, @Nullable String json, List<String> sentences) {
        var body = request(operation, leaf, json);
        if (sentences.isEmpty()) {
            assertDoesNotThrow(() -> MemberRulesTest.check(operation, body), body);
        } else {
            assertEquals(expected(sentences), MemberRulesTest.refusal(operation, body));
        }
    }

    private static void checkText(Operation operation, Leaf leaf, MemberExpectations row, String text) {
        var sentences = new ArrayList<String>();
        if (text.length() < row.min) {
            sentences.add(sentence(row, leaf, text, "Member must have length greater than or equal to " + row.min));
        } else if (text.length() > row.max) {
            sentences.add(sentence(row, leaf, text, "Member must have length less than or equal to " + row.max));
        }
        if (row.hasPattern() && !row.matches(text)) {
            sentences.add(sentence(row, leaf, text, "Member must satisfy regular expression pattern: " + row.shown));
        }
        assertText(operation, leaf, quote(text), sentences);
    }

    private static void checkSize(Operation operation, Leaf leaf, MemberExpectations row, int size) {
        var what = row.kind.equals("B") ? "length" : "value";
        var sentences = new ArrayList<String>();
        if (size < row.min) {
            sentences.add(sentence(
                    row,
                    leaf,
                    String.valueOf(size),
                    "Member must have " + what + " greater than or equal to " + row.min));
        } else if (size > row.max) {
            sentences.add(sentence(
                    row, leaf, String.valueOf(size), "Member must have " + what + " less than or equal to " + row.max));
        }
        assertText(operation, leaf, row.kind.equals("B") ? blob(size) : String.valueOf(size), sentences);
    }

    private static void checkValue(Operation operation, Leaf leaf, MemberExpectations row, String value) {
        assertText(
                operation,
                leaf,
                quote(value),
                List.of(sentence(row, leaf, value, "Member must satisfy enum value set: [" + row.shown + "]")));
    }

    private static void checkLeaf(Operation operation, Leaf leaf) {
        var row = MemberExpectations.of(operation, leaf.row);
        switch (row.kind) {
            case "S" -> {
                for (var length : new int[] {row.min - 1, row.min, row.max, row.max + 1}) {
                    if (length >= 0) {
                        checkText(operation, leaf, row, row.text(length));
                    }
                }
                for (var illegal : new String[] {"", "!", "a b", "キー", "a\nb", "\u007f", "..", "a-b-c"}) {
                    checkText(operation, leaf, row, illegal);
                }
            }
            case "I" -> {
                for (var size : new int[] {Integer.MIN_VALUE, row.min - 1, row.min, row.max, row.max + 1}) {
                    checkSize(operation, leaf, row, size);
                }
            }
            case "B" -> {
                for (var size : new int[] {row.min - 1, row.min, row.max, row.max + 1}) {
                    checkSize(operation, leaf, row, size);
                }
            }
            case "E" -> {
                for (var value : new String[] {"", "FOO", row.text(0).toLowerCase(Locale.ROOT) + " ", "null"}) {
                    checkValue(operation, leaf, row, value);
                }
            }
            default -> assertText(operation, leaf, good(operation, leaf), List.of());
        }
    }

    private static void checkAbsence(Operation operation, Leaf leaf) {
        var row = MemberExpectations.of(operation, leaf.row);
        var isTop = leaf.way.size() == 1;
        var required = isTop ? operation.required().contains(leaf.row) : REQUIRED_PARTS.contains(leaf.row);
        var sentences = required || leaf.isElement
                ? List.of(sentence(row, leaf, null, "Member must not be null"))
                : List.<String>of();
        assertText(operation, leaf, "null", sentences);
        if (isTop) {
            assertText(operation, leaf, null, sentences);
        }
    }

    @TestFactory
    List<DynamicTest> everyMemberOfEveryOperation() {
        var tests = new ArrayList<DynamicTest>();
        for (var operation : Operation.values()) {
            for (var leaf : leaves(operation)) {
                tests.add(DynamicTest.dynamicTest(operation.wireName() + " " + leaf.path, () -> {
                    checkAbsence(operation, leaf);
                    checkLeaf(operation, leaf);
                }));
            }
        }
        return tests;
    }

    @ParameterizedTest
    @EnumSource
    void goodRequestsPass(Operation operation) {
        var body = request(operation, null, null);
        assertDoesNotThrow(() -> MemberRulesTest.check(operation, body), body);
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyRequestLacksExactlyItsRequiredMembers(Operation operation) {
        var sentences = new ArrayList<String>();
        for (var leaf : leaves(operation)) {
            var name = (String) leaf.way.get(0);
            var ciphertext = name.equals("CiphertextBlob");
            if (leaf.way.size() == 1 && (operation.required().contains(name) || ciphertext)) {
                sentences.add(sentence(MemberExpectations.of(operation, name), leaf, null, "Member must not be null"));
            } else if (operation.required().contains(name)) {
                sentences.add("Value null at '" + leaf.path.replaceAll("\\..*", "")
                        + "' failed to satisfy constraint: Member must not be null");
            }
        }
        var distinct = sentences.stream().distinct().toList();
        if (distinct.isEmpty()) {
            assertDoesNotThrow(() -> MemberRulesTest.check(operation, "{}"));
        } else {
            assertEquals(expected(distinct), MemberRulesTest.refusal(operation, "{}"));
        }
    }

    @Test
    void theTableKnowsExactlyTheMembersOfAllRequests() {
        var members = new TreeSet<String>();
        for (var operation : Operation.values()) {
            addNames(operation.newRequestBuilder().sdkFields(), members);
        }
        assertEquals(members, new TreeSet<>(MemberTable.names()));
    }

    private static void addNames(List<SdkField<?>> fields, Set<String> names) {
        for (var field : fields) {
            names.add(field.locationName());
            var list = field.getTrait(software.amazon.awssdk.core.traits.ListTrait.class);
            var inner = list == null ? field : list.memberFieldInfo();
            if (inner.constructor() != null) {
                addNames(inner.constructor().get().sdkFields(), names);
            }
        }
    }

    @Test
    void theSecondTableHasNoRowThatNoMemberUses() {
        var used = new TreeSet<String>();
        for (var operation : Operation.values()) {
            for (var leaf : leaves(operation)) {
                used.add(leaf.row);
            }
        }
        used.add("DataKeySpec");
        assertEquals(used, new TreeSet<>(MemberExpectations.names()));
        assertNotNull(MemberExpectations.of(Operation.GENERATE_DATA_KEY, "KeySpec"));
        assertTrue(used.size() > 80);
    }
}
