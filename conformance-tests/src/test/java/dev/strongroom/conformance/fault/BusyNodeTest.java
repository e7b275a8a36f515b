package dev.strongroom.conformance.fault;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.Program;
import dev.strongroom.hsm.node.TlsFiles;
import dev.strongroom.hsm.protocol.HsmClient;
import dev.strongroom.hsm.protocol.HsmClientSettings;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionCommand;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is done wrong beside a node that runs: to its port for gateways, and by a second one that is in its way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BusyNodeTest {

    private static final String GATEWAY = "g1";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path folder;

    private final List<Integer> ports = new ArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private Optional<Program> running = Optional.empty();

    @BeforeAll
    void start() throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        for (int i = 0; i < 5; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (var socket : sockets) {
            ports.add(socket.getLocalPort());
            socket.close();
        }
        Files.writeString(folder.resolve("passphrase"), "correct horse battery staple\n");
        try (var init = Program.start(
                "hsm",
                "init",
                "--out=" + folder,
                "--account=111122223333",
                "--passphrase-file=" + folder.resolve("passphrase"),
                "--node=n1=" + at(0) + "," + at(1),
                "--gateway=" + GATEWAY + "=" + at(2))) {
            assertEquals(0, init.awaitExit(), init::output);
        }
        running = Optional.of(start(folder.resolve("n1/node.yaml")));
        var unused = node().awaitLine(line -> line.startsWith("ready "));
    }

    @AfterAll
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        assertEquals(0, node().stop(), node()::output);
    }

    private Program node() {
        return running.orElseThrow();
    }

    static Stream<Arguments> badFrames() {
        var noise = new byte[4_096];
        Arrays.fill(noise, (byte) 0xa5);
        return Stream.of(
                Arguments.of("a length of 0", header(0, 1), "a frame of illegal length"),
                Arguments.of("a negative length", header(-1, 1), "a frame of illegal length"),
                Arguments.of("two gigabytes", header(Integer.MAX_VALUE, 1), "a frame of illegal length"),
                Arguments.of("noise", noise, "a frame of illegal length"),
                Arguments.of("a version from the future", header(64, 9), "a protocol version that is not spoken here"),
                Arguments.of(
                        "a web request", "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII), "a frame of illegal length"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFrames")
    void aBadFrameEndsItsConnectionInOneLineAndTheNodeGoesOn(String what, byte[] frame, String said) throws Exception {
        var identity = TlsFiles.in(folder.resolve(GATEWAY + "/identity")).read(new SecureRandom());
        var factory = identity.context().getSocketFactory();
        int from;
        try (var socket = (SSLSocket) factory.createSocket(InetAddress.getLoopbackAddress(), ports.get(0))) {
            from = socket.getLocalPort();
            socket.getOutputStream().write(frame);
            assertEquals(-1, read(socket), "it is answered by the end of the connection");
        }
        var unused = node().awaitLine(line -> line.contains(":" + from + " is gone: malformed frame: " + said));
        assertEquals(NodeState.OPERATIONAL, stateSeenByAGateway());
        var lines = node().output()
                .lines()
                .filter(line -> line.contains("127.0.0.1:" + from))
                .toList();
        assertEquals(2, lines.size(), () -> "one line that it came, one that it went, of " + lines);
    }

    private static int read(SSLSocket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException e) {
            // Reset, because it had not read all that was sent.
            return -1;
        }
    }

    private NodeState stateSeenByAGateway() throws IOException {
        var identity = folder.resolve(GATEWAY + "/identity");
        var files = TlsFiles.in(identity);
        var credential = HexFormat.of()
                .parseHex(Files.readString(identity.resolve("credential")).strip());
        var settings = new HsmClientSettings(
                List.of(new HsmClientSettings.Node("n1", "127.0.0.1", ports.get(0))),
                new HsmClientSettings.Tls(files.privateKey(), files.chain(), files.authority()),
                GATEWAY,
                PATIENCE,
                64,
                1);
        var client = HsmClient.open(vertx, settings, Plaintext.wrap(credential), System::nanoTime)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        try {
            return describe(client).state();
        } finally {
            client.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Asks again as long as there is no connection: on a busy machine a handshake may take longer than a client waits. */
    private static Reply.NodeDescription describe(HsmClient client) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return client.call(new SessionCommand.DescribeNode())
                        .toCompletableFuture()
                        .join();
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof Refused no)
                        || no.refusal() != Refusal.UNREACHABLE
                        || System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    @Test
    void aSecondNodeOfTheSameConfigurationDoesNotStart() throws IOException {
        refused(folder.resolve("n1/node.yaml"), "cannot listen on " + at(0) + " for gateways");
    }

    @Test
    void aSecondNodeOnTheSameFolderDoesNotStart() throws IOException {
        refused(changed("n1", at(0), at(3), at(1), at(4)), "is in use; stop the node that runs on it");
    }

    @Test
    void aNodeWhosePortForOtherNodesIsTakenDoesNotStart() throws IOException {
        Folders.copy(folder.resolve("n1"), folder.resolve("n1-elsewhere"));
        refused(changed("n1-elsewhere", at(0), at(3)), "cannot listen on " + at(1) + " for other nodes");
    }

    /** One line, exit code 1, every file as it was, and the first node serves as before. */
    private void refused(Path config, String said) throws IOException {
        var before = Folders.hashes(folder);
        try (var second = start(config)) {
            assertEquals(1, second.awaitExit(), second::output);
            var lines = second.output()
                    .lines()
                    .filter(line -> !line.contains(" INFO "))
                    .toList();
            assertEquals(1, lines.size(), second::output);
            assertTrue(lines.get(0).startsWith("strongroom: "), second::output);
            assertTrue(lines.get(0).contains(said), second::output);
            System.out.println("beside a running node: " + lines.get(0).replace(folder + "/", ""));
        }
        assertEquals(before, Folders.hashes(folder));
        assertEquals(NodeState.OPERATIONAL, stateSeenByAGateway());
    }

    /** Another configuration beside the one of this node, with other addresses. */
    private static Path changed(String node, String... fromTo) throws IOException {
        var text = Files.readString(folder.resolve(node).resolve("node.yaml"));
        for (int i = 0; i < fromTo.length; i += 2) {
            text = text.replace(fromTo[i], fromTo[i + 1]);
        }
        return Files.writeString(folder.resolve(node).resolve("second.yaml"), text);
    }

    private static Program start(Path config) {
        return Program.start(
                "hsm", "node", "--config=" + config, "--set", "passphrase-file=" + folder.resolve("passphrase"));
    }

    private String at(int port) {
        return "127.0.0.1:" + ports.get(port);
    }

    private static byte[] header(int length, int version) {
        return ByteBuffer.allocate(64).putInt(length).put((byte) version).array();
    }
}
