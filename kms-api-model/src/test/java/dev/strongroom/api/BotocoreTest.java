package dev.strongroom.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.api.WireShape.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;

/**
 * Compares our tables with the service model inside an installed botocore, if there is one. It may be older than our
 * SDK: what it does not know is not compared.
 */
class BotocoreTest {

    private static final String SCRIPT = """
            import botocore.session
            model = botocore.session.get_session().get_service_model('kms')
            def line(*columns):
                print('\\t'.join(str(c) for c in columns))
            def leaf(operation, name, shape):
                m = shape.metadata
                line('member', operation, name, shape.type_name, m.get('min', ''), m.get('max', ''),
                     m.get('sensitive', ''), ','.join(getattr(shape, 'enum', []) or []), m.get('pattern', ''))
            def walk(operation, shape):
                line('required', operation, shape.name, ','.join(shape.required_members))
                for name, member in shape.members.items():
                    leaf(operation, name, member)
                    inner = member.member if member.type_name == 'list' else member
                    if inner.type_name == 'structure':
                        walk(operation, inner)
                    elif member.type_name == 'list':
                        leaf(operation, name + '[]', inner)
            for operation in model.operation_names:
                m = model.operation_model(operation)
                line('errors', operation, ','.join(s.name for s in m.error_shapes))
                line('output', operation, 'yes' if m.output_shape else 'no')
                walk(operation, m.input_shape)
            """;

    /** Where the service is known to differ from its model, or the installed model is known to be older. */
    private static final Set<String> OWN_PATTERN = Set.of("KeyId", "TargetKeyId", "SourceKeyId", "DestinationKeyId");

    private static final Set<String> NO_LONGER_REQUIRED =
            Set.of("CreateGrant GranteePrincipal", "ListRetirableGrants RetiringPrincipal");

    private static List<String[]> lines = List.of();

    @BeforeAll
    static void askBotocore() throws IOException, InterruptedException {
        var output = "";
        try {
            var python = new ProcessBuilder("python3", "-c", SCRIPT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            output = new String(python.getInputStream().readAllBytes(), UTF_8);
            assumeTrue(python.waitFor() == 0, "python3 has no botocore with a model of kms");
        } catch (IOException e) {
            assumeTrue(false, "no python3 here: " + e.getMessage());
        }
        lines = output.lines().map(line -> line.split("\t", -1)).toList();
    }

    private static List<String[]> lines(String kind) {
        return lines.stream().filter(columns -> columns[0].equals(kind)).toList();
    }

    private static Set<String> set(String commas) {
        return commas.isEmpty() ? Set.of() : new TreeSet<>(List.of(commas.split(",")));
    }

    private static Operation operation(String wireName) {
        return Operation.find(wireName).orElseThrow(() -> new AssertionError("no row for " + wireName));
    }

    @Test
    void itSpeaksOfAtLeast54Operations() {
        assertTrue(lines("output").size() >= 54);
    }

    @Test
    void declaredErrorsAreTheSame() {
        for (var line : lines("errors")) {
            var ours = operation(line[1]).declaredErrors().stream()
                    .map(KmsError::code)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(set(line[2]), ours, line[1]);
        }
    }

    @Test
    void operationsWithoutOutputAreTheSame() {
        for (var line : lines("output")) {
            assertEquals(line[2].equals("no"), operation(line[1]).output() == Operation.OutputForm.EMPTY_BODY, line[1]);
        }
    }

    @Test
    void requiredMembersAreTheSame() {
        for (var line : lines("required")) {
            var theirs = new LinkedHashSet<>(set(line[3]));
            theirs.removeIf(member -> NO_LONGER_REQUIRED.contains(line[1] + " " + member));
            if (line[2].equals(line[1] + "Request")) {
                assertEquals(theirs, operation(line[1]).required(), line[1]);
            } else {
                for (var member : theirs) {
                    assertTrue(rule(operation(line[1]), member).isRequired(), line[2] + " " + member);
                }
            }
        }
    }

    private static MemberRule rule(Operation operation, String name) {
        var rule = MemberTable.find(operation, name.replace("[]", ""));
        if (rule == null) {
            throw new AssertionError("no rule for " + name);
        }
        return name.endsWith("[]") ? rule.element() : rule;
    }

    /** What the rule says of a value, without the part that shows the value. */
    private static List<String> verdicts(MemberRule rule, Object value) {
        var violations = new Violations();
        rule.check(kind(value), value, violations, Violations.Path.member(null, "m"));
        try {
            violations.throwIfAny();
            return List.of();
        } catch (KmsException e) {
            return Arrays.stream(String.valueOf(e.text()).split("failed to satisfy constraint: "))
                    .skip(1)
                    .map(part -> part.replaceAll("; Value.*(?s:.*)$", ""))
                    .toList();
        }
    }

    private static Kind kind(Object value) {
        if (value instanceof Integer) {
            return Kind.INTEGER;
        } else if (value instanceof SdkBytes) {
            return Kind.BLOB;
        }
        return value instanceof String ? Kind.STRING : Kind.LIST;
    }

    private static Object sized(String type, int size) {
        return switch (type) {
            case "integer" -> size;
            case "blob" -> SdkBytes.fromByteArray(new byte[size]);
            case "list" -> new ArrayList<>(Collections.nCopies(size, "x"));
            default -> "x".repeat(size);
        };
    }

    @Test
    void boundsAreTheSame() {
        var compared = 0;
        for (var line : lines("member")) {
            var rule = rule(operation(line[1]), line[2]);
            var what = line[3].equals("integer") ? "value" : "length";
            if (!line[4].isEmpty() && !line[4].equals("0")) {
                var min = Integer.parseInt(line[4]);
                var sentence = "Member must have " + what + " greater than or equal to " + min;
                assertTrue(verdicts(rule, sized(line[3], min - 1)).contains(sentence), () -> line[1] + " " + line[2]);
                assertFalse(verdicts(rule, sized(line[3], min)).toString().contains(" than or equal to "), line[2]);
                compared++;
            }
            if (!line[5].isEmpty()) {
                var max = Integer.parseInt(line[5]);
                var sentence = "Member must have " + what + " less than or equal to " + max;
                assertTrue(verdicts(rule, sized(line[3], max + 1)).contains(sentence), () -> line[1] + " " + line[2]);
                assertFalse(verdicts(rule, sized(line[3], max)).toString().contains(" than or equal to "), line[2]);
                compared++;
            }
        }
        assertTrue(compared > 300, "compared " + compared);
    }

    @Test
    void whatHasNoBoundInTheModelHasNoneHere() {
        for (var line : lines("member")) {
            if (line[3].equals("integer") || line[3].equals("string") || line[3].equals("list")) {
                var rule = rule(operation(line[1]), line[2]);
                if (line[5].isEmpty()) {
                    var verdicts = verdicts(rule, sized(line[3], 500_000)).toString();
                    assertFalse(verdicts.contains("less than"), line[1] + " " + line[2]);
                }
            }
        }
    }

    @Test
    void patternsAreTheSame() {
        for (var line : lines("member")) {
            if (line[3].equals("string") && !OWN_PATTERN.contains(line[2])) {
                var shown = verdicts(rule(operation(line[1]), line[2]), "\u0001\uFFFF").stream()
                        .filter(v -> v.contains("regular expression"))
                        .toList();
                var expected = line[8].isEmpty()
                        ? List.of()
                        : List.of("Member must satisfy regular expression pattern: " + line[8]);
                assertEquals(expected, shown, line[1] + " " + line[2]);
            }
        }
    }

    @Test
    void valuesOfTheModelAreTaken() {
        for (var line : lines("member")) {
            var rule = rule(operation(line[1]), line[2]);
            var values = set(line[7]);
            for (var value : values) {
                assertEquals(List.of(), verdicts(rule, value), line[1] + " " + line[2]);
            }
            var refusal = "Member must satisfy enum value set: ";
            var refusesOthers =
                    line[3].equals("string") && verdicts(rule, "FOO").toString().contains(refusal);
            assertEquals(!values.isEmpty(), refusesOthers, line[1] + " " + line[2]);
        }
    }

    @Test
    void sensitiveMembersAreTheSame() {
        for (var line : lines("member")) {
            var violations = new Violations();
            rule(operation(line[1]), line[2]).addNull(violations, Violations.Path.member(null, "m"));
            try {
                violations.throwIfAny();
            } catch (KmsException e) {
                var hidden = !String.valueOf(e.text()).contains("Value null at");
                assertEquals(line[6].equals("True"), hidden, line[1] + " " + line[2]);
            }
        }
    }
}
