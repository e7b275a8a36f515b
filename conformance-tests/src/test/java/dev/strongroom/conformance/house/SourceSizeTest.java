package dev.strongroom.conformance.house;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** R14: no source file over 400 lines, no method over 50. Tests may have long tables, but not long files either. */
class SourceSizeTest {

    private static final int FILE_LINES = 400;
    private static final int METHOD_LINES = 50;

    /**
     * The line on which a method's body opens, in the layout that the formatter gives: members are indented by four or
     * eight spaces, and a parameter list that was broken continues eight further in.
     */
    private static final Pattern OPENING = Pattern.compile(
            "^( {4}| {8}| {12}| {16})(?!return|new |else|if|for|while|switch|try|synchronized|static final)[\\w<@].*\\)(?: throws [\\w, .]+)? \\{$");

    private static final Pattern TYPE = Pattern.compile(".*\\b(class|interface|enum|record)\\b.*[({]$");

    @Test
    void noFileIsLongerThanFourHundredLines() throws IOException {
        assertNone(sources().filter(path -> lines(path).size() > FILE_LINES).map(Path::toString), "split them by idea");
    }

    @Test
    void noMethodIsLongerThanFiftyLines() throws IOException {
        assertNone(
                sources().filter(path -> path.toString().contains("/src/main/")).flatMap(SourceSizeTest::longMethods),
                "name the steps as methods of their own");
    }

    private static Stream<String> longMethods(Path path) {
        var found = Stream.<String>builder();
        var lines = lines(path);
        for (int start = 0; start < lines.size(); start++) {
            var matcher = OPENING.matcher(lines.get(start));
            if (!matcher.matches() || isHeadOfType(lines, start)) {
                continue;
            }
            int indent = matcher.group(1).length();
            var closing = " ".repeat(indent > 8 ? indent - 8 : indent) + "}";
            int end = start + 1;
            while (end < lines.size() && !lines.get(end).equals(closing)) {
                end++;
            }
            if (end - start - 1 > METHOD_LINES) {
                found.add(path + ":" + (start + 1) + " has " + (end - start - 1) + " lines");
            }
        }
        return found.build();
    }

    /** Whether the line, or the one that its list of components begins in, is a type's. */
    private static boolean isHeadOfType(List<String> lines, int last) {
        int first = last;
        while (first > 0
                && lines.get(first).startsWith("        ")
                && lines.get(first - 1).matches(".*[(,]$")) {
            first--;
        }
        return TYPE.matcher(lines.get(first)).matches();
    }

    private static void assertNone(Stream<String> offenders, String instead) {
        var list = offenders.sorted().toList();
        assertTrue(list.isEmpty(), () -> "too long, " + instead + ":\n" + String.join("\n", list));
    }

    private static Stream<Path> sources() throws IOException {
        var root = Path.of("..").toAbsolutePath().normalize();
        assertTrue(Files.exists(root.resolve("kms-api-model")), "runs in the folder conformance-tests, not in " + root);
        try (var walk = Files.walk(root)) {
            var all = walk.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .toList();
            assertFalse(all.isEmpty());
            return all.stream();
        }
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
