package dev.strongroom.conformance.fault;

import static dev.strongroom.conformance.fault.Mistakes.appends;
import static dev.strongroom.conformance.fault.Mistakes.copies;
import static dev.strongroom.conformance.fault.Mistakes.damages;
import static dev.strongroom.conformance.fault.Mistakes.halves;
import static dev.strongroom.conformance.fault.Mistakes.opens;
import static dev.strongroom.conformance.fault.Mistakes.removes;
import static dev.strongroom.conformance.fault.Mistakes.removesFolder;
import static dev.strongroom.conformance.fault.Mistakes.writes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fault.Mistakes.Spoiling;
import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.conformance.subject.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator gets wrong, end to end: each mistake ends the process with one line that says what is wrong and how to
 * mend it, with an exit code that is not zero, and with every file as it was.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {

    private static final String ACCOUNT = "111122223333";
    private static final String PASSPHRASE = "correct horse battery staple";

    private static final Pattern LOG_LINE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\S+ (INFO |WARN ) \\S+ .*");

    private static final Pattern NEW_AND_HARMLESS = Pattern.compile(".*/(lock|log\\.db-wal|audit\\.log)");

    @TempDir
    private static Path temporary;

    private final AtomicInteger count = new AtomicInteger();
    private final List<String> report = Collections.synchronizedList(new ArrayList<>());
    private final List<AutoCloseable> open = new ArrayList<>();
    private Path cluster = Path.of("");
    private Path stranger = Path.of("");
    private Path development = Path.of("");
    private int nodePort;
    private int memberPort;
    private int gatewayPort;
    private int takenPort;

    /** What is to be run on a folder. */
    private interface Call {
        List<String> arguments(Path folder);
    }

    private record Case(String name, Path from, Spoiling mistake, Call call, String said, int code) {}

    @BeforeAll
    void makeWhatIsSpoiledLater() throws Exception {
        var sockets = new ArrayList<ServerSocket>();
        for (int i = 0; i < 4; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        nodePort = sockets.get(0).getLocalPort();
        memberPort = sockets.get(1).getLocalPort();
        gatewayPort = sockets.get(2).getLocalPort();
        takenPort = sockets.get(3).getLocalPort();
        open.add(sockets.get(3));
        for (int i = 0; i < 3; i++) {
            sockets.get(i).close();
        }
        cluster = temporary.resolve("cluster");
        stranger = temporary.resolve("stranger");
        init(cluster);
        init(stranger);
        try (var node = Program.start(node(cluster).toArray(String[]::new))) {
            var unused = node.awaitLine(line -> line.startsWith("ready "));
            assertEquals(0, node.stop());
        }
        development = temporary.resolve("development");
        try (var dev = EmbeddedTarget.in(development.resolve("data"));
                var kms = dev.kms()) {
            var unused = kms.createKey();
            assertEquals(0, dev.program().stop());
        }
    }

    @AfterAll
    void closeAndReport() throws Exception {
        for (var each : open) {
            each.close();
        }
        report.stream().sorted().forEach(System.out::println);
    }

    private void init(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("passphrase"), PASSPHRASE + "\n");
        try (var init = Program.start(init(folder, ACCOUNT).toArray(String[]::new))) {
            assertEquals(0, init.awaitExit(), init::output);
        }
    }

    private List<String> init(Path folder, String account) {
        return List.of(
                "hsm",
                "init",
                "--out",
                folder.toString(),
                "--account",
                account,
                "--passphrase-file",
                folder.resolve("passphrase").toString(),
                "--node",
                "n1=127.0.0.1:" + nodePort + ",127.0.0.1:" + memberPort,
                "--gateway",
                "g1=127.0.0.1:" + gatewayPort);
    }

    private static List<String> node(Path folder) {
        return with(
                List.of(
                        "hsm",
                        "node",
                        "--config",
                        folder.resolve("n1/node.yaml").toString()),
                "--set",
                "passphrase-file=" + folder.resolve("passphrase"));
    }

    private static List<String> gateway(Path folder) {
        return List.of("gateway", "--config", folder.resolve("g1/gateway.yaml").toString());
    }

    private static List<String> dev(Path folder) {
        return List.of("dev", "--port=0", "--data", folder.resolve("data").toString());
    }

    private static List<String> with(List<String> arguments, String... more) {
        var all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all;
    }

    private Case ofNode(String name, Spoiling mistake, String said) {
        return new Case("node: " + name, cluster, mistake, BadInputTest::node, said, 1);
    }

    private Case ofGateway(String name, Spoiling mistake, String said) {
        return new Case("gateway: " + name, cluster, mistake, BadInputTest::gateway, said, 1);
    }

    private Case ofDev(String name, Spoiling mistake, String said) {
        return new Case("dev: " + name, development, mistake, BadInputTest::dev, said, 1);
    }

    private static final Spoiling NOTHING = folder -> {};

    @TestFactory
    Stream<DynamicTest> ofANode() {
        return Stream.of(
                        ofNode(
                                "wrong passphrase",
                                writes("passphrase", "another passphrase\n"),
                                "does not open this cluster"),
                        ofNode("passphrase missing", removes("passphrase"), "passphrase: no such file"),
                        new Case(
                                "node: no passphrase and no terminal",
                                cluster,
                                NOTHING,
                                folder -> node(folder).subList(0, 4),
                                "no terminal to ask",
                                1),
                        ofNode("unknown key", appends("n1/node.yaml", "listne: 1\n"), "unknown key 'listne'"),
                        ofNode("configuration missing", removes("n1/node.yaml"), "no such file"),
                        ofNode("data is a file", Mistakes::putFileInPlaceOfData, "is no folder"),
                        ofNode(
                                "certificate of another role",
                                copies("g1/identity", "n1/identity"),
                                "not of strongroom:node:n1"),
                        ofNode(
                                "certificate of another cluster",
                                folder -> Mistakes.putStrangersCertificate(stranger, folder),
                                "are of another cluster each"),
                        ofNode("certificate expired", folder -> Mistakes.expire(folder, "n1"), "is valid from"),
                        ofNode(
                                "certificate without its key",
                                folder -> Mistakes.putStrangersKey(stranger, folder),
                                "does not belong to the certificate"),
                        ofNode("certificate missing", removes("n1/identity/certificate.pem"), "no such file"),
                        ofNode("key readable by others", opens("n1/identity/key.pem"), "chmod 600"),
                        ofNode("root key missing", removes("n1/identity/root.key"), "root.key: no such file"),
                        ofNode("root key damaged", damages("n1/identity/root.key"), "root.key"),
                        ofNode("genesis damaged", damages("n1/identity/genesis"), "genesis file is damaged"),
                        ofNode("record of the log changed", damages("n1/data/journal/log.db"), "is damaged"),
                        ofNode("journal torn", halves("n1/data/journal/log.db"), "is damaged"),
                        ofNode("journal gone", removesFolder("n1/data/journal"), "restore the folder from a copy"),
                        ofNode("data gone", removesFolder("n1/data"), "restore the folder from a copy"),
                        ofNode(
                                "journal of another cluster",
                                folder -> Mistakes.putStrangersRootKey(stranger, folder),
                                "n1/"),
                        ofNode(
                                "attestation root missing",
                                appends("n1/node.yaml", "attestation-roots: [root.pem]\n"),
                                "n1/root.pem: no such file"),
                        ofNode(
                                "attestation root no certificate",
                                appends("n1/node.yaml", "attestation-roots: [node.yaml]\n"),
                                "node.yaml cannot be used: there is no certificate"),
                        ofNode(
                                "attestation root of no authority",
                                appends("n1/node.yaml", "attestation-roots: [identity/certificate.pem]\n"),
                                "it may not sign certificates"),
                        new Case(
                                "node: port for gateways in use",
                                cluster,
                                NOTHING,
                                folder -> with(node(folder), "--set", "listen=127.0.0.1:" + takenPort),
                                "cannot listen on 127.0.0.1:" + takenPort + " for gateways",
                                1))
                .map(this::test);
    }

    @TestFactory
    Stream<DynamicTest> ofAGateway() {
        return Stream.of(
                        ofGateway("unknown key", appends("g1/gateway.yaml", "listne: 1\n"), "unknown key 'listne'"),
                        ofGateway("no YAML", writes("g1/gateway.yaml", "listen: [\n"), "gateway.yaml: line 1"),
                        ofGateway("configuration missing", removes("g1/gateway.yaml"), "no such file"),
                        ofGateway(
                                "configuration is a folder", Mistakes::putFolderInPlaceOfConfiguration, "gateway.yaml"),
                        ofGateway(
                                "certificate of another role",
                                copies("n1/identity", "g1/identity"),
                                "not of strongroom:gateway:g1"),
                        ofGateway(
                                "CA of another cluster",
                                folder -> Mistakes.putStrangersAuthority(stranger, folder),
                                "cannot be used"),
                        ofGateway("certificate expired", folder -> Mistakes.expire(folder, "g1"), "is valid from"),
                        ofGateway(
                                "credential spoiled",
                                writes("g1/identity/credential", "x"),
                                "credential: is not the credential"),
                        ofGateway(
                                "TLS files missing",
                                appends("g1/gateway.yaml", "tls:\n  certificate: a.pem\n  key: b.pem\n"),
                                "a.pem: no such file"),
                        new Case(
                                "gateway: port in use",
                                cluster,
                                NOTHING,
                                folder -> with(gateway(folder), "--set", "listen=127.0.0.1:" + takenPort),
                                "cannot listen on 127.0.0.1:" + takenPort,
                                1),
                        new Case(
                                "gateway: management port in use",
                                cluster,
                                NOTHING,
                                folder -> with(gateway(folder), "--set", "management=127.0.0.1:" + takenPort),
                                "cannot listen on 127.0.0.1:" + takenPort,
                                1),
                        new Case(
                                "gateway: beyond loopback without TLS",
                                cluster,
                                NOTHING,
                                folder -> with(gateway(folder), "--set", "listen=0.0.0.0:0"),
                                "give a certificate under tls",
                                1),
                        new Case(
                                "gateway: no configuration named",
                                cluster,
                                NOTHING,
                                folder -> List.of("gateway"),
                                "Missing required option: '--config=FILE'",
                                2))
                .map(this::test);
    }

    @TestFactory
    Stream<DynamicTest> ofTheEmbeddedMode() {
        return Stream.of(
                        ofDev("records gone", removesFolder("data/records"), "has lost the folder of its records"),
                        ofDev("journal gone", removesFolder("data/records/journal"), "restore the folder from a copy"),
                        ofDev("record of the log changed", damages("data/records/journal/log.db"), "is damaged"),
                        ofDev("journal torn", halves("data/records/journal/log.db"), "is damaged"),
                        ofDev("root key gone", removes("data/root.key"), "holds records but not the file root.key"),
                        ofDev("seal gone", removes("data/seal.key"), "seal.key"),
                        ofDev("folder in use", this::useFolder, "is in use"),
                        ofDev("data is a file", Mistakes::putFileInPlaceOfFolder, "data"),
                        new Case(
                                "dev: port in use",
                                development,
                                NOTHING,
                                folder -> List.of("dev", "--in-memory", "--port=" + takenPort),
                                "cannot listen on 127.0.0.1:" + takenPort,
                                1),
                        devWith("attestation root missing", "no such file", 1, "--attestation-root", "/no/root.pem"),
                        devWith("beyond loopback", "--allow-remote", 2, "--host", "0.0.0.0"),
                        devWith("credentials misspelt", "ACCESSKEY:SECRET@ACCOUNT", 2, "--credentials", "a:b@c"),
                        devWith("unknown option", "Unknown option: '--datta'", 2, "--datta"))
                .map(this::test);
    }

    @TestFactory
    Stream<DynamicTest> ofTheCeremony() {
        return Stream.of(
                        ofInit(
                                "cluster there already",
                                NOTHING,
                                folder -> init(folder, ACCOUNT),
                                "is there already",
                                1),
                        ofInit(
                                "short passphrase",
                                writes("passphrase", "short\n"),
                                folder -> fresh(folder, ACCOUNT),
                                "fewer than 12",
                                1),
                        ofInit("no account", NOTHING, folder -> fresh(folder, "1234"), "twelve digits", 2),
                        ofInit(
                                "name taken twice",
                                NOTHING,
                                folder -> with(fresh(folder, ACCOUNT), "--gateway", "n1=127.0.0.1:1"),
                                "name of its own",
                                2))
                .map(this::test);
    }

    private Case ofInit(String name, Spoiling mistake, Call call, String said, int code) {
        return new Case("init: " + name, cluster, mistake, call, said, code);
    }

    private Case devWith(String name, String said, int code, String... more) {
        return new Case("dev: " + name, development, NOTHING, folder -> with(dev(folder), more), said, code);
    }

    private List<String> fresh(Path folder, String account) {
        var arguments = new ArrayList<>(init(folder, account));
        arguments.set(3, folder.resolve("new").toString());
        return arguments;
    }

    private DynamicTest test(Case wrong) {
        return DynamicTest.dynamicTest(wrong.name(), () -> {
            var folder = temporary.resolve("case-" + count.incrementAndGet());
            Folders.copy(wrong.from(), folder);
            wrong.mistake().spoil(folder);
            var before = Folders.hashes(folder);
            try (var program = Program.start(wrong.call().arguments(folder).toArray(String[]::new))) {
                int code = program.awaitExit();
                // A process that had begun to work has said so.
                var lines = program.output()
                        .lines()
                        .filter(line -> !LOG_LINE.matcher(line).matches())
                        .toList();
                assertEquals(wrong.code(), code, program::output);
                report.add(String.format(
                        "%-45s %d %s", wrong.name(), code, lines.get(0).replace(folder + "/", "")));
                assertTrue(lines.get(0).contains(wrong.said()), program::output);
                assertTrue(lines.get(0).startsWith("strongroom: "), program::output);
                assertEquals(1, lines.size(), program::output);
            }
            var after = Folders.hashes(folder);
            // Looking takes the lock, SQLite makes an empty log to read beside, and a gateway opens its audit log.
            after.keySet()
                    .removeIf(name -> !before.containsKey(name)
                            && NEW_AND_HARMLESS.matcher(name).matches());
            assertEquals(List.of(), differences(before, after));
        });
    }

    private static List<String> differences(Map<String, String> before, Map<String, String> after) {
        return Stream.concat(before.keySet().stream(), after.keySet().stream())
                .distinct()
                .filter(name -> !String.valueOf(before.get(name)).equals(after.get(name)))
                .toList();
    }

    private void useFolder(Path folder) {
        open.add(EmbeddedTarget.in(folder.resolve("data")));
    }
}
