package dev.strongroom.conformance.subject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Three nodes and two gateways, each a process of its own, made by the ceremony that an operator runs.
 *
 * <p>Nodes and gateways can be killed and started again; their data stays in the folder.
 */
public final class ClusterTarget implements Target {

    private static final List<String> NODES = List.of("n1", "n2", "n3");
    private static final List<String> GATEWAYS = List.of("g1", "g2");

    private final Path folder;
    private final Map<String, Program> running = new TreeMap<>();
    private final Map<String, Integer> ports = new TreeMap<>();
    private final List<String> options;
    private final Map<String, List<String>> more = new TreeMap<>();
    private final String accountId = "111122223333";
    private final String accessKeyId;
    private final String secretKey;

    private ClusterTarget(Path folder, List<String> options, Map<String, Integer> ports, String initOutput) {
        this.folder = folder;
        this.options = options;
        this.ports.putAll(ports);
        this.accessKeyId = value(initOutput, "AWS_ACCESS_KEY_ID=");
        this.secretKey = value(initOutput, "AWS_SECRET_ACCESS_KEY=");
    }

    /** Creates the cluster in {@code folder} and starts all of it. */
    public static ClusterTarget start(Path folder) {
        return start(folder, Program.TEST_OPTIONS);
    }

    /** The same with other JVM options. */
    public static ClusterTarget start(Path folder, List<String> options) {
        return create(folder, options, "127.0.0.1").startAll();
    }

    /** Creates the cluster in {@code folder} and starts none of it: its configuration may still be changed. */
    public static ClusterTarget create(Path folder) {
        return create(folder, Program.TEST_OPTIONS, "127.0.0.1");
    }

    /** The same, its nodes known to each other as {@code n1.test} and so on: what stands for that is for the JVM options. */
    public static ClusterTarget createNamed(Path folder) {
        return create(folder, Program.TEST_OPTIONS, "%s.test");
    }

    /** Adds JVM options for one node or gateway. */
    public void give(String name, List<String> jvmOptions) {
        more.put(name, List.copyOf(jvmOptions));
    }

    /** The port of a node for the other nodes. */
    public int memberPort(String node) {
        return Objects.requireNonNull(ports.get(node + ".member"));
    }

    /** Where a gateway serves health and metrics. */
    public URI management(String gateway) {
        return URI.create("http://127.0.0.1:" + ports.get(gateway + ".management"));
    }

    /** Starts all of a cluster that was created. */
    public ClusterTarget startAll() {
        NODES.forEach(this::startMember);
        NODES.forEach(this::awaitReady);
        GATEWAYS.forEach(this::startMember);
        GATEWAYS.forEach(this::awaitReady);
        return this;
    }

    private static ClusterTarget create(Path folder, List<String> options, String memberHost) {
        var names = List.of(
                "n1", "n1.member", "n2", "n2.member", "n3", "n3.member", "g1", "g2", "g1.management", "g2.management");
        var ports = freePorts(names);
        try {
            Files.writeString(folder.resolve("passphrase"), "correct horse battery staple\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var arguments =
                new ArrayList<>(List.of("hsm", "init", "--out", folder.toString(), "--account", "111122223333"));
        arguments.addAll(
                List.of("--passphrase-file", folder.resolve("passphrase").toString()));
        for (var node : NODES) {
            arguments.add("--node");
            arguments.add(node + "=127.0.0.1:" + ports.get(node) + "," + memberHost.formatted(node) + ":"
                    + ports.get(node + ".member"));
        }
        for (var gateway : GATEWAYS) {
            arguments.add("--gateway");
            arguments.add(gateway + "=127.0.0.1:" + ports.get(gateway));
        }
        try (var init = Program.start(arguments.toArray(String[]::new))) {
            int code = init.awaitExit();
            if (code != 0) {
                throw new AssertionError("hsm init ended with " + code + ":\n" + init.output());
            }
            return new ClusterTarget(folder, options, ports, init.output());
        }
    }

    /** Starts a node or gateway that is not running. */
    public void startMember(String name) {
        var config = folder.resolve(name).resolve(name.startsWith("n") ? "node.yaml" : "gateway.yaml");
        var environment = name.startsWith("n")
                ? Map.of(
                        "STRONGROOM_NODE_PASSPHRASE_FILE",
                        folder.resolve("passphrase").toString())
                : Map.of("STRONGROOM_GATEWAY_MANAGEMENT", management(name).getAuthority());
        var all = new ArrayList<>(options);
        all.addAll(more.getOrDefault(name, List.of()));
        var program = name.startsWith("n")
                ? Program.java(all, Program.STRONGROOM, environment, "hsm", "node", "--config", config.toString())
                : Program.java(all, Program.STRONGROOM, environment, "gateway", "--config", config.toString());
        running.put(name, program);
    }

    /** Returns when a started node or gateway says that it serves. */
    public void awaitReady(String name) {
        var line = member(name).awaitLine(text -> text.startsWith("ready ") || text.startsWith("strongroom: "));
        if (!line.startsWith("ready ")) {
            throw new AssertionError(name + " did not start: " + member(name).output());
        }
    }

    public Program member(String name) {
        var program = running.get(name);
        if (program == null) {
            throw new IllegalArgumentException(name + " was not started");
        }
        return program;
    }

    public List<String> nodes() {
        return NODES;
    }

    public List<String> gateways() {
        return GATEWAYS;
    }

    public Path folder() {
        return folder;
    }

    public URI endpoint(String gateway) {
        return URI.create("http://127.0.0.1:" + ports.get(gateway));
    }

    /**
     * Does {@code strongroom admin} as the cluster's identity administrator, for the cluster's account.
     *
     * @return the JSON that it prints
     */
    public String admin(String... words) {
        var arguments = new ArrayList<>(List.of("admin"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of(
                "--account",
                accountId,
                "--config",
                folder.resolve("admin").resolve("admin.yaml").toString()));
        try (var program = Program.start(arguments.toArray(String[]::new))) {
            int code = program.awaitExit();
            var output = program.output();
            if (code != 0) {
                throw new AssertionError("admin ended with " + code + ":\n" + output);
            }
            return output.substring(output.indexOf('{'));
        }
    }

    /** The folder of a node's audit trail. */
    public Path trail(String node) {
        return folder.resolve(node).resolve("audit");
    }

    /** The file of a gateway's audit log. */
    public Path log(String gateway) {
        return folder.resolve(gateway).resolve("audit.log");
    }

    /** Begins {@code strongroom hsm audit verify} of every trail, with every MAC and signature, and of these logs. */
    public Program verifyAudit(List<Path> logs) {
        var identity = folder.resolve("n1").resolve("identity");
        var arguments = new ArrayList<>(List.of("hsm", "audit", "verify"));
        arguments.addAll(
                List.of("--certificates", identity.resolve("cluster-ca.pem").toString()));
        arguments.addAll(List.of("--root-key", identity.resolve("root.key").toString()));
        arguments.addAll(
                List.of("--passphrase-file", folder.resolve("passphrase").toString()));
        logs.forEach(log -> arguments.addAll(List.of("--gateway-log", log.toString())));
        NODES.forEach(node -> arguments.add(trail(node).toString()));
        return Program.start(arguments.toArray(String[]::new));
    }

    @Override
    public String name() {
        return "cluster";
    }

    @Override
    public URI endpoint() {
        return endpoint("g1");
    }

    @Override
    public String accountId() {
        return accountId;
    }

    @Override
    public String accessKeyId() {
        return accessKeyId;
    }

    @Override
    public String secretKey() {
        return secretKey;
    }

    @Override
    public void close() {
        running.values().forEach(Program::close);
    }

    private static String value(String output, String name) {
        return output.lines()
                .filter(line -> line.contains(name))
                .map(line -> line.substring(line.indexOf(name) + name.length()).strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError("hsm init printed no " + name + "\n" + output));
    }

    /** Ports that were free a moment ago, all different. */
    private static Map<String, Integer> freePorts(List<String> names) {
        var sockets = new ArrayList<ServerSocket>();
        var ports = new TreeMap<String, Integer>();
        try {
            for (var name : names) {
                var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.put(name, socket.getLocalPort());
            }
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ports;
    }
}
