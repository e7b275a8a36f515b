package dev.strongroom.hsm.node.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TlsIdentity;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.Answer;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.UseCommand;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HsmListenerTest {

    private static final TestCluster CLUSTER = new TestCluster("one");
    private static final TlsIdentity GATEWAY = CLUSTER.gateway(TestCluster.USER);

    private static final AliasName ALIAS = new AliasName(new Scope("111122223333", "eu-west-1"), "alias/a");

    private static Vertx vertx;

    private final StubDispatch stub = new StubDispatch();
    private HsmListener listener;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() throws Exception {
        TestCluster.await(vertx.close());
    }

    @BeforeEach
    void listen() throws Exception {
        listener = CLUSTER.listen(vertx, "n1", stub);
    }

    @AfterEach
    void close() throws Exception {
        TestCluster.await(listener.close());
    }

    @Test
    void answersWhatIsAskedAfterTheLogin() throws Exception {
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            client.send(2, new UseCommand.GenerateRandom(5));
            var received = client.receive();
            assertEquals(2, received.requestId());
            assertEquals(new Answer.Given(new Reply.Random(Plaintext.wrap(new byte[5]))), received.answer());
        }
    }

    @Test
    void aStrangerIsNotServed() throws Exception {
        assertNotServed(new RawClient(listener, new TestCluster("two").gateway(TestCluster.USER)), "another CA");
        assertNotServed(new RawClient(listener, CLUSTER.expiredGateway(TestCluster.USER)), "expired");
        assertNotServed(new RawClient(listener, CLUSTER.node("n2")), "a node is no gateway");
        assertNotServed(new RawClient(listener, withoutCertificate(), "TLSv1.3"), "no certificate");
        assertNotServed(new RawClient(listener, GATEWAY.context(), "TLSv1.2"), "TLS 1.2");
        assertServes();
    }

    @Test
    void anotherUserThanTheCertificateNamesIsNotLoggedIn() throws Exception {
        try (var client = new RawClient(listener, GATEWAY)) {
            client.logIn("gw-2", TestCluster.credential());
            assertEquals(Refusal.LOGIN_FAILED, client.receiveRefusal());
            assertTrue(client.isHungUpOn());
        }
    }

    @Test
    void aWrongCredentialEndsTheConnection() throws Exception {
        try (var client = new RawClient(listener, GATEWAY)) {
            client.logIn(TestCluster.USER, Plaintext.wrap(new byte[32]));
            assertEquals(Refusal.LOGIN_FAILED, client.receiveRefusal());
            assertTrue(client.isHungUpOn());
        }
    }

    @Test
    void beforeTheLoginOnlyTheNodeIsDescribed() throws Exception {
        try (var client = new RawClient(listener, GATEWAY)) {
            client.send(1, new SessionCommand.DescribeNode());
            assertInstanceOf(Reply.NodeDescription.class, client.receiveReply());
            client.send(2, new UseCommand.GenerateRandom(5));
            assertEquals(Refusal.LOGIN_REQUIRED, client.receiveRefusal());
            assertTrue(stub.begun.isEmpty());
            client.logIn(TestCluster.USER, TestCluster.credential());
            assertInstanceOf(Reply.LoggedIn.class, client.receiveReply());
        }
    }

    @Test
    void aSessionThatHasEndedEndsItsConnection() throws Exception {
        stub.work = command -> StubDispatch.no(Refusal.LOGIN_REQUIRED);
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            client.send(2, new UseCommand.GenerateRandom(5));
            assertEquals(Refusal.LOGIN_REQUIRED, client.receiveRefusal());
            assertTrue(client.isHungUpOn());
        }
    }

    @Test
    void aConnectionLogsInOnce() throws Exception {
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            client.logIn(TestCluster.USER, TestCluster.credential());
            assertEquals(Refusal.NOT_PERMITTED, client.receiveRefusal());
            client.send(3, new UseCommand.GenerateRandom(5));
            assertInstanceOf(Reply.Random.class, client.receiveReply());
        }
    }

    @Test
    void whoDoesNotLogInIsHungUpOn() throws Exception {
        var settings = new HsmListenerSettings("127.0.0.1", 0, 1, 8, 8, Duration.ofMillis(100));
        var impatient = CLUSTER.listen(vertx, "n1", settings, stub);
        try (var silent = new RawClient(impatient, GATEWAY);
                var talkative = new RawClient(impatient, GATEWAY);
                var loggedIn = new RawClient(impatient, GATEWAY).loggedIn()) {
            talkative.send(1, new SessionCommand.DescribeNode());
            assertInstanceOf(Reply.NodeDescription.class, talkative.receiveReply());
            silent.send(new byte[] {0});
            assertTrue(silent.isHungUpOn());
            assertTrue(talkative.isHungUpOn());
            loggedIn.send(2, new UseCommand.GenerateRandom(5));
            assertInstanceOf(Reply.Random.class, loggedIn.receiveReply());
        }
        TestCluster.await(impatient.close());
    }

    @ParameterizedTest
    @CsvSource({
        "a length beyond all bounds,      7fffffff01",
        "one byte more than a mebibyte,   000ffffd01",
        "a length below the header's,     0000001001000000000000000700000000000000",
        "another version,                 0000001102",
        "request id 0,                    00000021010000000000000000000003e80000000000000000000000000000000000000000",
        "a message beyond its frame,      00000021010000000000000009000003e80000000000000000000000000000000000000001",
        "no protobuf,                     00000023010000000000000009000003e800000000000000000000000000000000000000020aff",
        "an empty command,                00000021010000000000000009000003e80000000000000000000000000000000000000000",
        "a secret where none belongs,     00000024010000000000000009000003e80000000000000000000000000000000000000002120001",
        "HTTP,                            474554202f20485454502f312e310d0a0d0a",
    })
    void theConnectionEndsAt(String what, String hex) throws Exception {
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            client.send(HexFormat.of().parseHex(hex));
            assertTrue(client.isHungUpOn(), what);
        }
        assertServes();
    }

    @Test
    void aCommandFromTheFutureIsRefusedAndTheConnectionLives() throws Exception {
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            // Field 1000 of Command, an empty message.
            client.send(HexFormat.of()
                    .parseHex("00000024" + "01" + "0000000000000009" + "000003e8" + "0".repeat(32) + "00000003"
                            + "c23e00"));
            assertEquals(Refusal.MALFORMED, client.receiveRefusal());
            client.send(10, new UseCommand.GenerateRandom(5));
            assertInstanceOf(Reply.Random.class, client.receiveReply());
        }
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsNotBegun() throws Exception {
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            client.send(RawClient.frame(2, 0, new UseCommand.GenerateRandom(5)));
            assertEquals(Refusal.DEADLINE_EXCEEDED, client.receiveRefusal());
            client.send(RawClient.frame(3, -1, new UseCommand.GenerateRandom(5)));
            assertEquals(Refusal.DEADLINE_EXCEEDED, client.receiveRefusal());
            assertTrue(stub.begun.isEmpty());
        }
    }

    @Test
    void aFaultIsToldByItsIdAlone() throws Exception {
        stub.work = command -> {
            if (command instanceof UseCommand.GenerateRandom) {
                throw new IllegalStateException("thrown secret");
            }
            return CompletableFuture.failedFuture(new IllegalStateException("failed secret"));
        };
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            client.send(2, new UseCommand.GenerateRandom(5));
            client.send(3, new LookupCommand.FindAlias(ALIAS));
            for (var i = 0; i < 2; i++) {
                var refused = assertInstanceOf(
                                Answer.Declined.class, client.receive().answer())
                        .refused();
                assertEquals(Refusal.INTERNAL, refused.refusal());
                assertTrue(refused.detail().matches("[0-9a-f]+-[23]"), refused.detail());
            }
        }
    }

    @Test
    void aReplyThatFitsNoFrameIsAFault() throws Exception {
        stub.work = command -> StubDispatch.done(new Reply.Random(Plaintext.wrap(new byte[1 << 20])));
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            client.send(2, new UseCommand.GenerateRandom(5));
            assertEquals(Refusal.INTERNAL, client.receiveRefusal());
        }
    }

    @Test
    void answersLeaveInTheOrderInWhichTheyAreReadyFromAnyThread() throws Exception {
        var pending = new ConcurrentLinkedQueue<CompletableFuture<Reply>>();
        stub.work = command -> {
            var stage = new CompletableFuture<Reply>();
            pending.add(stage);
            return stage;
        };
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            for (var id = 2; id < 5; id++) {
                client.send(id, new UseCommand.GenerateRandom(id));
            }
            client.send(5, new SessionCommand.DescribeNode());
            assertEquals(5, client.receive().requestId(), "a probe overtakes what waits");
            var stages = new ArrayList<>(pending);
            for (var i = 2; i >= 0; i--) {
                stages.get(i).complete(new Reply.Random(Plaintext.wrap(new byte[i + 2])));
                var received = client.receive();
                assertEquals(i + 2, received.requestId());
            }
        }
    }

    @Test
    void whatDoesNotFitTheWindowsIsThrottledAndTheRestServed() throws Exception {
        var pending = new ConcurrentLinkedQueue<CompletableFuture<Reply>>();
        stub.work = command -> {
            var stage = new CompletableFuture<Reply>();
            pending.add(stage);
            return stage;
        };
        var settings = new HsmListenerSettings("127.0.0.1", TestCluster.freePort(), 2, 4, 6, Duration.ofSeconds(10));
        var narrow = CLUSTER.listen(vertx, "n1", settings, stub);
        try (var first = new RawClient(narrow, GATEWAY).loggedIn();
                var second = new RawClient(narrow, GATEWAY).loggedIn()) {
            assertThrottled(first, 100, 96);
            assertThrottled(second, 100, 98);
            assertEquals(6, pending.size());
            pending.forEach(stage -> stage.complete(new Reply.Done()));
            for (var i = 0; i < 4; i++) {
                assertInstanceOf(Reply.Done.class, first.receiveReply());
            }
            stub.work = StubDispatch::echo;
            first.send(200, new UseCommand.GenerateRandom(5));
            assertInstanceOf(Reply.Random.class, first.receiveReply());
        }
        TestCluster.await(narrow.close());
    }

    /**
     * 120 answers of half a megabyte are asked for at once. Without back-pressure all of them lie in the node's memory
     * before the first was read; with it, no more than a mebibyte and the buffers of two sockets.
     */
    @Test
    void aSlowReaderFillsItsOwnBuffersNotTheNode() throws Exception {
        stub.work = command -> StubDispatch.done(new Reply.Random(Plaintext.wrap(new byte[500_000])));
        var commands = new ByteArrayOutputStream();
        for (var id = 2; id < 122; id++) {
            commands.writeBytes(RawClient.frame(id, 30_000, new UseCommand.GenerateRandom(5)));
        }
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            client.send(commands.toByteArray());
            var ids = new TreeSet<Long>();
            for (var read = 0; read < 120; read++) {
                ids.add(client.receive().requestId());
                var ahead = stub.begun.size() - read;
                assertTrue(ahead < 60, () -> ahead + " answers were made before they could leave");
            }
            assertEquals(120, ids.size());
            assertEquals(120, stub.begun.size());
        }
    }

    @Test
    void commandsAreFoundHoweverTheyAreCut() throws Exception {
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            var octets = new ByteArrayOutputStream();
            LongStream.range(2, 12).forEach(id -> {
                try {
                    octets.writeBytes(RawClient.frame(id, 30_000, new UseCommand.GenerateRandom((int) id)));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            for (var octet : octets.toByteArray()) {
                client.send(new byte[] {octet});
            }
            for (var id = 2; id < 12; id++) {
                assertEquals(id, client.receive().requestId());
            }
        }
    }

    /** Sends commands and takes the refusals, which come first because nothing else is answered. */
    private static void assertThrottled(RawClient client, int commands, int throttled) throws Exception {
        var octets = new ByteArrayOutputStream();
        for (var i = 0; i < commands; i++) {
            octets.writeBytes(RawClient.frame(10 + i, 10_000, new UseCommand.GenerateRandom(5)));
        }
        client.send(octets.toByteArray());
        for (var i = 0; i < throttled; i++) {
            assertEquals(Refusal.THROTTLED, client.receiveRefusal());
        }
    }

    private void assertServes() throws Exception {
        try (var client = new RawClient(listener, GATEWAY).loggedIn()) {
            client.send(2, new UseCommand.GenerateRandom(5));
            assertInstanceOf(Reply.Random.class, client.receiveReply());
        }
    }

    /** Hung up on, at the handshake or right after it, without an answer to anything. */
    private static void assertNotServed(RawClient client, String why) throws Exception {
        try (client) {
            client.send(1, new SessionCommand.DescribeNode());
            assertTrue(client.isHungUpOn(), why);
        } catch (IOException e) {
            assertFalse(e instanceof SocketTimeoutException, why);
        }
    }

    private static SSLContext withoutCertificate() throws Exception {
        var believed = KeyStore.getInstance("PKCS12");
        believed.load(null, null);
        believed.setCertificateEntry(
                "cluster",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(GATEWAY.authorityPem().getBytes(StandardCharsets.US_ASCII))));
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(believed);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
