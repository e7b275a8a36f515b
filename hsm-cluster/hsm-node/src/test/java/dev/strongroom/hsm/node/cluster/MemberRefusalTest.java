package dev.strongroom.hsm.node.cluster;

import static dev.strongroom.hsm.node.cluster.MemberProbe.CLIENT_PROTOCOL;
import static dev.strongroom.hsm.node.cluster.MemberProbe.MEMBER_PROTOCOL;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import dev.strongroom.hsm.node.crypto.CertificateAuthority;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.node.crypto.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who does not get in, probed from outside through the port. These tests guard the seam in Hazelcast's internals: run
 * them before anything else when its version changes. Each refusal has a control beside it that is let in.
 */
class MemberRefusalTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final MemberFixture FIXTURE = new MemberFixture("n1", "n2", "n3", "n4", "n5", "spare");
    private static final MemberFixture.Started N1 =
            FIXTURE.create(new MemberSettings(MemberFixture.LINEAGE, FIXTURE.node("n1"), n1Address(), listed()));

    @BeforeAll
    static void start() {
        N1.members().start();
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    @Test
    void aListedNodeIsAnswered() throws Exception {
        assertArrayEquals(MEMBER_PROTOCOL, answer(FIXTURE.node("n2"), MEMBER_PROTOCOL, 3));
    }

    /** Or nothing at all: whoever has not shaken hands after a few seconds is closed. */
    @Test
    void plaintextIsClosedAndNeverAnsweredInPlaintext() throws Exception {
        var sockets = new ArrayList<Socket>();
        for (var greeting : List.of("", "HZC", "CP2", "GET / HTTP/1.1\r\n\r\n")) {
            var socket = new Socket(LOOPBACK, n1Address().port());
            socket.getOutputStream().write(greeting.getBytes(US_ASCII));
            sockets.add(socket);
        }
        for (var socket : sockets) {
            var answer = MemberProbe.readToEnd(socket.getInputStream());
            // Nothing, or a TLS alert (RFC 8446 §5.1: content type 21).
            assertTrue(answer.length == 0 || answer[0] == 21, () -> "answered " + answer.length + " bytes");
            socket.close();
        }
    }

    static Stream<Arguments> strangers() {
        var foreign = CertificateAuthority.create(MemberFixture.LINEAGE, MemberFixture.RANDOM, InstantSource.system());
        return Stream.of(
                Arguments.of("a node of another CA", foreign.issue(PeerIdentity.node("n2"), List.of())),
                Arguments.of("a gateway of our CA", FIXTURE.authority.issue(PeerIdentity.gateway("n2"), List.of())),
                Arguments.of("a node that is not listed", FIXTURE.node("spare")),
                Arguments.of("the member itself", FIXTURE.node("n1")),
                Arguments.of("an expired node", expired("n2")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangers")
    void aStrangerThatConnectsIsNotAnswered(String who, TlsIdentity stranger) throws Exception {
        assertEquals(0, answer(stranger, MEMBER_PROTOCOL, 3).length, who);
    }

    @Test
    void whoShowsNoCertificateIsNotAnswered() throws Exception {
        try (var socket = MemberProbe.connectWithoutCertificate(n1Address())) {
            assertEquals(0, MemberProbe.answer(socket, MEMBER_PROTOCOL, 3).length);
        }
    }

    static Stream<Arguments> impostors() {
        return Stream.concat(strangers(), Stream.of(Arguments.of("another listed node", FIXTURE.node("n3"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("impostors")
    void anImpostorAtTheAddressOfAMemberHearsNothing(String who, TlsIdentity impostor) throws Exception {
        assertEquals(0, heardAt("n2", impostor), who);
    }

    @Test
    void theMemberAtItsOwnAddressHearsTheGreeting() throws Exception {
        assertEquals(3, heardAt("n2", FIXTURE.node("n2")));
    }

    /** Whole members that come up beside n1, all at once because each of them tries for a while. */
    @Test
    void whoDoesNotBelongStaysAlone() {
        var foreign = CertificateAuthority.create(MemberFixture.LINEAGE, MemberFixture.RANDOM, InstantSource.system());
        var withSpare = new HashMap<>(listed());
        withSpare.put("spare", FIXTURE.address("spare"));
        var swapped = new HashMap<>(listed());
        swapped.put("n3", FIXTURE.address("n5"));
        swapped.put("n5", FIXTURE.address("n3"));
        var loners = Map.<String, Callable<Void>>of(
                "a member of another CA",
                () -> staysAlone(new MemberSettings(
                        MemberFixture.LINEAGE,
                        foreign.issue(PeerIdentity.node("n4"), List.of()),
                        FIXTURE.address("n4"),
                        listed())),
                "a member that is not listed",
                () -> staysAlone(new MemberSettings(
                        MemberFixture.LINEAGE, FIXTURE.node("spare"), FIXTURE.address("spare"), withSpare)),
                // It has a certificate that opens the door, and from there on says that it lives where n5 does.
                "a member that claims the address of another",
                () -> staysAlone(
                        new MemberSettings(MemberFixture.LINEAGE, FIXTURE.node("n3"), FIXTURE.address("n5"), swapped)),
                "a Hazelcast member without TLS",
                MemberRefusalTest::staysAloneWithoutTls);
        var threads = Executors.newFixedThreadPool(loners.size());
        try {
            var results = new HashMap<String, Future<Void>>();
            loners.forEach((who, loner) -> results.put(who, threads.submit(loner)));
            results.forEach((who, result) -> assertDoesNotThrow(() -> result.get(), who));
            assertTrue(N1.inbox().isEmpty());
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * A cluster restored from a backup has the certificates of the one it was made from: they open the door, and the first
     * word closes it again, on both sides and as often as it is tried.
     */
    @Test
    void aNodeOfAnotherLineageIsRefusedAtItsFirstWordAndTheOthersGoOn() {
        try (var log = new LogCapture(MemberLinks.class.getName());
                var fixture = new MemberFixture("m1", "m2", "m6")) {
            var members = fixture.startTogether(fixture.settings("m1"), fixture.settings("m2"));
            MemberFixture.awaitPath(members.get(0), members.get(1));
            var stranger = fixture.create(
                    new MemberSettings("other", fixture.node("m6"), fixture.address("m6"), fixture.addresses));
            stranger.members().start();
            var secret = "secret".getBytes(US_ASCII);
            for (var member : members) {
                var told = member.nodeId() + " sent a message of another lineage";
                MemberFixture.await("the stranger is told that " + told, () -> {
                    member.members().send("m6", secret);
                    return log.contains(told);
                });
            }
            MemberFixture.await("the members say whom they refuse", () -> {
                stranger.members().send("m1", secret);
                stranger.members().send("m2", secret);
                return log.count("m6 sent a message of another lineage") >= members.size();
            });
            assertEquals(1, memberCount("other/m6"), "Hazelcast has not let it join either");
            assertEquals(2, memberCount(MemberFixture.LINEAGE + "/m1"));
            MemberFixture.awaitPath(members.get(0), members.get(1));
            MemberFixture.awaitPath(members.get(1), members.get(0));
            assertTrue(stranger.inbox().isEmpty(), "it heard nothing");
            for (var member : members) {
                assertTrue(
                        member.inbox().stream()
                                .noneMatch(received -> received.from().equals("m6")),
                        "nobody heard it");
            }
        }
    }

    /** Of the Hazelcast cluster that the instance of this name is in, as it sees it. */
    private static int memberCount(String instance) {
        return Hazelcast.getHazelcastInstanceByName(instance)
                .getCluster()
                .getMembers()
                .size();
    }

    @Test
    void aHazelcastClientDoesNotConnect() {
        var config = new ClientConfig().setClusterName(MemberFixture.LINEAGE);
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.getNetworkConfig().addAddress(n1Address().toString()).setConnectionTimeout(1000);
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(1000);
        assertThrows(IllegalStateException.class, () -> HazelcastClient.newHazelcastClient(config));
    }

    /** Even through TLS with the certificate of a member: the port does not speak the protocol of clients. */
    @Test
    void theClientProtocolIsRefusedEvenFromAMember() throws Exception {
        var answer = answer(FIXTURE.node("n2"), CLIENT_PROTOCOL, Integer.MAX_VALUE);
        assertEquals("HZX", new String(answer, US_ASCII), "Hazelcast's word for a protocol it does not speak");
    }

    private static @Nullable Void staysAlone(MemberSettings settings) {
        var members = new HazelcastMembers(settings);
        var received = new AtomicInteger();
        members.receive((from, message) -> received.incrementAndGet());
        try {
            // Returns when it has joined n1, or knows that it cannot.
            members.start();
            N1.members().send(settings.nodeId(), "secret".getBytes(US_ASCII));
            assertEquals(Set.of(), members.liveMembers());
            assertFalse(N1.members().liveMembers().contains(settings.nodeId()));
            assertEquals(0, received.get());
        } finally {
            members.close();
        }
        return null;
    }

    private static @Nullable Void staysAloneWithoutTls() {
        var config = new Config("plain").setClusterName(MemberFixture.LINEAGE);
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.partition.count", "1");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().setPort(FIXTURE.address("n2").port()).setPortAutoIncrement(false);
        var join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig()
                .setEnabled(true)
                .setConnectionTimeoutSeconds(1)
                .addMember(n1Address().toString());
        var plain = Hazelcast.newHazelcastInstance(config);
        try {
            assertEquals(1, plain.getCluster().getMembers().size());
            assertFalse(N1.members().liveMembers().contains("n2"));
        } finally {
            plain.getLifecycleService().terminate();
        }
        return null;
    }

    private static MemberAddress n1Address() {
        return FIXTURE.address("n1");
    }

    /** The members that n1 knows; the fixture has one more address. */
    private static Map<String, MemberAddress> listed() {
        var members = new HashMap<>(FIXTURE.addresses);
        members.remove("spare");
        return members;
    }

    private static TlsIdentity expired(String id) {
        try {
            var past = InstantSource.fixed(InstantSource.system().instant().minus(Duration.ofDays(900)));
            return CertificateAuthority.ofPem(
                            FIXTURE.authority.privateKeyPem(),
                            FIXTURE.authority.certificatePem(),
                            MemberFixture.RANDOM,
                            past)
                    .issue(PeerIdentity.node(id), List.of());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] answer(TlsIdentity identity, byte[] greeting, int bytes) throws IOException {
        try (var socket = MemberProbe.connect(identity, n1Address())) {
            return MemberProbe.answer(socket, greeting, bytes);
        }
    }

    /** How many bytes n1 says to somebody who accepts its connection at the address of {@code id}. */
    private static int heardAt(String id, TlsIdentity identity) throws IOException {
        var factory = identity.context().getServerSocketFactory();
        try (var server = (SSLServerSocket) factory.createServerSocket()) {
            server.setReuseAddress(true);
            server.setNeedClientAuth(true);
            server.bind(new InetSocketAddress(LOOPBACK, FIXTURE.address(id).port()));
            try (var socket = server.accept()) {
                return socket.getInputStream().readNBytes(3).length;
            } catch (SSLException | SocketException e) {
                return 0;
            }
        }
    }
}
