package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each algorithm that OpenSSL has, in both directions: what we sign or encrypt it takes, and the other way round. */
class OpenSslInteropTest {

    private static final byte[] MESSAGE = TestEntropy.counting(17, 333);

    @TempDir
    Path folder;

    @BeforeAll
    static void opensslIsThere() {
        assumeTrue(OpenSsl.present(), "no openssl on this machine");
    }

    @BeforeEach
    void writeTheMessage() throws IOException {
        Files.write(folder.resolve("message"), MESSAGE);
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void signaturesAreTakenInBothDirections(KeySpec spec, SigningAlgorithm algorithm) throws Exception {
        var pair = TestKeys.pair(spec);
        writeKeys(spec);
        var options = options(algorithm);
        Files.write(folder.resolve("signature"), pair.sign(algorithm, MessageType.RAW, MESSAGE));
        OpenSsl.run(folder, command(options, "-verify", "-pubin", "-inkey", "public.pem", "-sigfile", "signature"));
        var wrong = Files.readAllBytes(folder.resolve("signature"));
        wrong[wrong.length - 1] ^= 1;
        Files.write(folder.resolve("wrong"), wrong);
        assertFalse(OpenSsl.succeeds(
                folder, command(options, "-verify", "-pubin", "-inkey", "public.pem", "-sigfile", "wrong")));
        OpenSsl.run(folder, command(options, "-sign", "-inkey", "private.pem", "-out", "theirs"));
        assertTrue(pair.verify(algorithm, MessageType.RAW, MESSAGE, Files.readAllBytes(folder.resolve("theirs"))));
    }

    static Stream<Arguments> signatures() {
        return TestKeys.pairs().stream()
                .filter(spec -> !spec.name().startsWith("ML_"))
                .flatMap(spec -> TestKeys.algorithms(spec).stream()
                        // OpenSSL 3.0 has no Ed25519ph.
                        .filter(algorithm -> algorithm != SigningAlgorithm.ED25519_PH_SHA_512)
                        // One modulus for every algorithm, and every modulus for one.
                        .filter(algorithm -> (spec != KeySpec.RSA_3072 && spec != KeySpec.RSA_4096)
                                || algorithm == SigningAlgorithm.RSASSA_PSS_SHA_256)
                        .map(algorithm -> Arguments.of(spec, algorithm)));
    }

    private static List<String> options(SigningAlgorithm algorithm) {
        var options = new ArrayList<>(List.of("-rawin"));
        if (algorithm == SigningAlgorithm.ED25519_SHA_512) {
            return options;
        }
        if (algorithm == SigningAlgorithm.SM2DSA) {
            options.addAll(List.of("-digest", "sm3", "-pkeyopt", "distid:1234567812345678"));
            return options;
        }
        var hash = "sha" + TestKeys.digestBytes(algorithm) * 8;
        options.addAll(List.of("-digest", hash));
        if (algorithm.name().contains("_PSS_")) {
            options.addAll(List.of(
                    "-pkeyopt",
                    "rsa_padding_mode:pss",
                    "-pkeyopt",
                    "rsa_pss_saltlen:digest",
                    "-pkeyopt",
                    "rsa_mgf1_md:" + hash));
        }
        return options;
    }

    private static String[] command(List<String> options, String... more) {
        var command = new ArrayList<>(List.of("pkeyutl", "-in", "message"));
        command.addAll(List.of(more));
        command.addAll(options);
        return command.toArray(new String[0]);
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048, RSAES_OAEP_SHA_1, sha1",
        "RSA_2048, RSAES_OAEP_SHA_256, sha256",
        "RSA_4096, RSAES_OAEP_SHA_256, sha256",
        "SM2, SM2PKE, sm3"
    })
    void ciphertextsAreTakenInBothDirections(KeySpec spec, EncryptionAlgorithm algorithm, String hash)
            throws Exception {
        var pair = TestKeys.pair(spec);
        writeKeys(spec);
        var plaintext = TestEntropy.counting(40, 60);
        Files.write(folder.resolve("message"), plaintext);
        var options = spec == KeySpec.SM2
                ? List.<String>of()
                : List.of(
                        "-pkeyopt",
                        "rsa_padding_mode:oaep",
                        "-pkeyopt",
                        "rsa_oaep_md:" + hash,
                        "-pkeyopt",
                        "rsa_mgf1_md:" + hash);
        OpenSsl.run(folder, command(options, "-encrypt", "-pubin", "-inkey", "public.pem", "-out", "theirs"));
        assertArrayEquals(plaintext, pair.decrypt(algorithm, Files.readAllBytes(folder.resolve("theirs"))));
        Files.write(folder.resolve("message"), pair.encrypt(algorithm, plaintext));
        OpenSsl.run(folder, command(options, "-decrypt", "-inkey", "private.pem", "-out", "opened"));
        assertArrayEquals(plaintext, Files.readAllBytes(folder.resolve("opened")));
    }

    @ParameterizedTest
    @CsvSource({"HMAC_224, 28, sha224", "HMAC_256, 32, sha256", "HMAC_384, 48, sha384", "HMAC_512, 64, sha512"})
    void tagsAreTheSame(KeySpec spec, int bytes, String hash) throws Exception {
        var secret = TestEntropy.counting(5, bytes);
        var option = "hexkey:" + HexFormat.of().formatHex(secret);
        OpenSsl.run(folder, "dgst", "-" + hash, "-mac", "HMAC", "-macopt", option, "-binary", "-out", "tag", "message");
        try (var key = KeyMaterial.takeFrom(secret)) {
            assertArrayEquals(Files.readAllBytes(folder.resolve("tag")), HmacKeys.mac(spec, key, MESSAGE));
        }
    }

    @ParameterizedTest
    @CsvSource({"ECC_NIST_P256, P-256", "ECC_NIST_P384, P-384", "ECC_NIST_P521, P-521"})
    void bothAgreeOnTheSameSecret(KeySpec spec, String curve) throws Exception {
        writeKeys(spec);
        OpenSsl.run(folder, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + curve, "-out", "peer");
        OpenSsl.run(folder, "pkey", "-in", "peer", "-pubout", "-outform", "DER", "-out", "peer.der");
        OpenSsl.run(folder, "pkeyutl", "-derive", "-inkey", "peer", "-peerkey", "public.pem", "-out", "secret");
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("secret")),
                TestKeys.pair(spec).agree(Files.readAllBytes(folder.resolve("peer.der"))));
    }

    /** A key that OpenSSL made is imported, and is the same key. */
    @ParameterizedTest
    @CsvSource({
        "RSA_3072, RSA, rsa_keygen_bits:3072",
        "ECC_NIST_P256, EC, ec_paramgen_curve:P-256",
        "ECC_NIST_P521, EC, ec_paramgen_curve:P-521",
        "ECC_SECG_P256K1, EC, ec_paramgen_curve:secp256k1",
        "SM2, EC, ec_paramgen_curve:SM2"
    })
    void keysOfOpensslAreImported(KeySpec spec, String algorithm, String option) throws Exception {
        OpenSsl.run(folder, "genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", "key.pem");
        OpenSsl.run(folder, "pkcs8", "-topk8", "-nocrypt", "-in", "key.pem", "-outform", "DER", "-out", "key");
        OpenSsl.run(folder, "pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "public");
        try (var imported = new ImportedMaterial(TestEntropy.shared())
                        .canonical(spec, Files.readAllBytes(folder.resolve("key")));
                var pair = KeyPair.open(spec, imported, TestEntropy.shared())) {
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("public")),
                    pair.publicKey().toArray());
        }
    }

    private void writeKeys(KeySpec spec) throws IOException {
        var material = TestKeys.material(spec);
        var pkcs8 = new byte[material.length()];
        material.read(0, pkcs8, pkcs8.length);
        Files.write(folder.resolve("private.der"), pkcs8);
        OpenSsl.run(folder, "pkey", "-inform", "DER", "-in", "private.der", "-out", "private.pem");
        Files.write(
                folder.resolve("public.der"), TestKeys.pair(spec).publicKey().toArray());
        OpenSsl.run(folder, "pkey", "-pubin", "-inform", "DER", "-in", "public.der", "-out", "public.pem");
    }
}
