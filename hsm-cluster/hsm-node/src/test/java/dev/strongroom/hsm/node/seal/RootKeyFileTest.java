package dev.strongroom.hsm.node.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootKeyFileTest {

    @TempDir
    Path folder;

    private final RootKey rootKey = RootKey.create(TestEntropy.shared());

    @Test
    void everySealOpensTheSameRootKey() throws Exception {
        var passphrase = PassphraseSeal.of("correct horse".toCharArray(), TestEntropy.shared());
        var keyFile = keyFile("seal.key");
        RootKeyFile.seal(rootKey, List.of(passphrase, keyFile)).write(path());
        var file = RootKeyFile.read(path());
        assertEquals(List.of("passphrase", "key-file"), file.kinds());
        assertEquals(rootKey.lineage(), file.lineage());
        for (var seal : List.of(passphrase, keyFile)) {
            try (var opened = file.unseal(seal)) {
                assertTrue(opened.material().sameAs(rootKey.material()));
                assertEquals(rootKey.lineage(), opened.lineage());
            }
        }
    }

    @Test
    void aSecondCopyOfTheSameKindIsTriedToo() throws Exception {
        RootKeyFile.seal(rootKey, List.of(keyFile("one.key"), keyFile("two.key")))
                .write(path());
        try (var opened = RootKeyFile.read(path()).unseal(keyFile("two.key"))) {
            assertTrue(opened.material().sameAs(rootKey.material()));
        }
    }

    @Test
    void aKindWithoutCopyIsNamed() throws Exception {
        var file = RootKeyFile.seal(rootKey, List.of(keyFile("seal.key")));
        var refusal = assertThrows(
                WrongSealException.class,
                () -> file.unseal(PassphraseSeal.of("any".toCharArray(), TestEntropy.shared())));
        assertEquals("this cluster has no seal of kind passphrase, only [key-file]", refusal.getMessage());
    }

    @Test
    void aFileIsPrivateAndNeverOverwritten() throws Exception {
        var file = RootKeyFile.seal(rootKey, List.of(keyFile("seal.key")));
        file.write(path());
        var before = Files.readString(path());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
        assertThrows(FileAlreadyExistsException.class, () -> file.write(path()));
        assertEquals(before, Files.readString(path()));
        try (var names = Files.list(folder)) {
            assertEquals(2, names.count(), "no drafts are left behind");
        }
    }

    @Test
    void aMissingFileSaysSo() {
        assertThrows(NoSuchFileException.class, () -> RootKeyFile.read(path()));
    }

    @Test
    void aFileThatOthersMayReadIsRefused() throws Exception {
        RootKeyFile.seal(rootKey, List.of(keyFile("seal.key"))).write(path());
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r--r--"));
        var refusal = assertThrows(IOException.class, () -> RootKeyFile.read(path()));
        assertTrue(String.valueOf(refusal.getMessage()).contains("it must be rw-------"), refusal.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    root key v1      | root key v2
                    lineage          | lineag
                    seal key-file    | seal KEY
                    seal key-file    | seal key-file 0
                    check            | seal
                    """)
    void aDamagedFileIsRefusedInOneLine(String good, String bad) throws Exception {
        RootKeyFile.seal(rootKey, List.of(keyFile("seal.key"))).write(path());
        edit(good, bad);
        var refusal = assertThrows(IOException.class, () -> RootKeyFile.read(path()));
        assertFalse(String.valueOf(refusal.getMessage()).contains("\n"));
    }

    @Test
    void everyPrefixOfAFileIsRefused() throws Exception {
        RootKeyFile.seal(rootKey, List.of(keyFile("seal.key"))).write(path());
        var whole = Files.readAllBytes(path());
        for (int length = 0; length < whole.length; length++) {
            Files.write(path(), java.util.Arrays.copyOf(whole, length));
            assertThrows(IOException.class, () -> RootKeyFile.read(path()), "length " + length);
        }
    }

    @Test
    void anotherLineageDoesNotGoWithTheKey() throws Exception {
        RootKeyFile.seal(rootKey, List.of(keyFile("seal.key"))).write(path());
        var digit = rootKey.lineage().toHex().substring(0, 1);
        edit("lineage " + digit, "lineage " + (digit.equals("0") ? "1" : "0"));
        var file = RootKeyFile.read(path());
        var refusal = assertThrows(WrongSealException.class, () -> file.unseal(keyFile("seal.key")));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("the root key does not belong to lineage"));
    }

    @Test
    void aSealThatDoesNotReopenItsCopyStartsNoCluster() {
        assertThrows(
                WrongSealException.class,
                () -> RootKeyFile.seal(rootKey, List.of(keyFile("seal.key"), new BrokenSeal(keyFile("seal.key")))));
    }

    private KeyFileSeal keyFile(String name) {
        return new KeyFileSeal(folder.resolve(name), TestEntropy.shared());
    }

    private Path path() {
        return folder.resolve("root.key");
    }

    private void edit(String good, String bad) throws IOException {
        var text = Files.readString(path(), StandardCharsets.US_ASCII);
        assertTrue(text.contains(good), text);
        Files.writeString(path(), text.replace(good, bad), StandardCharsets.US_ASCII);
    }

    /** Gives back a key, but not the one it was given. */
    private record BrokenSeal(Seal seal) implements Seal {
        @Override
        public String kind() {
            return seal.kind();
        }

        @Override
        public String describe() {
            return "a broken seal";
        }

        @Override
        public byte[] wrap(KeyMaterial rootKey) {
            return seal.wrap(TestEntropy.key(7));
        }

        @Override
        public KeyMaterial unwrap(byte[] wrapped) throws WrongSealException {
            return seal.unwrap(wrapped);
        }
    }
}
