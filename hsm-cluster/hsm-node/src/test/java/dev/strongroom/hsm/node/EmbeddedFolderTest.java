package dev.strongroom.hsm.node;

import static dev.strongroom.hsm.node.HsmNodeTest.createKey;
import static dev.strongroom.hsm.node.HsmNodeTest.decrypt;
import static dev.strongroom.hsm.node.HsmNodeTest.encrypt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.cluster.JournalFolder;
import dev.strongroom.hsm.node.crypto.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What a development folder that is not whole is taken for: never for a new one. */
class EmbeddedFolderTest {

    @TempDir
    private Path temporary;

    private static HsmNode open(Path folder) throws NodeStartException {
        return HsmNode.openEmbedded(folder, HsmNodeTest.surroundings());
    }

    private static void delete(Path path) throws IOException {
        try (var all = Files.walk(path)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** SHA-256 of every file but those of the audit trail, which records every start, also one that ends at once. */
    private static Map<String, String> content(Path folder) throws IOException {
        var content = new TreeMap<String, String>();
        try (var all = Files.walk(folder)) {
            for (var file : all.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(folder.resolve("audit")))
                    .toList()) {
                content.put(
                        folder.relativize(file).toString(),
                        HexFormat.of().formatHex(Digests.sha256(Files.readAllBytes(file))));
            }
        }
        return content;
    }

    private record Loss(String lost, String said) {}

    @TestFactory
    Stream<DynamicTest> aFolderThatHasLostARoomIsRefusedAndLeftAsItIs() {
        return Stream.of(
                        new Loss("records", "has lost the folder of its records"),
                        new Loss("records/journal", "restore the folder from a copy"),
                        new Loss("records/journal/log.db", "log.db is gone"),
                        new Loss("records/journal/mark", "mark is gone"),
                        new Loss("root.key", "holds records but not the file root.key"),
                        new Loss("seal.key", "seal.key is missing"))
                .map(loss -> DynamicTest.dynamicTest(loss.lost(), () -> {
                    var folder = temporary.resolve(loss.lost().replace('/', '-'));
                    try (var node = open(folder)) {
                        var unused = createKey(node.gateway());
                    }
                    delete(folder.resolve(loss.lost()));
                    var before = content(folder);

                    // The second try is not fooled by what the first one left.
                    for (int turn = 0; turn < 2; turn++) {
                        var no = assertThrows(NodeStartException.class, () -> open(folder));
                        var message = String.valueOf(no.getMessage());
                        assertTrue(message.contains(loss.said()), message);
                        assertFalse(message.contains("\n"), message);
                    }
                    assertEquals(before, content(folder));
                }));
    }

    @Test
    void anIdentityAndAJournalLostTogetherAreMissedToo() throws Exception {
        var folder = temporary.resolve("data");
        try (var node = open(folder)) {
            var unused = createKey(node.gateway());
        }
        delete(folder.resolve("records/journal"));
        Files.delete(folder.resolve("records/identity"));

        assertThrows(NodeStartException.class, () -> open(folder));
    }

    @Test
    void aFolderPutBackAsAWholeServesAgain() throws Exception {
        var folder = temporary.resolve("data");
        var away = temporary.resolve("away");
        var node = open(folder);
        var key = createKey(node.gateway());
        var blob = encrypt(node.gateway(), key, "kept");
        node.close();

        Files.move(folder.resolve("records"), away);
        assertThrows(NodeStartException.class, () -> open(folder));
        Files.move(away, folder.resolve("records"));

        try (var again = open(folder)) {
            assertEquals("kept", decrypt(again.gateway(), key, blob));
        }
    }

    @Test
    void aFirstStartThatWasCutOffIsBegunAgain() throws Exception {
        var early = temporary.resolve("early");
        JournalFolder.makeForFirstStart(early.resolve("records"));
        open(early).close();
        assertFalse(Files.exists(early.resolve("records/first-start")));

        var late = temporary.resolve("late");
        JournalFolder.makeForFirstStart(late.resolve("records"));
        Files.copy(early.resolve("root.key"), late.resolve("root.key"));
        Files.copy(early.resolve("seal.key"), late.resolve("seal.key"));
        try (var node = open(late)) {
            var unused = createKey(node.gateway());
        }
    }

    @Test
    void aSecondNodeOnTheSameFolderIsRefused() throws Exception {
        var folder = temporary.resolve("data");
        try (var node = open(folder)) {
            var no = assertThrows(NodeStartException.class, () -> open(folder));
            assertTrue(String.valueOf(no.getMessage()).contains("is in use"), no.getMessage());
            var unused = createKey(node.gateway());
        }
    }
}
