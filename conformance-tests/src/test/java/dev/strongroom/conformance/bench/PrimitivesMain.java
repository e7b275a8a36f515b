package dev.strongroom.conformance.bench;

import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.HmacKeys;
import dev.strongroom.hsm.node.crypto.KeyGeneration;
import dev.strongroom.hsm.node.crypto.KeyPair;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * What signatures and MACs cost: the bare primitive, a request through the whole path of the embedded mode, and {@code
 * openssl speed}, in the same run. Bare costs are the processor time of one thread, those of requests the server's: other work
 * on the machine does not count. Writes its section of BENCHMARKS.md.
 *
 * <p>Arguments: that file; processor seconds to warm up and to measure for each row, 2 and 3 if absent.
 */
public final class PrimitivesMain {

    private static final double NANOS = 1e9;
    private static final int CONNECTIONS = 16;
    private static final byte[] MESSAGE = new byte[64];
    private static final String MESSAGE_JSON =
            "\"Message\":\"" + Base64.getEncoder().encodeToString(MESSAGE) + "\"";

    private final Entropy entropy = Entropy.start(Bytes.ofHex("62656e6368"), System::nanoTime);
    private final KeyGeneration generation = new KeyGeneration(entropy);
    private final EmbeddedTarget target;
    private final KmsClient kms;
    private final int warmUpSeconds;
    private final int seconds;
    private final StringBuilder table = new StringBuilder("| | bare, µs | bare, operations/s of one core"
            + " | whole path, CPU µs/request | whole path, requests/s |\n|---|---:|---:|---:|---:|\n");

    private PrimitivesMain(EmbeddedTarget target, KmsClient kms, int warmUpSeconds, int seconds) {
        this.target = target;
        this.kms = kms;
        this.warmUpSeconds = warmUpSeconds;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        var file = new BenchmarksFile(Path.of(args[0]));
        int warmUp = args.length > 1 ? Integer.parseInt(args[1]) : 2;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        try (var target = EmbeddedTarget.forBenchmark(List.of("-Xms512m", "-Xmx512m"));
                var kms = target.kms()) {
            var run = new PrimitivesMain(target, kms, warmUp, seconds);
            run.sign(KeySpec.RSA_2048, SigningAlgorithm.RSASSA_PSS_SHA_256);
            run.sign(KeySpec.RSA_3072, SigningAlgorithm.RSASSA_PSS_SHA_256);
            run.sign(KeySpec.RSA_4096, SigningAlgorithm.RSASSA_PSS_SHA_256);
            run.sign(KeySpec.ECC_NIST_P256, SigningAlgorithm.ECDSA_SHA_256);
            run.sign(KeySpec.ECC_NIST_P384, SigningAlgorithm.ECDSA_SHA_384);
            run.sign(KeySpec.ECC_SECG_P256K1, SigningAlgorithm.ECDSA_SHA_256);
            run.sign(KeySpec.ECC_NIST_EDWARDS25519, SigningAlgorithm.ED25519_SHA_512);
            run.sign(KeySpec.ML_DSA_65, SigningAlgorithm.ML_DSA_SHAKE_256);
            run.mac();
            run.table
                    .append("\n```text\n")
                    .append(openssl("rsa2048", "rsa3072", "rsa4096", "ecdsap256", "ecdsap384", "ed25519"))
                    .append(openssl("-bytes", "64", "-hmac", "sha256"))
                    .append("```\n");
            System.out.println(run.table);
            file.replace("primitives", run.table.toString());
        }
    }

    private void sign(KeySpec spec, SigningAlgorithm algorithm) throws Exception {
        try (var material = generation.generate(spec);
                var pair = KeyPair.open(spec, material, entropy)) {
            var key = kms.createKey(create -> create.keySpec(spec.name()).keyUsage("SIGN_VERIFY"))
                    .keyMetadata()
                    .keyId();
            row(
                    spec + " " + algorithm,
                    () -> pair.sign(algorithm, MessageType.RAW, MESSAGE),
                    "Sign",
                    "{\"KeyId\":\"" + key + "\",\"SigningAlgorithm\":\"" + algorithm + "\"," + MESSAGE_JSON + "}");
        }
    }

    private void mac() throws Exception {
        try (var material = generation.generate(KeySpec.HMAC_256)) {
            var key = kms.createKey(create -> create.keySpec("HMAC_256").keyUsage("GENERATE_VERIFY_MAC"))
                    .keyMetadata()
                    .keyId();
            row(
                    "HMAC_256, 64 bytes",
                    () -> HmacKeys.mac(KeySpec.HMAC_256, material, MESSAGE),
                    "GenerateMac",
                    "{\"KeyId\":\"" + key + "\",\"MacAlgorithm\":\"HMAC_SHA_256\"," + MESSAGE_JSON + "}");
        }
    }

    private void row(String name, Supplier<byte[]> primitive, String operation, String body) throws Exception {
        double unused = measure(warmUpSeconds, primitive);
        double each = measure(seconds, primitive);
        var request =
                PreparedRequest.sign(target.endpoint(), operation, body, target.accessKeyId(), target.secretKey());
        var warmed = LoadGenerator.run(target.endpoint(), request, CONNECTIONS, Duration.ofSeconds(warmUpSeconds));
        var pids = List.of(target.program().pid());
        double before = ProcessorTime.seconds(pids);
        var load = LoadGenerator.run(target.endpoint(), request, CONNECTIONS, Duration.ofSeconds(seconds));
        double used = ProcessorTime.seconds(pids) - before;
        if (warmed.failed() + load.failed() > 0) {
            throw new IllegalStateException(name + ": requests failed");
        }
        var line = String.format(
                Locale.ROOT,
                "| %s | %.1f | %,.0f | %.1f | %,.0f |%n",
                name,
                each * 1e6,
                1 / each,
                used * 1e6 / Math.max(1, load.nanos().getTotalCount()),
                load.perSecond());
        System.out.print(line);
        table.append(line);
    }

    /** Seconds of this thread's processor time for one operation. */
    private static double measure(int seconds, Supplier<byte[]> operation) {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long end = start + (long) (seconds * NANOS);
        long count = 0;
        int bytes = 0;
        long now = start;
        while (now < end) {
            for (int i = 0; i < 20; i++) {
                bytes |= operation.get().length;
            }
            count += 20;
            now = threads.getCurrentThreadCpuTime();
        }
        if (bytes == 0) {
            throw new IllegalStateException("nothing was computed");
        }
        return (now - start) / NANOS / count;
    }

    /** The lines that hold results. */
    private static String openssl(String... what) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("openssl", "speed", "-seconds", "3"));
        command.addAll(List.of(what));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            return "openssl speed did not run\n";
        }
        return output.lines()
                        .filter(line -> !line.contains(":") && !line.isBlank())
                        .collect(Collectors.joining("\n"))
                + "\n";
    }
}
