package dev.strongroom.conformance.bench;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What the bare primitives cost, beside {@code openssl speed} in the same run, each by the processor time of one thread:
 * other work on the machine does not count. Prints a table in Markdown, then what OpenSSL says.
 *
 * <p>Arguments: processor seconds to warm up and to measure for each row, 2 and 3 if absent.
 */
public final class PrimitivesMain {

    private static final double NANOS = 1e9;
    private static final byte[] MESSAGE = new byte[64];

    private final Entropy entropy = Entropy.start(Bytes.ofHex("62656e6368"), System::nanoTime);
    private final KeyGeneration generation = new KeyGeneration(entropy);
    private final int warmUpSeconds;
    private final int seconds;

    private PrimitivesMain(int warmUpSeconds, int seconds) {
        this.warmUpSeconds = warmUpSeconds;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        var run = new PrimitivesMain(
                args.length > 0 ? Integer.parseInt(args[0]) : 2, args.length > 1 ? Integer.parseInt(args[1]) : 3);
        System.out.println("| primitive | µs | operations/s of one core |");
        System.out.println("|---|---:|---:|");
        run.sign(KeySpec.RSA_2048, SigningAlgorithm.RSASSA_PSS_SHA_256);
        run.sign(KeySpec.RSA_3072, SigningAlgorithm.RSASSA_PSS_SHA_256);
        run.sign(KeySpec.RSA_4096, SigningAlgorithm.RSASSA_PSS_SHA_256);
        run.sign(KeySpec.ECC_NIST_P256, SigningAlgorithm.ECDSA_SHA_256);
        run.sign(KeySpec.ECC_NIST_P384, SigningAlgorithm.ECDSA_SHA_384);
        run.sign(KeySpec.ECC_SECG_P256K1, SigningAlgorithm.ECDSA_SHA_256);
        run.sign(KeySpec.ECC_NIST_EDWARDS25519, SigningAlgorithm.ED25519_SHA_512);
        run.sign(KeySpec.ML_DSA_65, SigningAlgorithm.ML_DSA_SHAKE_256);
        try (var key = run.generation.generate(KeySpec.HMAC_256)) {
            run.row("HMAC_256, 64 bytes", () -> HmacKeys.mac(KeySpec.HMAC_256, key, MESSAGE));
        }
        System.out.println();
        openssl("rsa2048", "rsa3072", "rsa4096", "ecdsap256", "ecdsap384", "ed25519");
        openssl("-bytes", "64", "-hmac", "sha256");
    }

    private void sign(KeySpec spec, SigningAlgorithm algorithm) throws Exception {
        try (var material = generation.generate(spec);
                var pair = KeyPair.open(spec, material, entropy)) {
            row(spec + " " + algorithm, () -> pair.sign(algorithm, MessageType.RAW, MESSAGE));
        }
    }

    private void row(String name, Supplier<byte[]> operation) {
        double unused = measure(warmUpSeconds, operation);
        double each = measure(seconds, operation);
        System.out.printf(Locale.ROOT, "| %s | %.1f | %.0f |%n", name, each * 1e6, 1 / each);
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

    private static void openssl(String... what) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("openssl", "speed", "-seconds", "3"));
        command.addAll(List.of(what));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        System.out.println(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        if (process.waitFor() != 0) {
            System.out.println("openssl speed did not run");
        }
    }
}
