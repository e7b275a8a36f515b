package dev.strongroom.hsm.node;

import static dev.strongroom.hsm.node.HsmNodeTest.call;
import static dev.strongroom.hsm.node.HsmNodeTest.createKey;
import static dev.strongroom.hsm.node.HsmNodeTest.decrypt;
import static dev.strongroom.hsm.node.HsmNodeTest.encrypt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.audit.TrailSettings;
import dev.strongroom.hsm.node.cluster.MemberAddress;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.listen.HsmListenerSettings;
import dev.strongroom.hsm.node.seal.KeyFileSeal;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.HsmClient;
import dev.strongroom.hsm.protocol.HsmClientSettings;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.SessionCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes in one process, made by the ceremony, each with its folder, its port for the others and its door for gateways:
 * all that a cluster is but the processes.
 */
class ClusterNodeTest {

    private static final List<String> NODES = List.of("n1", "n2", "n3");
    private static final String GATEWAY = "g1";
    private static final String HOST = "127.0.0.1";
    private static final long PATIENCE_SECONDS = 120;

    private final Entropy entropy = TestEntropy.shared();
    private final Map<String, MemberAddress> members = new TreeMap<>();
    private final Map<String, ClusterNode> running = new TreeMap<>();
    private final List<HsmClient> clients = new ArrayList<>();
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path folder;

    @BeforeEach
    void holdTheCeremony() throws Exception {
        var sockets = new ArrayList<ServerSocket>();
        for (var node : NODES) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            members.put(
                    node,
                    new MemberAddress(HOST, sockets.get(sockets.size() - 1).getLocalPort()));
        }
        for (var socket : sockets) {
            socket.close();
        }
        var unused = Ceremony.hold(
                folder,
                NODES.stream()
                        .map(node -> new Ceremony.Machine(node, List.of(HOST)))
                        .toList(),
                List.of(new Ceremony.Machine(GATEWAY, List.of())),
                HsmNodeTest.SCOPE.accountId(),
                seal(),
                entropy,
                InstantSource.system());
        for (var node : NODES) {
            ClusterNode.makeData(folder.resolve(node).resolve("data"));
        }
    }

    @AfterEach
    void close() throws Exception {
        for (var client : clients) {
            await(client.close());
        }
        running.values().forEach(ClusterNode::close);
        await(vertx.close());
    }

    @Test
    void everyNodeUsesWhatAnyOfThemMade() throws Exception {
        startAll();
        var doors = doors();
        var keys = new ArrayList<KeyRecord>();
        for (var door : doors) {
            keys.add(createKey(door));
        }
        for (var key : keys) {
            for (var one : doors) {
                var blob = encrypt(one, key, "a secret");
                for (var other : doors) {
                    assertEquals("a secret", decrypt(other, key, blob));
                }
            }
        }
    }

    @Test
    void aNodeThatWasAwayCatchesUpAndServesWhenAnotherGoes() throws Exception {
        startAll();
        var before = createKey(door("n3"));
        stop("n3");

        var missed = new ArrayList<KeyRecord>();
        var blobs = new ArrayList<Bytes>();
        var n1 = door("n1");
        awaitMajority(n1);
        for (int i = 0; i < 3; i++) {
            missed.add(createKey(n1));
            blobs.add(encrypt(n1, missed.get(i), "written while n3 was away " + i));
        }
        var reached = call(n1, new SessionCommand.DescribeNode()).appliedIndex();

        start("n3");
        var n3 = door("n3");
        var described = call(n3, new SessionCommand.DescribeNode());
        assertEquals(NodeState.OPERATIONAL, described.state());
        assertTrue(described.appliedIndex() >= reached, () -> described + " though n1 was at " + reached);
        for (int i = 0; i < missed.size(); i++) {
            assertEquals("written while n3 was away " + i, decrypt(n3, missed.get(i), blobs.get(i)));
        }

        // Only with n3 are two a majority now.
        stop("n1");
        awaitMajority(n3);
        var after = createKey(n3);
        for (var key : List.of(before, missed.get(0), after)) {
            assertEquals("x", decrypt(door("n2"), key, encrypt(n3, key, "x")));
        }
    }

    private void startAll() throws Exception {
        var threads = Executors.newFixedThreadPool(NODES.size());
        try {
            var starts = new TreeMap<String, java.util.concurrent.Future<ClusterNode>>();
            NODES.forEach(node -> starts.put(node, threads.submit(() -> open(node))));
            for (var start : starts.entrySet()) {
                running.put(start.getKey(), start.getValue().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void start(String node) throws NodeStartException {
        running.put(node, open(node));
    }

    private void stop(String node) {
        var stopped = running.remove(node);
        if (stopped == null) {
            throw new IllegalStateException(node + " is not running");
        }
        stopped.close();
    }

    private ClusterNode open(String node) throws NodeStartException {
        var home = folder.resolve(node);
        var settings = new ClusterNode.Settings(
                node,
                HsmListenerSettings.of(HOST, 0),
                NODES,
                members,
                home.resolve("data"),
                home.resolve(Ceremony.IDENTITY),
                new ClusterNode.Audit(home.resolve("audit"), TrailSettings.Flush.SOON));
        return ClusterNode.open(
                settings,
                seal(),
                vertx,
                new NodeSurroundings(entropy, InstantSource.system(), System::nanoTime, "test"));
    }

    private KeyFileSeal seal() {
        return new KeyFileSeal(folder.resolve("seal.key"), entropy);
    }

    private List<Hsm> doors() throws Exception {
        var doors = new ArrayList<Hsm>();
        for (var node : NODES) {
            doors.add(door(node));
        }
        return doors;
    }

    /** A node as the gateway sees it that knows of no other. */
    private Hsm door(String node) throws Exception {
        var server = running.get(node);
        if (server == null) {
            throw new IllegalStateException(node + " is not running");
        }
        var identity = folder.resolve(GATEWAY).resolve(Ceremony.IDENTITY);
        var files = TlsFiles.in(identity);
        var settings = new HsmClientSettings(
                List.of(new HsmClientSettings.Node(node, HOST, server.port())),
                new HsmClientSettings.Tls(files.privateKey(), files.chain(), files.authority()),
                GATEWAY,
                Duration.ofSeconds(PATIENCE_SECONDS),
                64,
                1);
        var client = await(HsmClient.open(vertx, settings, credential(identity), System::nanoTime));
        clients.add(client);
        return client;
    }

    private static Plaintext credential(Path identity) throws IOException {
        var text = Files.readString(identity.resolve(Ceremony.CREDENTIAL)).strip();
        return Plaintext.wrap(HexFormat.of().parseHex(text));
    }

    /** The one that went may have been the leader; who asks while another is elected may be told to ask again. */
    private static void awaitMajority(Hsm door) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                var unused = door.call(new LookupCommand.ListKeys(HsmNodeTest.SCOPE, new Page("", 1, 0), List.of()))
                        .toCompletableFuture()
                        .join();
                return;
            } catch (CompletionException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
