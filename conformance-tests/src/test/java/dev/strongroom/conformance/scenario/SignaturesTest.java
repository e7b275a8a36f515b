package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.Target;
import dev.strongroom.conformance.subject.Targets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsInvalidMacException;
import software.amazon.awssdk.services.kms.model.KmsInvalidSignatureException;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

/** Signatures and MACs with keys of every spec, checked by KMS and by others. Would pass on AWS itself. */
class SignaturesTest {

    private static final byte[] MESSAGE = "attack at dawn".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    static Stream<Arguments> signingSpecs() {
        return Targets.all()
                .flatMap(target -> Arrays.stream(KeySpec.values())
                        .filter(spec -> !Kinds.signingAlgorithms(spec).isEmpty())
                        .map(spec -> Arguments.of(target.get()[0], spec)));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("signingSpecs")
    void whatIsSignedIsVerifiedHereAndElsewhere(Target target, KeySpec spec) throws GeneralSecurityException {
        try (var kms = target.kms()) {
            var key = Kinds.create(kms, spec, KeyUsageType.SIGN_VERIFY);
            var described = kms.getPublicKey(get -> get.keyId(key));
            assertEquals(Kinds.signingAlgorithms(spec), described.signingAlgorithms());
            assertEquals(spec, described.keySpec());
            var spki = described.publicKey().asByteArray();
            for (var algorithm : Kinds.signingAlgorithms(spec)) {
                requireGood(kms, key, spec, algorithm, spki);
            }
        }
    }

    private static void requireGood(
            KmsClient kms, String key, KeySpec spec, SigningAlgorithmSpec algorithm, byte[] spki)
            throws GeneralSecurityException {
        boolean preHashed = algorithm == SigningAlgorithmSpec.ED25519_PH_SHA_512;
        var message = preHashed ? Offline.digest(algorithm, MESSAGE) : MESSAGE;
        var type = preHashed ? MessageType.DIGEST : MessageType.RAW;
        var signed = kms.sign(sign ->
                sign.keyId(key).signingAlgorithm(algorithm).messageType(type).message(Kinds.bytes(message)));
        assertEquals(key, signed.keyId());
        var signature = signed.signature().asByteArray();
        assertTrue(Offline.verifies(spec, algorithm, spki, message, signature), algorithm + " elsewhere");
        assertTrue(verified(kms, key, algorithm, type, message, signature));

        var damaged = signature.clone();
        damaged[damaged.length - 1] ^= 1;
        assertThrows(KmsInvalidSignatureException.class, () -> verified(kms, key, algorithm, type, message, damaged));
        assertFalse(isGoodElsewhere(spec, algorithm, spki, message, damaged));
        if (algorithm.toString().matches("(RSASSA|ECDSA).*")) {
            var digest = Offline.digest(algorithm, MESSAGE);
            assertTrue(verified(kms, key, algorithm, MessageType.DIGEST, digest, signature), "by its digest");
        }
    }

    private static boolean isGoodElsewhere(
            KeySpec spec, SigningAlgorithmSpec algorithm, byte[] spki, byte[] message, byte[] signature) {
        try {
            return Offline.verifies(spec, algorithm, spki, message, signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean verified(
            KmsClient kms,
            String key,
            SigningAlgorithmSpec algorithm,
            MessageType type,
            byte[] message,
            byte[] signature) {
        return kms.verify(verify -> verify.keyId(key)
                        .signingAlgorithm(algorithm)
                        .messageType(type)
                        .message(Kinds.bytes(message))
                        .signature(Kinds.bytes(signature)))
                .signatureValid();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("dev.strongroom.conformance.subject.Targets#all")
    void macsOfEverySpecAreVerified(Target target) {
        try (var kms = target.kms()) {
            for (var bits : new int[] {224, 256, 384, 512}) {
                var key = Kinds.create(kms, KeySpec.fromValue("HMAC_" + bits), KeyUsageType.GENERATE_VERIFY_MAC);
                var algorithm = MacAlgorithmSpec.fromValue("HMAC_SHA_" + bits);
                var message = Kinds.bytes(MESSAGE);
                var mac = kms.generateMac(generate ->
                                generate.keyId(key).macAlgorithm(algorithm).message(message))
                        .mac();
                assertEquals(bits / 8, mac.asByteArray().length);
                assertTrue(kms.verifyMac(verify -> verify.keyId(key)
                                .macAlgorithm(algorithm)
                                .message(message)
                                .mac(mac))
                        .macValid());
                assertThrows(
                        KmsInvalidMacException.class,
                        () -> kms.verifyMac(verify -> verify.keyId(key)
                                .macAlgorithm(algorithm)
                                .message(SdkBytes.fromUtf8String("attack at dusk"))
                                .mac(mac)));
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("dev.strongroom.conformance.subject.Targets#all")
    void theWordsForWhatDoesNotFitAreThoseOfAws(Target target) {
        try (var kms = target.kms()) {
            var key = Kinds.create(kms, KeySpec.ECC_NIST_P256, KeyUsageType.SIGN_VERIFY);
            var message = Kinds.bytes(MESSAGE);
            assertEquals(
                    "InvalidKeyUsageException: Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.",
                    Kinds.refusal(() -> kms.sign(sign ->
                            sign.keyId(key).signingAlgorithm("ECDSA_SHA_384").message(message))));
            assertEquals(
                    "ValidationException: Digest is invalid length for algorithm ECDSA_SHA_256.",
                    Kinds.refusal(() -> kms.sign(sign -> sign.keyId(key)
                            .signingAlgorithm("ECDSA_SHA_256")
                            .messageType("DIGEST")
                            .message(message))));
            assertEquals(
                    "InvalidKeyUsageException: " + key + " key usage is SIGN_VERIFY which is not valid for Encrypt.",
                    Kinds.refusal(
                            () -> kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(message))));
        }
    }
}
