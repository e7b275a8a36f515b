package dev.strongroom.hsm.node.listen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.ChangeCommand.ChangeKey;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.HsmClient;
import dev.strongroom.hsm.protocol.HsmClientSettings;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.LookupCommand.FindAlias;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionCommand.DescribeNode;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.UseCommand.Encrypt;
import dev.strongroom.hsm.protocol.UseCommand.GenerateRandom;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HsmClientTest {

    private static final TestCluster CLUSTER = new TestCluster("one");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Authority AUTHORITY = new Authority(new Stamp(1, 2, 3), List.of());

    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static HsmClientSettings.Tls gateway;

    private final StubDispatch first = new StubDispatch();
    private final StubDispatch second = new StubDispatch();
    private final List<HsmListener> listeners = new ArrayList<>();
    private final List<HsmClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        gateway = TestCluster.files(CLUSTER.gateway(TestCluster.USER), directory);
    }

    @AfterAll
    static void stop() throws Exception {
        TestCluster.await(vertx.close());
    }

    @AfterEach
    void close() throws Exception {
        for (var client : clients) {
            TestCluster.await(client.close());
        }
        for (var listener : listeners) {
            TestCluster.await(listener.close());
        }
    }

    @Test
    void aCallIsAnsweredOnTheContextThatItCameFrom() throws Exception {
        var client = client(settings(listen("n1", first)));
        var context = vertx.getOrCreateContext();
        var answeredOn = new CompletableFuture<Context>();
        context.runOnContext(unused ->
                client.call(new GenerateRandom(3)).thenAccept(reply -> answeredOn.complete(Vertx.currentContext())));
        assertSame(context, answeredOn.get(TestCluster.PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void everyLaneServesItsOwnEventLoopAndAnyOtherThread() throws Exception {
        var client = client(settings(PATIENCE, 1_024, 3, listen("n1", first), listen("n2", second)));
        var calls = new ArrayList<CompletableFuture<Reply.Random>>();
        for (var i = 0; i < 300; i++) {
            calls.add(client.call(new GenerateRandom(i)).toCompletableFuture());
        }
        for (var i = 0; i < 300; i++) {
            assertEquals(i, get(calls.get(i)).octets().length());
        }
        awaitConnection(client, first);
        awaitConnection(client, second);
    }

    @Test
    void theSecretsOfACallAreOverwrittenWhenItEnds() throws Exception {
        var client = client(settings(listen("n1", first)));
        var plaintext = new byte[] {1, 2, 3};
        var reply = get(client.call(new Encrypt(AUTHORITY, Plaintext.wrap(plaintext), Bytes.empty())));
        assertEquals(Bytes.ofHex("010203"), reply.blob());
        assertArrayEquals(new byte[3], plaintext);
    }

    @Test
    void theCredentialIsOverwrittenWhenTheClientIsClosed() throws Exception {
        var credential = TestCluster.credential();
        var client =
                TestCluster.await(HsmClient.open(vertx, settings(listen("n1", first)), credential, System::nanoTime));
        assertEquals("stub", get(client.call(new DescribeNode())).nodeId());
        TestCluster.await(client.close());
        assertEquals(Plaintext.wrap(new byte[32]), credential);
        assertEquals(Refusal.UNREACHABLE, refusal(client.call(new GenerateRandom(1))));
    }

    @Test
    void aNodeThatIsAnotherThanConfiguredIsNotSpokenTo() throws Exception {
        var n1 = listen("n1", first);
        var client = client(settings(new HsmClientSettings.Node("n2", n1.host(), n1.port())));
        var refused = refused(client.call(new GenerateRandom(1)));
        assertEquals(Refusal.UNREACHABLE, refused.refusal());
        assertTrue(refused.detail().contains("not that of node n2"), refused.detail());
        assertTrue(first.begun.isEmpty());
    }

    @Test
    void aNodeOfAnotherClusterIsNotSpokenTo() throws Exception {
        listeners.add(new TestCluster("two").listen(vertx, "n1", first));
        var client = client(settings(TestCluster.at("n1", listeners.get(0))));
        assertEquals(Refusal.UNREACHABLE, refusal(client.call(new GenerateRandom(1))));
        assertTrue(first.begun.isEmpty());
    }

    @Test
    void aWrongCredentialIsSaidInTheDetail() throws Exception {
        var client = client(settings(listen("n1", first)), Plaintext.wrap(new byte[32]));
        var refused = refused(client.call(new GenerateRandom(1)));
        assertEquals(Refusal.UNREACHABLE, refused.refusal());
        assertTrue(refused.detail().contains("LOGIN_FAILED"), refused.detail());
    }

    @Test
    void whereNobodyListensACallFailsAtOnce() throws Exception {
        var gone = new HsmClientSettings.Node("n1", "127.0.0.1", TestCluster.freePort());
        var client = client(settings(Duration.ofDays(1), 1_024, 1, gone));
        assertEquals(Refusal.UNREACHABLE, refusal(client.call(new GenerateRandom(1))));
    }

    @Test
    void aChangeWhoseConnectionDiesIsRepeatedElsewhereUnderTheSameId() throws Exception {
        var arrived = swallowed(first);
        var dying = CLUSTER.listen(vertx, "n1", first);
        second.work = command -> StubDispatch.done(new Reply.ChangedKey(SampleKey.RECORD));
        var late = HsmListenerSettings.of("127.0.0.1", TestCluster.freePort());
        var client = client(settings(TestCluster.at("n1", dying), TestCluster.at("n2", late)));
        var change = disabling();
        var call = client.call(change);
        assertEquals(change, get(arrived));

        listeners.add(CLUSTER.listen(vertx, "n2", late, second));
        awaitConnection(client, second);
        TestCluster.await(dying.close());
        assertEquals(SampleKey.RECORD, get(call).key());
        assertTrue(second.begun.contains(change));
    }

    @Test
    void aChangeThatMayHaveBegunIsNeverReportedAsNotBegun() throws Exception {
        var arrived = swallowed(first);
        var dying = CLUSTER.listen(vertx, "n1", first);
        var late = HsmListenerSettings.of("127.0.0.1", TestCluster.freePort());
        var client = client(settings(TestCluster.at("n1", dying), TestCluster.at("n2", late)));
        var call = client.call(disabling());
        var unused = get(arrived);

        listeners.add(CLUSTER.listen(vertx, "n2", late, second));
        awaitConnection(client, second);
        second.work = command -> StubDispatch.no(Refusal.NOT_OPERATIONAL);
        TestCluster.await(dying.close());
        assertEquals(Refusal.UNREACHABLE, refusal(call));
    }

    @Test
    void aNodeThatCannotServeIsPassedOverAndTheLastWordIsKept() throws Exception {
        first.work = command -> StubDispatch.no(Refusal.NOT_OPERATIONAL);
        second.work = StubDispatch::echo;
        var client = client(settings(listen("n1", first), listen("n2", second)));
        for (var i = 0; i < 20; i++) {
            assertEquals(i, get(client.call(new GenerateRandom(i))).octets().length());
        }
        second.work = first.work;
        assertEquals(Refusal.NOT_OPERATIONAL, refusal(client.call(new GenerateRandom(1))));
        first.work = command -> StubDispatch.no(Refusal.NO_QUORUM);
        assertEquals(Refusal.NO_QUORUM, refusal(client.call(new GenerateRandom(1))), "a change may have begun");
    }

    @Test
    void everyOtherRefusalIsPassedOnWithItsDetailAndTheFreshRecord() throws Exception {
        var client = client(settings(listen("n1", first)));
        for (var refusal : EnumSet.complementOf(EnumSet.of(Refusal.LOGIN_REQUIRED))) {
            var no = new Refused(refusal, "said the stub", Optional.of(SampleKey.RECORD));
            first.work = command -> CompletableFuture.failedFuture(no);
            var refused = refused(client.call(new GenerateRandom(1)));
            assertEquals(refusal, refused.refusal());
            assertEquals("said the stub", refused.detail());
            assertEquals(Optional.of(SampleKey.RECORD), refused.fresh());
        }
    }

    @Test
    void aSessionThatHasEndedIsBegunAnew() throws Exception {
        first.work = command -> {
            first.work = StubDispatch::echo;
            return StubDispatch.no(Refusal.LOGIN_REQUIRED);
        };
        var client = client(settings(listen("n1", first), listen("n2", second)));
        for (var i = 0; first.begun.size() < 2; i++) {
            var reply = get(client.call(new GenerateRandom(i % 50)));
            assertEquals(i % 50, reply.octets().length());
        }
    }

    @Test
    void aReplyOfAnotherKindIsAFault() throws Exception {
        first.work = command -> StubDispatch.done(new Reply.Done());
        var client = client(settings(listen("n1", first)));
        var call = client.call(new GenerateRandom(1)).toCompletableFuture();
        var e = assertThrows(ExecutionException.class, () -> call.get(TestCluster.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertInstanceOf(IllegalStateException.class, e.getCause());
    }

    @Test
    void aCallEndsWhenItsTimeIsOver() throws Exception {
        first.work = command -> StubDispatch.never();
        var client = client(settings(Duration.ofSeconds(3), 1_024, 1, listen("n1", first)));
        assertEquals(Refusal.UNREACHABLE, refusal(client.call(new GenerateRandom(1))));
        first.work = StubDispatch::echo;
        assertEquals(1, get(client.call(new GenerateRandom(1))).octets().length(), "the connection lives on");
    }

    @Test
    void whatDoesNotFitTheWindowIsThrottled() throws Exception {
        var pending = new CompletableFuture<Reply>();
        first.work = command -> pending;
        var client = client(settings(PATIENCE, 8, 1, listen("n1", first)));
        var deletion = new ChangeCommand.DeleteAlias(UUID.randomUUID(), new Stamp(1, 2, 3), List.of());
        var calls = new ArrayList<CompletableFuture<Reply.Done>>();
        for (var i = 0; i < 40; i++) {
            calls.add(client.call(deletion).toCompletableFuture());
        }
        for (var call : calls.subList(8, 40)) {
            assertEquals(Refusal.THROTTLED, refusal(call));
        }
        pending.complete(new Reply.Done());
        // One place of the window may be a probe's.
        for (var call : calls.subList(0, 7)) {
            assertEquals(new Reply.Done(), get(call));
        }
    }

    @Test
    void aNodeThatComesBackIsConnectedAgain() throws Exception {
        var settings = HsmListenerSettings.of("127.0.0.1", TestCluster.freePort());
        var before = CLUSTER.listen(vertx, "n1", settings, first);
        var client = client(settings(TestCluster.at("n1", before)));
        assertEquals(1, get(client.call(new GenerateRandom(1))).octets().length());
        TestCluster.await(before.close());
        assertEquals(Refusal.UNREACHABLE, refusal(client.call(new GenerateRandom(1))));
        listeners.add(CLUSTER.listen(vertx, "n1", settings, second));
        awaitConnection(client, second);
    }

    /** As a SIGSTOP would: the connection stays open, nothing comes back. */
    @Test
    void aNodeThatFallsSilentIsGivenUpAndItsCallsMoveOn() throws Exception {
        var frozen = Vertx.vertx();
        var thaw = new CountDownLatch(1);
        try {
            first.work = command -> {
                try {
                    thaw.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return StubDispatch.echo(command);
            };
            var silent = CLUSTER.listen(frozen, "n1", first);
            second.state = NodeState.SEALED;
            var client = client(settings(TestCluster.at("n1", silent), listen("n2", second)));
            for (var i = 0; first.begun.isEmpty(); i++) {
                var call = client.call(new GenerateRandom(i));
                assertEquals(i, get(call).octets().length());
            }
            assertEquals(1, first.begun.size());
        } finally {
            thaw.countDown();
            TestCluster.await(frozen.close());
        }
    }

    @Test
    void throughRestartsEveryAnswerBelongsToItsQuestion() throws Exception {
        var settings = HsmListenerSettings.of("127.0.0.1", TestCluster.freePort());
        var restarting = CLUSTER.listen(vertx, "n1", settings, first);
        var client = client(settings(TestCluster.at("n1", restarting), listen("n2", second)));
        var calls = new ArrayList<CompletableFuture<Reply.Random>>();
        for (var round = 0; round < 5; round++) {
            for (var i = 0; i < 200; i++) {
                if (i == 100) {
                    TestCluster.await(restarting.close());
                }
                calls.add(client.call(new GenerateRandom(calls.size())).toCompletableFuture());
            }
            restarting = CLUSTER.listen(vertx, "n1", settings, first);
        }
        listeners.add(restarting);
        for (var i = 0; i < calls.size(); i++) {
            assertEquals(i, get(calls.get(i)).octets().length(), "one node was there all the time");
        }
    }

    private HsmClientSettings.Node listen(String id, StubDispatch stub) throws Exception {
        var listener = CLUSTER.listen(vertx, id, stub);
        listeners.add(listener);
        return TestCluster.at(id, listener);
    }

    private static HsmClientSettings settings(HsmClientSettings.Node... nodes) {
        return HsmClientSettings.of(List.of(nodes), gateway, TestCluster.USER);
    }

    private static HsmClientSettings settings(Duration time, int window, int lanes, HsmClientSettings.Node... nodes) {
        return new HsmClientSettings(List.of(nodes), gateway, TestCluster.USER, time, window, lanes);
    }

    private HsmClient client(HsmClientSettings settings) throws Exception {
        return client(settings, TestCluster.credential());
    }

    private HsmClient client(HsmClientSettings settings, Plaintext credential) throws Exception {
        var client = TestCluster.await(HsmClient.open(vertx, settings, credential, System::nanoTime));
        clients.add(client);
        return client;
    }

    /** The first command that {@code stub} gets and never answers. */
    private static CompletableFuture<Command<?>> swallowed(StubDispatch stub) {
        var arrived = new CompletableFuture<Command<?>>();
        stub.work = command -> {
            arrived.complete(command);
            return StubDispatch.never();
        };
        return arrived;
    }

    private static ChangeKey disabling() {
        return new ChangeKey(UUID.randomUUID(), AUTHORITY, new KeyChange.SetState(KeyState.DISABLED));
    }

    /** Calls until {@code stub} was asked, whatever becomes of the calls that were not for it. */
    private static void awaitConnection(HsmClient client, StubDispatch stub) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestCluster.PATIENCE_SECONDS);
        while (stub.begun.isEmpty()) {
            assertTrue(System.nanoTime() < end, "the client did not connect");
            var call = client.call(new FindAlias(SampleKey.ALIAS)).toCompletableFuture();
            var turn = new CompletableFuture<Void>();
            vertx.setTimer(20, id -> turn.complete(null));
            var unused = get(turn);
            call.cancel(false);
        }
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(TestCluster.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static Refusal refusal(CompletionStage<?> stage) {
        return refused(stage).refusal();
    }

    private static Refused refused(CompletionStage<?> stage) {
        var e = assertThrows(ExecutionException.class, () -> get(stage));
        return assertInstanceOf(Refused.class, e.getCause());
    }
}
