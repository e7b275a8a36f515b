package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.hsm.node.crypto.CertificateAuthority;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.node.crypto.TlsIdentity;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import io.vertx.core.net.OpenSSLEngineOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The certificate of the public side over its life. */
class PublicTlsTest {

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final ScriptedHsm hsm = new ScriptedHsm();

    @TempDir
    private Path folder;

    private HttpSettings.Tls files = new HttpSettings.Tls(Path.of(""), Path.of(""));

    @BeforeEach
    void prepare() {
        files = new HttpSettings.Tls(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
        hsm.on(UseCommand.GenerateRandom.class, random -> new Reply.Random(Plaintext.wrap(new byte[random.length()])));
    }

    private static TlsIdentity newIdentity() {
        return CertificateAuthority.create("00".repeat(16), new SecureRandom(), InstantSource.system())
                .issue(PeerIdentity.node("n1"), List.of("127.0.0.1"));
    }

    private void write(TlsIdentity identity) throws IOException {
        Files.writeString(files.certificate(), identity.chainPem());
        Files.writeString(files.key(), identity.privateKeyPem());
    }

    private static SSLSocket connect(Gateway gateway, TlsIdentity trusted, String... protocols) throws Exception {
        var socket = (SSLSocket) HttpBehaviourTest.trusting(trusted.authorityPem())
                .getSocketFactory()
                .createSocket("127.0.0.1", gateway.port());
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        socket.startHandshake();
        return socket;
    }

    /** The status line of the answer to one request; the connection stays open. */
    private static String ask(Gateway gateway, SSLSocket socket) throws Exception {
        socket.getOutputStream()
                .write(gateway.raw("GenerateRandom", "{\"NumberOfBytes\":3}").getBytes(US_ASCII));
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        var status = String.valueOf(in.readLine());
        int length = 0;
        for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.startsWith("content-length: ")) {
                length = Integer.parseInt(line.substring("content-length: ".length()));
            }
        }
        for (int i = 0; i < length; i++) {
            assertTrue(in.read() >= 0);
        }
        return status;
    }

    @Test
    void newConnectionsSeeReplacedFilesAndOldOnesGoOn() throws Exception {
        var first = newIdentity();
        var second = newIdentity();
        write(first);
        try (var gateway = new Gateway(hsm, files);
                var old = connect(gateway, first)) {
            assertEquals("HTTP/1.1 200 OK", ask(gateway, old));

            write(second);

            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!isServed(gateway, second)) {
                assertTrue(System.nanoTime() < deadline, "the new certificate was never served");
            }
            assertFalse(isServed(gateway, first));
            assertEquals("HTTP/1.1 200 OK", ask(gateway, old));
        }
    }

    private static boolean isServed(Gateway gateway, TlsIdentity identity) throws Exception {
        try (var socket = connect(gateway, identity)) {
            return ask(gateway, socket).endsWith("200 OK");
        } catch (SSLHandshakeException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothVersionsOfTlsAreSpoken(String protocol) throws Exception {
        var identity = newIdentity();
        write(identity);
        try (var gateway = new Gateway(hsm, files);
                var socket = connect(gateway, identity, protocol)) {
            assertEquals(protocol, socket.getSession().getProtocol());
            assertEquals("HTTP/1.1 200 OK", ask(gateway, socket));
        }
    }

    @Test
    void boringSslServesWhereItsLibraryIs() {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the library is for Linux on x86-64");
        assertTrue(OpenSSLEngineOptions.isAvailable());
        assertTrue(OpenSSLEngineOptions.isAlpnAvailable());
    }

    @ParameterizedTest
    @CsvSource({
        "certificate.pem, , no such file",
        "key.pem, , no such file",
        "certificate.pem, nonsense, is no chain of certificates",
        "certificate.pem, '', is no chain of certificates",
        "key.pem, nonsense, is no unencrypted PKCS#8 key",
        "key.pem, -----BEGIN RSA PRIVATE KEY-----, openssl pkcs8",
        "key.pem, another, does not belong to the certificate",
        "key.pem, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', does not belong to the certificate"
    })
    void filesThatCannotServeAreNamed(String file, @Nullable String content, String said) throws Exception {
        write(newIdentity());
        if (content == null) {
            Files.delete(folder.resolve(file));
        } else {
            Files.writeString(
                    folder.resolve(file),
                    content.equals("another") ? newIdentity().privateKeyPem() : content);
        }

        var no = assertThrows(IOException.class, () -> PublicTls.read(files));

        var message = String.valueOf(no.getMessage());
        assertTrue(message.startsWith(folder.resolve(file) + ": "), message);
        assertTrue(message.contains(said), message);
    }
}
