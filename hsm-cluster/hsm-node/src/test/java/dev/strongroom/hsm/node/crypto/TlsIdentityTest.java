package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TlsIdentityTest {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.create("one", RANDOM, CLOCK);
    private static final CertificateAuthority FOREIGN = CertificateAuthority.create("one", RANDOM, CLOCK);
    private static final TlsIdentity NODE = node(AUTHORITY, "n1");

    @Test
    void twoIdentitiesOfOneCaMeetAndKnowEachOther() throws Exception {
        var client = node(AUTHORITY, "n2").clientEngine();
        var server = NODE.serverEngine();
        handshake(client, server);
        assertEquals("TLSv1.3", client.getSession().getProtocol());
        assertEquals("TLS_AES_256_GCM_SHA384", client.getSession().getCipherSuite());
        assertEquals(PeerIdentity.node("n1"), peer(client));
        assertEquals(PeerIdentity.node("n2"), peer(server));
    }

    @Test
    void aGatewayMayConnectButNotServe() throws Exception {
        var gateway = AUTHORITY.issue(PeerIdentity.gateway("gw"), List.of());
        var server = NODE.serverEngine();
        handshake(gateway.clientEngine(), server);
        assertEquals(PeerIdentity.gateway("gw"), peer(server));
        assertThrows(SSLException.class, () -> handshake(NODE.clientEngine(), gateway.serverEngine()));
    }

    static Stream<Arguments> strangers() {
        var past = InstantSource.fixed(CLOCK.instant().minus(Duration.ofDays(900)));
        var future = InstantSource.fixed(CLOCK.instant().plus(Duration.ofDays(2)));
        return Stream.of(
                Arguments.of(Named.of("another CA of the same name", node(FOREIGN, "n2"))),
                Arguments.of(Named.of("expired", node(at(past), "n2"))),
                Arguments.of(Named.of("not valid yet", node(at(future), "n2"))));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void aStrangerIsRefusedInEitherDirection(TlsIdentity stranger) {
        assertThrows(SSLException.class, () -> handshake(stranger.clientEngine(), NODE.serverEngine()));
        assertThrows(SSLException.class, () -> handshake(NODE.clientEngine(), stranger.serverEngine()));
    }

    @Test
    void aClientWithoutCertificateIsRefused() throws Exception {
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new Credulous()}, RANDOM);
        var engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        assertThrows(SSLHandshakeException.class, () -> handshake(engine, NODE.serverEngine()));
    }

    @Test
    void tls12IsRefused() {
        var old = NODE.clientEngine();
        old.setEnabledCipherSuites(old.getSupportedCipherSuites());
        old.setEnabledProtocols(new String[] {"TLSv1.2"});
        assertThrows(SSLException.class, () -> handshake(old, NODE.serverEngine()));
    }

    /** A resumed handshake would leave the certificates out, and with them the check of their dates. */
    @Test
    void everyConnectionIsAFullHandshake() throws Exception {
        var client = node(AUTHORITY, "n2");
        var certificateBytes = client.certificate().getEncoded().length;
        for (int i = 0; i < 3; i++) {
            var clientBytes = clientBytes(client.clientEngine(), NODE.serverEngine());
            assertTrue(clientBytes > certificateBytes, "connection " + i + " took " + clientBytes + " bytes");
        }
    }

    static Stream<Arguments> brokenPem() {
        var key = NODE.privateKeyPem();
        var chain = NODE.chainPem();
        var authority = NODE.authorityPem();
        var certificateLine = chain.lines().skip(3).findFirst().orElseThrow();
        return Stream.of(
                Arguments.of("no key", "", chain, authority),
                Arguments.of("two keys", key + key, chain, authority),
                Arguments.of("certificate for key", chain, chain, authority),
                Arguments.of("another's key", node(AUTHORITY, "n1").privateKeyPem(), chain, authority),
                Arguments.of("no certificate", key, "", authority),
                Arguments.of("certificate cut", key, chain.replace(certificateLine, ""), authority),
                Arguments.of("certificate not Base64", key, chain.replace(certificateLine, "A=B"), authority),
                Arguments.of("no CA", key, chain, ""),
                Arguments.of("CA of another cluster", key, chain, FOREIGN.certificatePem()),
                Arguments.of("CA for leaf", AUTHORITY.privateKeyPem(), authority, authority));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenPem")
    void partsThatDoNotBelongTogetherAreRefused(String what, String key, String chain, String authority) {
        var refusal = assertThrows(
                GeneralSecurityException.class, () -> TlsIdentity.ofPem(key, chain, authority, RANDOM), what);
        var secret = NODE.privateKeyPem().lines().skip(1).findFirst().orElseThrow();
        assertFalse(String.valueOf(refusal.getMessage()).contains(secret.substring(0, 16)));
    }

    @Test
    void textAroundThePemBlocksIsSkipped() throws Exception {
        var again = TlsIdentity.ofPem(
                "a key:\n" + NODE.privateKeyPem(),
                "Subject: n1\r\n" + NODE.chainPem().replace("\n", "\r\n"),
                NODE.authorityPem() + "end",
                RANDOM);
        assertEquals(NODE.identity(), again.identity());
    }

    private static TlsIdentity node(CertificateAuthority authority, String id) {
        return authority.issue(PeerIdentity.node(id), List.of("localhost"));
    }

    /** The same CA, issuing at another time. */
    private static CertificateAuthority at(InstantSource clock) {
        try {
            return CertificateAuthority.ofPem(AUTHORITY.privateKeyPem(), AUTHORITY.certificatePem(), RANDOM, clock);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static PeerIdentity peer(SSLEngine engine) throws Exception {
        return PeerIdentity.of((X509Certificate) engine.getSession().getPeerCertificates()[0]);
    }

    private static void handshake(SSLEngine client, SSLEngine server) throws SSLException {
        assertTrue(clientBytes(client, server) > 0);
    }

    /** Drives both engines against each other until both are done, or one refuses; the bytes that the client sent. */
    private static int clientBytes(SSLEngine client, SSLEngine server) throws SSLException {
        var toServer = ByteBuffer.allocate(1 << 17);
        var toClient = ByteBuffer.allocate(1 << 17);
        int clientBytes = 0;
        client.beginHandshake();
        server.beginHandshake();
        for (int turn = 0; turn < 100; turn++) {
            clientBytes += step(client, toServer, toClient);
            var unused = step(server, toClient, toServer);
            if (isDone(client) && isDone(server) && toServer.position() == 0 && toClient.position() == 0) {
                return clientBytes;
            }
        }
        throw new AssertionError("the handshake hangs");
    }

    private static int step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        int produced = engine.wrap(ByteBuffer.allocate(0), out).bytesProduced();
        runTasks(engine);
        in.flip();
        engine.unwrap(in, ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()));
        in.compact();
        runTasks(engine);
        return produced;
    }

    private static void runTasks(SSLEngine engine) {
        Runnable task;
        while ((task = engine.getDelegatedTask()) != null) {
            task.run();
        }
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    /** Believes anybody, so that only the other side can refuse. */
    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
