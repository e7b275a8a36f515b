package dev.strongroom.conformance.bench;

import dev.strongroom.conformance.subject.ClusterTarget;
import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.conformance.subject.Program;
import dev.strongroom.conformance.subject.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;

/**
 * The end-to-end load run: Encrypt, Decrypt and GenerateDataKey at 1, 16 and 64 connections, against the bare echo, the
 * embedded mode and a cluster of three nodes behind one gateway, in the same run. Prints a table in Markdown.
 *
 * <p>Arguments: seconds to warm up and seconds to measure, 5 and 5 if absent.
 */
public final class LoadMain {

    private static final List<String> OPTIONS = List.of("-Xms512m", "-Xmx512m");
    private static final List<Integer> CONNECTIONS = List.of(1, 16, 64);

    private final LoadGenerator generator = new LoadGenerator();
    private final int warmUpSeconds;
    private final int seconds;

    private LoadMain(int warmUpSeconds, int seconds) {
        this.warmUpSeconds = warmUpSeconds;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        var run = new LoadMain(
                args.length > 0 ? Integer.parseInt(args[0]) : 5, args.length > 1 ? Integer.parseInt(args[1]) : 5);
        System.out.println(
                "| target | operation | connections | requests/s | p50 µs | p99 µs | server CPU µs/request | failed |");
        System.out.println("|---|---|---:|---:|---:|---:|---:|---:|");
        Map<String, byte[]> requests;
        Map<String, Integer> answers;
        try (var target = EmbeddedTarget.forBenchmark(OPTIONS)) {
            requests = requests(target);
            answers = answerSizes(target.endpoint(), requests);
            run.measure(
                    "embedded",
                    target.endpoint(),
                    requests,
                    List.of(target.program().pid()));
        }
        try (var echo = Program.java(OPTIONS, EchoMain.class.getName(), Map.of())) {
            var endpoint = URI.create("http://"
                    + echo.awaitLine(line -> line.startsWith("ready ")).substring(6));
            var prepared = new LinkedHashMap<String, byte[]>();
            requests.forEach(
                    (name, bytes) -> prepared.put(name, PreparedRequest.echo(bytes, answers.getOrDefault(name, 0))));
            run.measure("echo", endpoint, prepared, List.of(echo.pid()));
        }
        var folder = Files.createTempDirectory("strongroom-load");
        try (var cluster = ClusterTarget.start(folder, OPTIONS)) {
            var pids = new ArrayList<Long>();
            cluster.nodes().forEach(node -> pids.add(cluster.member(node).pid()));
            cluster.gateways()
                    .forEach(gateway -> pids.add(cluster.member(gateway).pid()));
            run.measure("cluster", cluster.endpoint(), requests(cluster), pids);
        }
        run.generator.close();
    }

    private void measure(String target, URI endpoint, Map<String, byte[]> requests, List<Long> pids)
            throws InterruptedException {
        for (var request : requests.entrySet()) {
            var unused = generator.run(endpoint, request.getValue(), 16, warmUpSeconds);
            for (int connections : CONNECTIONS) {
                double before = ProcessorTime.seconds(pids);
                var result = generator.run(endpoint, request.getValue(), connections, seconds);
                double used = ProcessorTime.seconds(pids) - before;
                print(target, request.getKey(), connections, result, used);
            }
        }
    }

    private static void print(
            String target, String operation, int connections, LoadGenerator.Result result, double processorSeconds) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %d | %.0f | %.0f | %.0f | %.1f | %d |%n",
                target,
                operation,
                connections,
                result.perSecond(),
                result.nanos().getValueAtPercentile(50) / 1e3,
                result.nanos().getValueAtPercentile(99) / 1e3,
                processorSeconds * 1e6 / Math.max(1, result.nanos().getTotalCount()),
                result.failed());
    }

    /** A 32-byte plaintext and a context of two pairs: the size of what wraps a data key. */
    private static Map<String, byte[]> requests(Target target) {
        var context = Map.of("bucket", "reports", "object", "2026/11/24/report.pdf");
        var json = ",\"EncryptionContext\":{\"bucket\":\"reports\",\"object\":\"2026/11/24/report.pdf\"}}";
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var plaintext = new byte[32];
            var blob = kms.encrypt(encrypt -> encrypt.keyId(key)
                            .plaintext(SdkBytes.fromByteArray(plaintext))
                            .encryptionContext(context))
                    .ciphertextBlob()
                    .asByteArray();
            var base64 = Base64.getEncoder();
            var bodies = new LinkedHashMap<String, String>();
            bodies.put(
                    "Encrypt",
                    "{\"KeyId\":\"" + key + "\",\"Plaintext\":\"" + base64.encodeToString(plaintext) + "\"" + json);
            bodies.put("Decrypt", "{\"CiphertextBlob\":\"" + base64.encodeToString(blob) + "\"" + json);
            bodies.put("GenerateDataKey", "{\"KeyId\":\"" + key + "\",\"KeySpec\":\"AES_256\"" + json);
            var signed = new LinkedHashMap<String, byte[]>();
            bodies.forEach((operation, body) -> signed.put(
                    operation,
                    PreparedRequest.sign(
                            target.endpoint(), operation, body, target.accessKeyId(), target.secretKey())));
            return signed;
        }
    }

    /** What each request is answered with, so that the echo answers as much. */
    private static Map<String, Integer> answerSizes(URI endpoint, Map<String, byte[]> requests) throws IOException {
        var sizes = new LinkedHashMap<String, Integer>();
        for (var request : requests.entrySet()) {
            sizes.put(request.getKey(), PreparedRequest.answerBytes(endpoint, request.getValue()));
        }
        return sizes;
    }
}
