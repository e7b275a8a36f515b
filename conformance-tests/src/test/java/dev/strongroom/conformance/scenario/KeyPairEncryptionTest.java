package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.subject.Target;
import dev.strongroom.conformance.subject.Targets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeyPairSpec;
import software.amazon.awssdk.services.kms.model.EncryptionAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;

/** Encryption with key pairs, re-encryption, and key pairs to take away. Would pass on AWS itself. */
class KeyPairEncryptionTest {

    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");
    private static final Map<String, String> CONTEXT = Map.of("purpose", "test");

    static Stream<Arguments> rsa() {
        return Targets.all()
                .flatMap(target -> Stream.of(KeySpec.RSA_2048, KeySpec.RSA_3072, KeySpec.RSA_4096)
                        .map(spec -> Arguments.of(target.get()[0], spec)));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("rsa")
    void whatIsEncryptedWithThePublicKeyIsDecrypted(Target target, KeySpec spec) throws GeneralSecurityException {
        try (var kms = target.kms()) {
            var key = Kinds.create(kms, spec, KeyUsageType.ENCRYPT_DECRYPT);
            var spki = Kinds.publicKey(kms, key);
            for (var algorithm : new EncryptionAlgorithmSpec[] {
                EncryptionAlgorithmSpec.RSAES_OAEP_SHA_1, EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256
            }) {
                var outside = Kinds.bytes(encryptOutside(spec, algorithm, spki));
                assertEquals(PLAINTEXT, decrypt(kms, key, algorithm, outside));
                var inside = kms.encrypt(encrypt -> encrypt.keyId(key)
                                .encryptionAlgorithm(algorithm)
                                .plaintext(PLAINTEXT))
                        .ciphertextBlob();
                assertEquals(PLAINTEXT, decrypt(kms, key, algorithm, inside));
                var damaged = inside.asByteArray();
                damaged[20] ^= 1;
                assertThrows(
                        InvalidCiphertextException.class, () -> decrypt(kms, key, algorithm, Kinds.bytes(damaged)));
            }
        }
    }

    private static SdkBytes decrypt(KmsClient kms, String key, EncryptionAlgorithmSpec algorithm, SdkBytes blob) {
        var opened = kms.decrypt(
                decrypt -> decrypt.keyId(key).encryptionAlgorithm(algorithm).ciphertextBlob(blob));
        assertNull(opened.keyMaterialId());
        return opened.plaintext();
    }

    private static byte[] encryptOutside(KeySpec spec, EncryptionAlgorithmSpec algorithm, byte[] spki)
            throws GeneralSecurityException {
        var hash = algorithm == EncryptionAlgorithmSpec.RSAES_OAEP_SHA_1 ? "SHA-1" : "SHA-256";
        var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                Offline.publicKey(spec, spki),
                new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT));
        return cipher.doFinal(PLAINTEXT.asByteArray());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("dev.strongroom.conformance.subject.Targets#all")
    void aPlaintextIsCarriedFromSymmetricToRsaAndBack(Target target) {
        try (var kms = target.kms()) {
            var symmetric = kms.createKey().keyMetadata().arn();
            var rsa = Kinds.create(kms, KeySpec.RSA_2048, KeyUsageType.ENCRYPT_DECRYPT);
            var algorithm = EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256;
            var sealed = kms.encrypt(encrypt ->
                            encrypt.keyId(symmetric).plaintext(PLAINTEXT).encryptionContext(CONTEXT))
                    .ciphertextBlob();

            var there = kms.reEncrypt(move -> move.ciphertextBlob(sealed)
                    .sourceEncryptionContext(CONTEXT)
                    .destinationKeyId(rsa)
                    .destinationEncryptionAlgorithm(algorithm));
            assertEquals(symmetric, there.sourceKeyId());
            assertEquals(rsa, there.keyId());
            assertNull(there.destinationKeyMaterialId());
            assertEquals(PLAINTEXT, decrypt(kms, rsa, algorithm, there.ciphertextBlob()));

            var back = kms.reEncrypt(move -> move.ciphertextBlob(there.ciphertextBlob())
                    .sourceKeyId(rsa)
                    .sourceEncryptionAlgorithm(algorithm)
                    .destinationKeyId(symmetric)
                    .destinationEncryptionContext(CONTEXT));
            assertEquals(
                    PLAINTEXT,
                    kms.decrypt(decrypt -> decrypt.ciphertextBlob(back.ciphertextBlob())
                                    .encryptionContext(CONTEXT))
                            .plaintext());
        }
    }

    static Stream<Arguments> pairs() {
        return Targets.all()
                .flatMap(target -> Stream.of(DataKeyPairSpec.values())
                        .filter(spec -> spec != DataKeyPairSpec.UNKNOWN_TO_SDK_VERSION)
                        // Not offered outside China.
                        .filter(spec -> spec != DataKeyPairSpec.SM2)
                        .map(spec -> Arguments.of(target.get()[0], spec)));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("pairs")
    void aDataKeyPairIsUsedWithoutKms(Target target, DataKeyPairSpec pair) throws GeneralSecurityException {
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var made = kms.generateDataKeyPair(
                    generate -> generate.keyId(key).keyPairSpec(pair).encryptionContext(CONTEXT));
            var privateKey = made.privateKeyPlaintext().asByteArray();
            var opened = kms.decrypt(decrypt ->
                    decrypt.ciphertextBlob(made.privateKeyCiphertextBlob()).encryptionContext(CONTEXT));
            assertArrayEquals(privateKey, opened.plaintext().asByteArray());
            assertEquals(key, made.keyId());

            var spec = KeySpec.fromValue(pair.toString());
            var family = pair.toString().replaceAll("_.*", "");
            var factory = switch (family) {
                case "RSA" -> KeyFactory.getInstance("RSA");
                case "ML" -> KeyFactory.getInstance("ML-KEM", Offline.BOUNCY_CASTLE);
                default ->
                    pair == DataKeyPairSpec.ECC_NIST_EDWARDS25519
                            ? KeyFactory.getInstance("Ed25519")
                            : KeyFactory.getInstance("EC", Offline.BOUNCY_CASTLE);
            };
            var secret = factory.generatePrivate(new PKCS8EncodedKeySpec(privateKey));
            var spki = made.publicKey().asByteArray();
            LocalPair.require(spec, secret, spki);
            var sealedOnly = kms.generateDataKeyPairWithoutPlaintext(
                    generate -> generate.keyId(key).keyPairSpec(DataKeyPairSpec.ECC_NIST_P256));
            assertEquals(91, sealedOnly.publicKey().asByteArray().length);
        }
    }
}
