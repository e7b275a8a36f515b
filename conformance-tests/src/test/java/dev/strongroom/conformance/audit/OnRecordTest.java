package dev.strongroom.conformance.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.Operation;
import dev.strongroom.conformance.subject.ClusterTarget;
import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.conformance.subject.Program;
import dev.strongroom.conformance.subject.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DataKeySpec;

/**
 * Every operation is done or tried with known secrets. Then each request of a known caller is on record, in the right shape
 * and once; what the nodes have on record joins it; and no file, output or captured stream holds a secret.
 */
class OnRecordTest {

    private static final Pattern SECRET_ACCESS_KEY = Pattern.compile("\"secretAccessKey\" ?: ?\"([^\"]+)\"");
    private static final Pattern REQUEST_ID = Pattern.compile("\"requestId\":\"([0-9a-f-]{36})\"");
    private static final String PASSPHRASE = "correct horse battery staple";

    /** Where secrets lie on purpose, for their owner alone. */
    private static final Set<String> OWN_PLACES = Set.of("passphrase", "credential", "key.pem", "seal.key");

    @TempDir
    private Path folder;

    private final Canaries canaries = new Canaries();

    /** Ids of the requests that were answered, and those of them that used a key with success. */
    private record Done(Set<String> answered, Set<String> used, List<String> texts) {}

    @Test
    void theEmbeddedGatewayHasAllOnRecordAndNoSecretAnywhere() throws Exception {
        var data = folder.resolve("data");
        Done done;
        String output;
        try (var target = EmbeddedTarget.in(data);
                var wire = new WireTap(target.endpoint().getPort())) {
            var tapped = new TappedTarget(target, URI.create("http://127.0.0.1:" + wire.port()), Optional.empty());
            done = doEverything(tapped, new SignedPost(tapped));
            assertTrue(canaries.find(wire.taken()).isPresent(), "plain HTTP shows what is looked for");
            assertEquals(0, target.program().stop());
            output = target.program().output();
        }
        assertOnRecord(data.resolve("audit.log"), done);
        assertJoined(List.of(data.resolve("audit")), done);
        assertNowhere(data, List.of(output), done, List.of());
        assertFound(data, "bucket=archive", 3);
        assertFound(data, "bucket=archives", 0);
        var unused = verified(
                0,
                Program.start(
                        "hsm",
                        "audit",
                        "verify",
                        "--root-key",
                        data.resolve("root.key").toString(),
                        "--seal-key",
                        data.resolve("seal.key").toString(),
                        "--gateway-log",
                        data.resolve("audit.log").toString(),
                        data.resolve("audit").toString()));
    }

    /** Whoever has the root key and knows a context finds what was done with it, and nothing else. */
    private static void assertFound(Path data, String context, int uses) {
        try (var show = Program.start(
                "hsm",
                "audit",
                "show",
                "--root-key",
                data.resolve("root.key").toString(),
                "--seal-key",
                data.resolve("seal.key").toString(),
                "--context",
                context,
                data.resolve("audit").toString())) {
            assertEquals(0, show.awaitExit(), show::output);
            assertEquals(
                    uses,
                    show.output()
                            .lines()
                            .filter(line -> line.contains("\"context\":"))
                            .count(),
                    show::output);
        }
    }

    @Test
    void aClusterHasAllOnRecordAndNoSecretAnywhereNotEvenOnItsWires() throws Exception {
        var cluster = ClusterTarget.createNamed(folder);
        try (cluster;
                var wires = Wires.tap(cluster)) {
            var unused = cluster.startAll();
            var done = doEverything(
                    wires.client(),
                    new SignedPost(wires.client(), wires.client().http()));
            doForReal(cluster);
            var metrics = cluster.gateways().stream()
                    .map(gateway -> metrics(cluster.management(gateway)))
                    .toList();
            // Killed, not stopped: what was answered is on record all the same.
            cluster.gateways().forEach(gateway -> cluster.member(gateway).kill());
            cluster.nodes().forEach(node -> cluster.member(node).kill());

            assertOnRecord(cluster.log("g1"), done);
            var trails = cluster.nodes().stream().map(cluster::trail).toList();
            assertJoined(trails, done);
            var outputs = Stream.concat(
                            Stream.concat(cluster.nodes().stream(), cluster.gateways().stream())
                                    .map(member -> cluster.member(member).output()),
                            metrics.stream())
                    .toList();
            canaries.plant("the root's secret access key", cluster.secretKey().getBytes(US_ASCII));
            canaries.plant("the passphrase", PASSPHRASE.getBytes(US_ASCII));
            assertNowhere(folder, outputs, done, wires.taken());
            assertEditsAreFound(cluster, done);
        }
    }

    private static String metrics(URI management) {
        try {
            var text = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(management.resolve("/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            assertTrue(text.contains("kms_requests_total{code=\"OK\",operation=\"CreateKey\"}"), text);
            return text;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("no metrics", e);
        }
    }

    /** Through the other gateway: material that is really imported, keys that are really used, an access key that is made. */
    private void doForReal(ClusterTarget cluster) throws Exception {
        var target = new TappedTarget(cluster, cluster.endpoint("g2"), Optional.empty());
        var things = Things.make(target);
        canaries.plantAll(things.canaries());
        try (var kms = target.kms()) {
            var imports = LoggedCalls.all().stream()
                    .filter(call -> call.operation().equals("ImportKeyMaterial"))
                    .findFirst()
                    .orElseThrow();
            var unused = imports.call(kms, things);
        }
        var unused = cluster.admin("user", "create", "ann");
        var secret = SECRET_ACCESS_KEY.matcher(cluster.admin("access-key", "create", "--user", "ann"));
        assertTrue(secret.find(), "no secret was shown");
        canaries.plant("the user's secret access key", secret.group(1).getBytes(US_ASCII));
    }

    private Done doEverything(Target target, SignedPost post) throws Exception {
        var done = new Done(new HashSet<>(), new HashSet<>(), new ArrayList<>());
        try (var kms = target.kms()) {
            var created = kms.createKey(create -> create.description("for everything"));
            done.answered().add(created.responseMetadata().requestId());
            var arn = created.keyMetadata().arn();
            use(target, arn, done);
            var every = new EveryOperation(canaries, arn);
            for (var operation : Operation.values()) {
                if (operation == Operation.SCHEDULE_KEY_DELETION) {
                    continue;
                }
                var answer = post.send(operation.wireName(), every.body(operation));
                done.answered()
                        .add(answer.headers().firstValue("x-amzn-RequestId").orElseThrow());
                if (answer.statusCode() != 200) {
                    done.texts().add(answer.body());
                }
            }
            var last = post.send("ScheduleKeyDeletion", every.body(Operation.SCHEDULE_KEY_DELETION));
            done.answered().add(last.headers().firstValue("x-amzn-RequestId").orElseThrow());
        }
        assertTrue(canaries.count() > 30, "only " + canaries.count() + " secrets were planted");
        return done;
    }

    private void use(Target target, String arn, Done done) {
        try (var kms = target.kms()) {
            var secret = SdkBytes.fromByteArray(canaries.plant("Encrypt").getBytes(US_ASCII));
            var context = Map.of("bucket", "archive");
            var encrypted =
                    kms.encrypt(request -> request.keyId(arn).plaintext(secret).encryptionContext(context));
            used(done, encrypted.responseMetadata().requestId());
            var decrypted = kms.decrypt(request ->
                    request.ciphertextBlob(encrypted.ciphertextBlob()).encryptionContext(context));
            assertEquals(secret, decrypted.plaintext());
            used(done, decrypted.responseMetadata().requestId());
            var again = kms.reEncrypt(request -> request.ciphertextBlob(encrypted.ciphertextBlob())
                    .sourceEncryptionContext(context)
                    .destinationKeyId(arn));
            used(done, again.responseMetadata().requestId());
            for (int i = 0; i < 20; i++) {
                var dataKey = kms.generateDataKey(request -> request.keyId(arn).keySpec(DataKeySpec.AES_256));
                canaries.plant("data key " + i, dataKey.plaintext().asByteArray());
                used(done, dataKey.responseMetadata().requestId());
            }
            var random = kms.generateRandom(request -> request.numberOfBytes(32));
            canaries.plant("random", random.plaintext().asByteArray());
            used(done, random.responseMetadata().requestId());
        }
    }

    private static void used(Done done, String requestId) {
        done.answered().add(requestId);
        done.used().add(requestId);
    }

    /** Each answer has one record, each operation at least one, and each record is of the right shape. */
    private static void assertOnRecord(Path log, Done done) throws IOException {
        var seen = new HashMap<String, Integer>();
        var operations = new TreeSet<String>();
        for (var record : LogSchema.read(log)) {
            assertEquals(List.of(), LogSchema.objections(record), record::toString);
            seen.merge(record.get("requestID").textValue(), 1, Integer::sum);
            operations.add(record.get("eventName").textValue());
        }
        assertEquals(
                Arrays.stream(Operation.values())
                        .map(Operation::wireName)
                        .collect(Collectors.toCollection(TreeSet::new)),
                operations);
        for (var id : done.answered()) {
            assertEquals(1, seen.get(id), "records of request " + id);
        }
        assertEquals(done.answered(), seen.keySet());
    }

    /** Each successful use of a key that the gateway answered is in the trail of exactly one node, once. */
    private static void assertJoined(List<Path> trails, Done done) throws IOException {
        var seen = new HashMap<String, Integer>();
        for (var line : lines(trails)) {
            var id = REQUEST_ID.matcher(line);
            if (id.find() && line.contains("\"result\":\"OK\"")) {
                seen.merge(id.group(1), 1, Integer::sum);
            }
        }
        for (var id : done.used()) {
            assertEquals(1, seen.get(id), "records of request " + id + " among the nodes");
        }
    }

    private static List<String> lines(List<Path> trails) throws IOException {
        var lines = new ArrayList<String>();
        for (var trail : trails) {
            try (var files = Files.list(trail)) {
                for (var file :
                        files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
                    lines.addAll(Files.readAllLines(file));
                }
            }
        }
        return lines;
    }

    private void assertNowhere(Path root, List<String> outputs, Done done, List<byte[]> wires) throws IOException {
        try (var files = Files.walk(root)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var found = OWN_PLACES.contains(file.getFileName().toString())
                        ? Optional.<String>empty()
                        : canaries.find(Files.readAllBytes(file));
                assertTrue(found.isEmpty(), () -> file + " holds " + found.orElseThrow());
            }
        }
        for (var text : Stream.concat(outputs.stream(), done.texts().stream()).toList()) {
            var found = canaries.find(text.getBytes(UTF_8));
            assertTrue(found.isEmpty(), () -> text + "\nholds " + found.orElseThrow());
        }
        for (var wire : wires) {
            assertTrue(wire.length > 1_000, "a tap saw only " + wire.length + " bytes");
            var found = canaries.find(wire);
            assertTrue(found.isEmpty(), () -> "a wire carried " + found.orElseThrow());
        }
    }

    /** Of a log and of a trail. */
    private static void assertEditsAreFound(ClusterTarget cluster, Done done) throws IOException {
        var log = cluster.log("g1");
        var intact = verified(0, cluster.verifyAudit(List.of(log, cluster.log("g2"))));
        assertFalse(intact.contains("DIFFERS"), intact);
        assertTrue(intact.matches("(?s).*logs    [0-9]+ requests, [1-9][0-9] of them used or changed.*"), intact);
        var logged = Files.readString(log);
        var use = done.used().iterator().next();
        var other = new UUID(1, 2).toString();
        Files.writeString(log, logged.replace(use, other));
        var differs = verified(1, cluster.verifyAudit(List.of(log, cluster.log("g2"))));
        assertTrue(differs.contains("DIFFERS request " + other), differs);
        assertTrue(differs.contains("for request " + use + ", which no log given has"), differs);
        Files.writeString(log, logged);
        Path file;
        try (var files = Files.list(cluster.trail("n2"))) {
            file = files.filter(path -> path.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(file, Files.readString(file).replaceFirst("\"ts\":1", "\"ts\":2"));
        var unused = verified(1, cluster.verifyAudit(List.of()));
    }

    /** What it says, once it has ended with that exit code. */
    private static String verified(int code, Program verify) {
        try (verify) {
            int actual = verify.awaitExit();
            System.out.println(verify.output());
            assertEquals(code, actual, verify.output());
            return verify.output();
        }
    }
}
