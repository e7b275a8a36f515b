package dev.strongroom.conformance.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.Operation;
import dev.strongroom.gateway.operation.OperationTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's table of operations is what the code has. Run with {@code -Dreadme.write=true} to write it. */
class OperationsInReadmeTest {

    private static final Path README = Path.of("../README.md");
    private static final String BEGIN = "<!-- operations -->\n";
    private static final String END = "<!-- /operations -->";

    @Test
    void theTableListsWhatIsBuilt() throws IOException {
        var readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertTrue(begin >= BEGIN.length() && end >= begin, "the README has lost the markers of its table");
        if (Boolean.getBoolean("readme.write")) {
            Files.writeString(README, readme.substring(0, begin) + table() + readme.substring(end));
            return;
        }
        assertEquals(table(), readme.substring(begin, end), "run this test with -Dreadme.write=true");
    }

    private static String table() {
        var rows = OperationTable.built().stream()
                .sorted(Comparator.comparing(Operation::wireName))
                .map(operation -> "| `" + operation.wireName() + "` | " + (operation.readOnly() ? "yes" : "") + " |")
                .collect(Collectors.joining("\n"));
        return OperationTable.built().size() + " of " + Operation.values().length
                + " operations.\n\n| Operation | Read-only |\n|---|---|\n" + rows + "\n";
    }
}
