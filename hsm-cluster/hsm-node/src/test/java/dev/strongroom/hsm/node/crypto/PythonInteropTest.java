package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The post-quantum algorithms, which OpenSSL 3.0 lacks, against the OpenSSL inside Python's {@code cryptography} 47 or later. */
class PythonInteropTest {

    private static final HexFormat HEX = HexFormat.of();

    private static final String PRELUDE = """
            import sys
            from cryptography.hazmat.primitives.asymmetric import mldsa, mlkem
            from cryptography.hazmat.primitives import serialization as s
            a = [bytes.fromhex(x) for x in sys.argv[1:]]
            """;

    @BeforeAll
    static void pythonIsThere() {
        boolean present;
        try {
            present = python("print('00')").length == 1;
        } catch (IOException | AssertionError e) {
            present = false;
        }
        assumeTrue(present, "no python3 with cryptography 47 or later on this machine");
    }

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"ML_DSA_44", "ML_DSA_65", "ML_DSA_87"})
    void mlDsaSignaturesAreTakenInBothDirections(KeySpec spec) throws Exception {
        var pair = TestKeys.pair(spec);
        var message = TestEntropy.counting(9, 99);
        var algorithm = SigningAlgorithm.ML_DSA_SHAKE_256;
        var ours = pair.sign(algorithm, MessageType.RAW, message);
        var verified = python(
                "s.load_der_public_key(a[0]).verify(a[2], a[1]); print('01')",
                pair.publicKey().toArray(),
                message,
                ours);
        assertArrayEquals(new byte[] {1}, verified);
        var theirs = python("print(s.load_der_private_key(a[0], None).sign(a[1]).hex())", pkcs8(spec), message);
        assertTrue(pair.verify(algorithm, MessageType.RAW, message, theirs));
    }

    /** The module has no ML-KEM-512; that one has its known answers. */
    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"ML_KEM_768", "ML_KEM_1024"})
    void mlKemSecretsAreTheSameInBothDirections(KeySpec spec) throws Exception {
        var pair = TestKeys.pair(spec);
        var ours = pair.encapsulate();
        assertArrayEquals(
                ours.secret(),
                python("print(s.load_der_private_key(a[0], None).decapsulate(a[1]).hex())", pkcs8(spec), ours.blob()));
        var theirs = python(
                "x = s.load_der_public_key(a[0]).encapsulate(); print((x[0] + x[1]).hex())",
                pair.publicKey().toArray());
        assertEquals(32 + ours.blob().length, theirs.length);
        assertArrayEquals(Arrays.copyOf(theirs, 32), pair.decapsulate(Arrays.copyOfRange(theirs, 32, theirs.length)));
    }

    private static byte[] pkcs8(KeySpec spec) {
        var material = TestKeys.material(spec);
        var pkcs8 = new byte[material.length()];
        material.read(0, pkcs8, pkcs8.length);
        return pkcs8;
    }

    private static byte[] python(String statement, byte[]... arguments) throws IOException {
        var command = Stream.concat(
                        Stream.of("python3", "-c", PRELUDE + statement),
                        Arrays.stream(arguments).map(HEX::formatHex))
                .toList();
        var process = new ProcessBuilder(List.copyOf(command))
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            assertEquals(0, process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return HEX.parseHex(output);
    }
}
