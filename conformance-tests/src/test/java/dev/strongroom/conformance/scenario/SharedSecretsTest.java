package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.subject.Target;
import dev.strongroom.conformance.subject.Targets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.KeyAgreement;
import javax.crypto.KeyGenerator;
import org.bouncycastle.jcajce.SecretKeyWithEncapsulation;
import org.bouncycastle.jcajce.spec.KEMGenerateSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.kms.model.EncapsulationAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeyAgreementAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.OriginType;

/** Secrets shared with somebody who has a key of their own, or only the public key. Would pass on AWS itself. */
class SharedSecretsTest {

    private static final Map<KeySpec, String> CURVES = Map.of(
            KeySpec.ECC_NIST_P256, "secp256r1", KeySpec.ECC_NIST_P384, "secp384r1", KeySpec.ECC_NIST_P521, "secp521r1");
    private static final Map<KeySpec, Integer> BLOB_BYTES =
            Map.of(KeySpec.ML_KEM_512, 768, KeySpec.ML_KEM_768, 1088, KeySpec.ML_KEM_1024, 1568);

    static Stream<Arguments> curves() {
        return cases(CURVES);
    }

    static Stream<Arguments> kems() {
        return cases(BLOB_BYTES);
    }

    private static Stream<Arguments> cases(Map<KeySpec, ?> specs) {
        return Targets.all()
                .flatMap(target -> specs.keySet().stream().map(spec -> Arguments.of(target.get()[0], spec)));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("curves")
    void bothSidesOfAnAgreementComeToTheSameSecret(Target target, KeySpec spec) throws GeneralSecurityException {
        try (var kms = target.kms()) {
            var key = Kinds.create(kms, spec, KeyUsageType.KEY_AGREEMENT);
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVES.get(spec)));
            var ours = generator.generateKeyPair();

            var derived = kms.deriveSharedSecret(derive -> derive.keyId(key)
                    .keyAgreementAlgorithm(KeyAgreementAlgorithmSpec.ECDH)
                    .publicKey(Kinds.bytes(ours.getPublic().getEncoded())));

            var agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(ours.getPrivate());
            var unused = agreement.doPhase(Offline.publicKey(spec, Kinds.publicKey(kms, key)), true);
            assertArrayEquals(agreement.generateSecret(), derived.sharedSecret().asByteArray());
            assertEquals(key, derived.keyId());
            assertEquals(OriginType.AWS_KMS, derived.keyOrigin());
            assertEquals(
                    "ValidationException: ",
                    Kinds.refusal(() -> kms.deriveSharedSecret(derive -> derive.keyId(key)
                                    .keyAgreementAlgorithm(KeyAgreementAlgorithmSpec.ECDH)
                                    .publicKey(Kinds.bytes(new byte[91]))))
                            .replace("null", ""));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("kems")
    void anEncapsulatedSecretIsToldByItsBlob(Target target, KeySpec spec) throws GeneralSecurityException {
        try (var kms = target.kms()) {
            var key = Kinds.create(kms, spec, KeyUsageType.ENCAPSULATE_DECAPSULATE);
            var algorithm = EncapsulationAlgorithmSpec.ML_KEM;

            var made = kms.encapsulate(encapsulate -> encapsulate.keyId(key).encapsulationAlgorithm(algorithm));
            var blob = made.sharedSecretCiphertextBlob();
            assertEquals(BLOB_BYTES.get(spec), blob.asByteArray().length);
            var opened = kms.decapsulate(decapsulate ->
                    decapsulate.keyId(key).encapsulationAlgorithm(algorithm).sharedSecretCiphertextBlob(blob));
            assertEquals(made.sharedSecret(), opened.sharedSecret());

            var outside = encapsulateOutside(spec, Kinds.publicKey(kms, key));
            var told = kms.decapsulate(decapsulate -> decapsulate
                    .keyId(key)
                    .encapsulationAlgorithm(algorithm)
                    .sharedSecretCiphertextBlob(Kinds.bytes(outside.getEncapsulation())));
            assertArrayEquals(outside.getEncoded(), told.sharedSecret().asByteArray());

            var cut = Kinds.bytes(Arrays.copyOf(blob.asByteArray(), 700));
            assertThrows(
                    InvalidCiphertextException.class,
                    () -> kms.decapsulate(decapsulate -> decapsulate
                            .keyId(key)
                            .encapsulationAlgorithm(algorithm)
                            .sharedSecretCiphertextBlob(cut)));
        }
    }

    /** By somebody who has the public key only. */
    private static SecretKeyWithEncapsulation encapsulateOutside(KeySpec spec, byte[] spki)
            throws GeneralSecurityException {
        var generator = KeyGenerator.getInstance("ML-KEM", Offline.BOUNCY_CASTLE);
        generator.init(new KEMGenerateSpec.Builder(Offline.publicKey(spec, spki), "AES", 256)
                .withNoKdf()
                .build());
        return (SecretKeyWithEncapsulation) generator.generateKey();
    }
}
