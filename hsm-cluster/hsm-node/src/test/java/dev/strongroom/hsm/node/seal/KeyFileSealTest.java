package dev.strongroom.hsm.node.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TestEntropy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileSealTest {

    @TempDir
    Path folder;

    private Path file = Path.of("set before each test");
    private KeyFileSeal seal = new KeyFileSeal(file, TestEntropy.shared());

    @BeforeEach
    void inAFreshFolder() {
        file = folder.resolve("seal.key");
        seal = new KeyFileSeal(file, TestEntropy.shared());
    }

    @Test
    void theFirstWrapMakesAPrivateFileThatSaysWhatItIs() throws Exception {
        var rootKey = TestEntropy.key(1);
        var wrapped = seal.wrap(rootKey);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        var lines = Files.readAllLines(file);
        assertEquals(2, lines.size());
        assertTrue(lines.get(0).startsWith("# ") && lines.get(0).contains("does not protect"), lines.get(0));
        assertTrue(lines.get(1).matches("[0-9a-f]{64}"));
        try (var opened = new KeyFileSeal(file, TestEntropy.shared()).unwrap(wrapped)) {
            assertTrue(opened.sameAs(rootKey));
        }
    }

    @Test
    void laterWrapsUseTheSameFile() throws Exception {
        var first = seal.wrap(TestEntropy.key(1));
        var content = Files.readString(file);
        var second = seal.wrap(TestEntropy.key(2));
        assertEquals(content, Files.readString(file));
        seal.unwrap(first).close();
        seal.unwrap(second).close();
    }

    @Test
    void aMissingFileIsNotMadeToOpenWith() {
        var refusal = assertThrows(WrongSealException.class, () -> seal.unwrap(new byte[81]));
        assertEquals("the key file " + file + " is missing", refusal.getMessage());
        assertTrue(Files.notExists(file));
    }

    @Test
    void anotherFileDoesNotOpen() {
        var wrapped = seal.wrap(TestEntropy.key(1));
        var other = new KeyFileSeal(folder.resolve("other.key"), TestEntropy.shared());
        assertEquals(81, other.wrap(TestEntropy.key(1)).length);
        assertThrows(WrongSealException.class, () -> other.unwrap(wrapped));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rwx------", "rw--w----", "r--------"})
    void otherModesAreRefused(String mode) throws IOException {
        var wrapped = seal.wrap(TestEntropy.key(1));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        assertThrows(WrongSealException.class, () -> seal.unwrap(wrapped));
        assertThrows(UncheckedIOException.class, () -> seal.wrap(TestEntropy.key(1)));
    }

    @Test
    void aSymbolicLinkIsRefused() throws IOException {
        var wrapped = seal.wrap(TestEntropy.key(1));
        Files.move(file, folder.resolve("elsewhere.key"));
        Files.createSymbolicLink(file, folder.resolve("elsewhere.key"));
        assertThrows(WrongSealException.class, () -> seal.unwrap(wrapped));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#", "#\n", "# c\n00", "no comment\n", "# c\nxx"})
    void aFileOfAnotherFormIsRefused(String start) throws IOException {
        var wrapped = seal.wrap(TestEntropy.key(1));
        Files.writeString(file, start.length() > 5 ? start + "0".repeat(62) + "\n" : start);
        assertThrows(WrongSealException.class, () -> seal.unwrap(wrapped));
    }
}
