package dev.strongroom.hsm.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.node.crypto.CertificateAuthority;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.node.crypto.TlsIdentity;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFilesTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final TlsIdentity NODE = CertificateAuthority.create("one", RANDOM, InstantSource.system())
            .issue(PeerIdentity.node("n1"), List.of("localhost"));

    @TempDir
    Path directory;

    @Test
    void readsBackWhatItWrote() throws Exception {
        var files = TlsFiles.in(directory);
        files.write(NODE);
        assertEquals(NODE.chainPem(), files.read(RANDOM).chainPem());
        assertEquals(NODE.privateKeyPem(), files.read(RANDOM).privateKeyPem());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files.privateKey())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx-----x"})
    void aKeyThatOthersMayTouchIsRefused(String permissions) throws Exception {
        var files = TlsFiles.in(directory);
        files.write(NODE);
        Files.setPosixFilePermissions(files.privateKey(), PosixFilePermissions.fromString(permissions));
        assertThrows(IOException.class, () -> files.read(RANDOM));
    }

    @Test
    void anExistingKeyIsNeverOverwritten() throws Exception {
        var files = TlsFiles.in(directory);
        Files.writeString(files.privateKey(), "precious");
        assertThrows(FileAlreadyExistsException.class, () -> files.write(NODE));
        assertEquals("precious", Files.readString(files.privateKey()));
    }
}
