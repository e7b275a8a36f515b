package dev.strongroom.conformance.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every promise in SECURITY.md names the tests that show it, and they exist. */
class SecurityTableTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|Properties))`");

    @Test
    void everyRowNamesTestsThatExist() throws IOException {
        var known = testClasses();
        var rows = Files.readAllLines(ROOT.resolve("SECURITY.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Attacker"))
                .toList();
        assertTrue(rows.size() >= 7, "the table is gone: " + rows);
        var wrong = new ArrayList<String>();
        for (var row : rows) {
            var named = TEST.matcher(row.substring(row.lastIndexOf('|', row.length() - 2)))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            if (named.isEmpty() || !known.containsAll(named)) {
                wrong.add(row);
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static Set<String> testClasses() throws IOException {
        try (var files = Files.walk(ROOT)) {
            return files.map(file -> file.toString().replace('\\', '/'))
                    .filter(file -> file.contains("/src/test/java/") && file.endsWith(".java"))
                    .map(file -> file.substring(file.lastIndexOf('/') + 1, file.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}
