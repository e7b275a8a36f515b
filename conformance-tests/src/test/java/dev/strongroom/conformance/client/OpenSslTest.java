package dev.strongroom.conformance.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.conformance.subject.Targets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MessageType;

/** Exchanges with OpenSSL on the command line: what one makes the other reads. Skipped, with the reason, without it. */
class OpenSslTest {

    private static final byte[] MESSAGE = "attack at dawn".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private KmsClient kms;

    @BeforeEach
    void open() {
        assumeTrue(OtherProgram.succeeds("openssl", "version"), "there is no openssl");
        kms = Targets.embedded().kms();
    }

    private String create(String spec, KeyUsageType usage) {
        return kms.createKey(create -> create.keySpec(KeySpec.fromValue(spec)).keyUsage(usage))
                .keyMetadata()
                .keyId();
    }

    /** The public key in a file of its own, as OpenSSL reads it. */
    private void writePublicKey(String key) throws IOException {
        write("public.der", kms.getPublicKey(get -> get.keyId(key)).publicKey().asByteArray());
    }

    private void write(String name, byte[] octets) throws IOException {
        var unused = Files.write(folder.resolve(name), octets);
    }

    /** Whether a run of openssl ends well; {@code @name} stands for a file of the folder. */
    private boolean openssl(String arguments) {
        var command = new ArrayList<>(List.of("openssl"));
        for (var argument : arguments.split(" ", -1)) {
            command.add(
                    argument.startsWith("@")
                            ? folder.resolve(argument.substring(1)).toString()
                            : argument);
        }
        return OtherProgram.succeeds(command.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048, RSASSA_PKCS1_V1_5_SHA_256, dgst -sha256",
        "RSA_2048, RSASSA_PKCS1_V1_5_SHA_512, dgst -sha512",
        "RSA_2048, RSASSA_PSS_SHA_256, dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
        "RSA_2048, RSASSA_PSS_SHA_384, dgst -sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:48",
        "ECC_NIST_P256, ECDSA_SHA_256, dgst -sha256",
        "ECC_NIST_P384, ECDSA_SHA_384, dgst -sha384",
        "ECC_NIST_P521, ECDSA_SHA_512, dgst -sha512",
        "ECC_SECG_P256K1, ECDSA_SHA_256, dgst -sha256"
    })
    void opensslVerifiesWhatKmsSigns(String spec, String algorithm, String digest) throws IOException {
        var key = create(spec, KeyUsageType.SIGN_VERIFY);
        writePublicKey(key);
        sign(key, algorithm);
        var verify = digest + " -keyform DER -verify @public.der -signature @signature @message";
        assertTrue(openssl(verify), spec + " " + algorithm);
        write("message", "attack at dusk".getBytes(StandardCharsets.UTF_8));
        assertFalse(openssl(verify), "another message");
    }

    private void sign(String key, String algorithm) throws IOException {
        write("message", MESSAGE);
        var signature = kms.sign(sign -> sign.keyId(key)
                        .signingAlgorithm(algorithm)
                        .messageType(MessageType.RAW)
                        .message(SdkBytes.fromByteArray(MESSAGE)))
                .signature()
                .asByteArray();
        write("signature", signature);
    }

    @ParameterizedTest
    @CsvSource({
        "ECC_NIST_EDWARDS25519, ED25519_SHA_512, ''",
        "SM2, SM2DSA, -digest sm3 -pkeyopt distid:1234567812345678",
        "ML_DSA_44, ML_DSA_SHAKE_256, ''",
        "ML_DSA_65, ML_DSA_SHAKE_256, ''",
        "ML_DSA_87, ML_DSA_SHAKE_256, ''"
    })
    void opensslVerifiesWhatKmsSignsWithoutADigest(String spec, String algorithm, String options) throws IOException {
        var key = create(spec, KeyUsageType.SIGN_VERIFY);
        writePublicKey(key);
        assumeTrue(openssl("pkey -pubin -inform DER -in @public.der -noout"), "this openssl does not know " + spec);
        sign(key, algorithm);
        var verify = "pkeyutl -verify -rawin -pubin -keyform DER -inkey @public.der -in @message -sigfile @signature"
                + (options.isEmpty() ? "" : " " + options);
        assertTrue(openssl(verify), spec + " " + algorithm);
        write("message", "attack at dusk".getBytes(StandardCharsets.UTF_8));
        assertFalse(openssl(verify), "another message");
    }

    @ParameterizedTest
    @CsvSource({"RSAES_OAEP_SHA_1, sha1", "RSAES_OAEP_SHA_256, sha256"})
    void kmsDecryptsWhatOpensslEncrypts(String algorithm, String hash) throws IOException {
        var key = create("RSA_2048", KeyUsageType.ENCRYPT_DECRYPT);
        writePublicKey(key);
        write("message", MESSAGE);
        assertTrue(openssl("pkeyutl -encrypt -pubin -keyform DER -inkey @public.der -in @message -out @sealed"
                + " -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:" + hash + " -pkeyopt rsa_mgf1_md:" + hash));
        assertArrayEquals(MESSAGE, decrypt(key, algorithm));
    }

    @Test
    void kmsDecryptsWhatOpensslEncryptsWithSm2() throws IOException {
        var key = create("SM2", KeyUsageType.ENCRYPT_DECRYPT);
        writePublicKey(key);
        write("message", MESSAGE);
        assumeTrue(
                openssl("pkeyutl -encrypt -pubin -keyform DER -inkey @public.der -in @message -out @sealed"),
                "this openssl does not encrypt with SM2");
        assertArrayEquals(MESSAGE, decrypt(key, "SM2PKE"));
    }

    private byte[] decrypt(String key, String algorithm) throws IOException {
        var sealed = SdkBytes.fromByteArray(Files.readAllBytes(folder.resolve("sealed")));
        return kms.decrypt(decrypt ->
                        decrypt.keyId(key).encryptionAlgorithm(algorithm).ciphertextBlob(sealed))
                .plaintext()
                .asByteArray();
    }

    @ParameterizedTest
    @CsvSource({"ECC_NIST_P256, P-256", "ECC_NIST_P384, P-384", "ECC_NIST_P521, P-521"})
    void bothComeToTheSameSecret(String spec, String curve) throws IOException {
        var key = create(spec, KeyUsageType.KEY_AGREEMENT);
        writePublicKey(key);
        assertTrue(openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" + curve + " -out @ours.pem"));
        assertTrue(openssl("pkey -in @ours.pem -pubout -outform DER -out @ours.der"));
        assertTrue(openssl("pkeyutl -derive -inkey @ours.pem -peerform DER -peerkey @public.der -out @secret"));
        var ours = SdkBytes.fromByteArray(Files.readAllBytes(folder.resolve("ours.der")));
        var derived = kms.deriveSharedSecret(
                derive -> derive.keyId(key).keyAgreementAlgorithm("ECDH").publicKey(ours));
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("secret")),
                derived.sharedSecret().asByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA_2048", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1"})
    void opensslSignsWithADataKeyPair(String spec) throws IOException {
        var key = kms.createKey().keyMetadata().keyId();
        var pair = kms.generateDataKeyPair(generate -> generate.keyId(key).keyPairSpec(spec));
        write("private.der", pair.privateKeyPlaintext().asByteArray());
        write("public.der", pair.publicKey().asByteArray());
        write("message", MESSAGE);
        assertTrue(openssl("dgst -sha256 -keyform DER -sign @private.der -out @signature @message"));
        assertTrue(openssl("dgst -sha256 -keyform DER -verify @public.der -signature @signature @message"));
        assertEquals(spec, pair.keyPairSpecAsString().toUpperCase(Locale.ROOT));
    }
}
