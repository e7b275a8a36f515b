package dev.strongroom.hsm.node.listen;

import dev.strongroom.hsm.node.TlsFiles;
import dev.strongroom.hsm.node.crypto.CertificateAuthority;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.node.crypto.TlsIdentity;
import dev.strongroom.hsm.protocol.HsmClientSettings;
import dev.strongroom.hsm.protocol.Plaintext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates of one cluster, and listeners on free ports of this machine. */
final class TestCluster {

    static final String USER = "gw-1";
    static final long PATIENCE_SECONDS = 30;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String HOST = "127.0.0.1";

    private final CertificateAuthority authority;

    TestCluster(String lineage) {
        // Born three years ago, so that its first certificates have ended by now.
        authority = CertificateAuthority.create(
                lineage, RANDOM, InstantSource.fixed(Instant.now().minus(Duration.ofDays(3 * 365))));
    }

    TlsIdentity node(String id) {
        return today().issue(PeerIdentity.node(id), List.of(HOST));
    }

    TlsIdentity gateway(String user) {
        return today().issue(PeerIdentity.gateway(user), List.of());
    }

    TlsIdentity expiredGateway(String user) {
        return authority.issue(PeerIdentity.gateway(user), List.of());
    }

    static HsmClientSettings.Tls files(TlsIdentity identity, Path directory) throws IOException {
        var files = TlsFiles.in(directory);
        files.write(identity);
        return new HsmClientSettings.Tls(files.privateKey(), files.chain(), files.authority());
    }

    HsmListener listen(Vertx vertx, String node, StubDispatch dispatch) throws Exception {
        return listen(vertx, node, HsmListenerSettings.of(HOST, 0), dispatch);
    }

    HsmListener listen(Vertx vertx, String node, HsmListenerSettings settings, StubDispatch dispatch) throws Exception {
        return await(HsmListener.open(vertx, settings, node(node), dispatch, System::nanoTime));
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Where a node with these settings listens, or will. */
    static HsmClientSettings.Node at(String id, HsmListenerSettings settings) {
        return new HsmClientSettings.Node(id, "127.0.0.1", settings.port());
    }

    static HsmClientSettings.Node at(String id, HsmListener listener) {
        return new HsmClientSettings.Node(id, HOST, listener.port());
    }

    static Plaintext credential() {
        var octets = new byte[32];
        Arrays.fill(octets, (byte) 0x5a);
        return Plaintext.wrap(octets);
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private CertificateAuthority today() {
        try {
            return CertificateAuthority.ofPem(
                    authority.privateKeyPem(), authority.certificatePem(), RANDOM, InstantSource.system());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("it wrote them itself", e);
        }
    }
}
