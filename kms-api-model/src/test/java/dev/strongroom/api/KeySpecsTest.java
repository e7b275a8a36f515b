package dev.strongroom.api;

import static dev.strongroom.api.KeySpecs.ENCRYPT_DECRYPT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kms.model.DataKeyPairSpec;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.EncapsulationAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.EncryptionAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.KeyAgreementAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

class KeySpecsTest {

    private static final String RSA_SIGNING =
            "RSASSA_PKCS1_V1_5_SHA_256 RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512"
                    + " RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512";

    /** Written out in full, independent of the table's own shorthand: spec, usage, algorithms in order. */
    static Stream<Arguments> legal() {
        return Stream.of(
                        "SYMMETRIC_DEFAULT ENCRYPT_DECRYPT SYMMETRIC_DEFAULT",
                        "RSA_2048 ENCRYPT_DECRYPT RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256",
                        "RSA_3072 ENCRYPT_DECRYPT RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256",
                        "RSA_4096 ENCRYPT_DECRYPT RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256",
                        "RSA_2048 SIGN_VERIFY " + RSA_SIGNING,
                        "RSA_3072 SIGN_VERIFY " + RSA_SIGNING,
                        "RSA_4096 SIGN_VERIFY " + RSA_SIGNING,
                        "ECC_NIST_P256 SIGN_VERIFY ECDSA_SHA_256",
                        "ECC_NIST_P256 KEY_AGREEMENT ECDH",
                        "ECC_NIST_P384 SIGN_VERIFY ECDSA_SHA_384",
                        "ECC_NIST_P384 KEY_AGREEMENT ECDH",
                        "ECC_NIST_P521 SIGN_VERIFY ECDSA_SHA_512",
                        "ECC_NIST_P521 KEY_AGREEMENT ECDH",
                        "ECC_SECG_P256K1 SIGN_VERIFY ECDSA_SHA_256",
                        "ECC_NIST_EDWARDS25519 SIGN_VERIFY ED25519_SHA_512 ED25519_PH_SHA_512",
                        "HMAC_224 GENERATE_VERIFY_MAC HMAC_SHA_224",
                        "HMAC_256 GENERATE_VERIFY_MAC HMAC_SHA_256",
                        "HMAC_384 GENERATE_VERIFY_MAC HMAC_SHA_384",
                        "HMAC_512 GENERATE_VERIFY_MAC HMAC_SHA_512",
                        "ML_DSA_44 SIGN_VERIFY ML_DSA_SHAKE_256",
                        "ML_DSA_65 SIGN_VERIFY ML_DSA_SHAKE_256",
                        "ML_DSA_87 SIGN_VERIFY ML_DSA_SHAKE_256",
                        "ML_KEM_512 ENCAPSULATE_DECAPSULATE ML_KEM",
                        "ML_KEM_768 ENCAPSULATE_DECAPSULATE ML_KEM",
                        "ML_KEM_1024 ENCAPSULATE_DECAPSULATE ML_KEM",
                        "SM2 ENCRYPT_DECRYPT SM2PKE",
                        "SM2 SIGN_VERIFY SM2DSA",
                        "SM2 KEY_AGREEMENT ECDH")
                .map(line -> line.split(" "))
                .map(words -> Arguments.of(words[0], words[1], List.of(words).subList(2, words.length)));
    }

    @ParameterizedTest
    @MethodSource("legal")
    void algorithmsOfALegalPairAreInTheOrderOfTheService(String spec, String usage, List<String> algorithms) {
        assertTrue(KeySpecs.isLegal(spec, usage));
        assertEquals(algorithms, KeySpecs.algorithms(spec, usage));
    }

    @Test
    void noOtherPairOfTheModelIsLegal() {
        var legal = legal().map(a -> a.get()[0] + " " + a.get()[1]).collect(Collectors.toCollection(TreeSet::new));
        var found = new TreeSet<String>();
        for (var spec : KeySpec.knownValues()) {
            for (var usage : KeyUsageType.knownValues()) {
                if (KeySpecs.isLegal(spec.toString(), usage.toString())) {
                    found.add(spec + " " + usage);
                }
            }
        }
        assertEquals(legal, found);
    }

    @Test
    void eachAlgorithmListHoldsTheAlgorithmsOfItsUsageAlone() {
        legal().forEach(row -> {
            var spec = (String) row.get()[0];
            var usage = (String) row.get()[1];
            var algorithms = row.get()[2];
            assertEquals(
                    usage.equals("ENCRYPT_DECRYPT") ? algorithms : List.of(),
                    KeySpecs.encryptionAlgorithms(spec, usage));
            assertEquals(usage.equals("SIGN_VERIFY") ? algorithms : List.of(), KeySpecs.signingAlgorithms(spec, usage));
            assertEquals(
                    usage.equals("GENERATE_VERIFY_MAC") ? algorithms : List.of(), KeySpecs.macAlgorithms(spec, usage));
            assertEquals(
                    usage.equals("KEY_AGREEMENT") ? algorithms : List.of(),
                    KeySpecs.keyAgreementAlgorithms(spec, usage));
            assertEquals(
                    usage.equals("ENCAPSULATE_DECAPSULATE") ? algorithms : List.of(),
                    KeySpecs.encapsulationAlgorithms(spec, usage));
        });
    }

    @Test
    void everySpecAndAlgorithmOfTheModelHasItsPlace() {
        assertEquals(
                KeySpec.knownValues().stream().map(KeySpec::toString).collect(Collectors.toSet()),
                Set.copyOf(KeySpecs.all()));
        var algorithms = legal().flatMap(a -> ((List<?>) a.get()[2]).stream())
                .map(String.class::cast)
                .collect(Collectors.toCollection(TreeSet::new));
        var model = Stream.of(
                        EncryptionAlgorithmSpec.knownValues(),
                        SigningAlgorithmSpec.knownValues(),
                        MacAlgorithmSpec.knownValues(),
                        KeyAgreementAlgorithmSpec.knownValues(),
                        EncapsulationAlgorithmSpec.knownValues())
                .flatMap(Set::stream)
                .map(Object::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(model, algorithms);
    }

    @Test
    void namesThatNobodyKnowsFitNothing() {
        for (var spec : List.of("", "FOO", "rsa_2048", "AES_256")) {
            assertFalse(KeySpecs.isLegal(spec, ENCRYPT_DECRYPT));
            assertEquals(List.of(), KeySpecs.usages(spec));
            assertEquals(List.of(), KeySpecs.algorithms(spec, ENCRYPT_DECRYPT));
            assertEquals(List.of(), KeySpecs.origins(spec));
            assertEquals(OptionalInt.empty(), KeySpecs.maxPlaintextBytes(spec, "SYMMETRIC_DEFAULT"));
            assertEquals(OptionalInt.empty(), KeySpecs.maxSignatureBytes(spec));
            assertEquals(OptionalInt.empty(), KeySpecs.macBytes(spec));
            assertFalse(KeySpecs.isAsymmetric(spec));
            assertFalse(KeySpecs.isDataKeyPairSpec(spec));
        }
        assertEquals(List.of(), KeySpecs.algorithms("RSA_2048", "FOO"));
        assertEquals(Set.of(), KeySpecs.messageTypes("FOO"));
        assertEquals(OptionalInt.empty(), KeySpecs.dataKeyBytes("SYMMETRIC_DEFAULT"));
    }

    @Test
    void onlySymmetricEncryptionHasADefaultUsage() {
        for (var spec : KeySpecs.all()) {
            assertEquals(
                    spec.equals("SYMMETRIC_DEFAULT") ? Optional.of("ENCRYPT_DECRYPT") : Optional.empty(),
                    KeySpecs.defaultUsage(spec));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SYMMETRIC_DEFAULT, SYMMETRIC_DEFAULT, 4096",
        "RSA_2048, RSAES_OAEP_SHA_1, 214",
        "RSA_2048, RSAES_OAEP_SHA_256, 190",
        "RSA_3072, RSAES_OAEP_SHA_1, 342",
        "RSA_3072, RSAES_OAEP_SHA_256, 318",
        "RSA_4096, RSAES_OAEP_SHA_1, 470",
        "RSA_4096, RSAES_OAEP_SHA_256, 446",
        "SM2, SM2PKE, 1024"
    })
    void plaintextHasALimit(String spec, String algorithm, int bytes) {
        assertEquals(OptionalInt.of(bytes), KeySpecs.maxPlaintextBytes(spec, algorithm));
    }

    @ParameterizedTest
    @CsvSource({"RSA_2048, SYMMETRIC_DEFAULT", "SYMMETRIC_DEFAULT, RSAES_OAEP_SHA_1", "RSA_2048, SM2PKE"})
    void plaintextHasNoLimitWhereNothingFits(String spec, String algorithm) {
        assertEquals(OptionalInt.empty(), KeySpecs.maxPlaintextBytes(spec, algorithm));
    }

    @ParameterizedTest
    @CsvSource({
        "RSASSA_PKCS1_V1_5_SHA_256, RAW DIGEST, 32",
        "RSASSA_PKCS1_V1_5_SHA_384, RAW DIGEST, 48",
        "RSASSA_PKCS1_V1_5_SHA_512, RAW DIGEST, 64",
        "RSASSA_PSS_SHA_256, RAW DIGEST, 32",
        "RSASSA_PSS_SHA_384, RAW DIGEST, 48",
        "RSASSA_PSS_SHA_512, RAW DIGEST, 64",
        "ECDSA_SHA_256, RAW DIGEST, 32",
        "ECDSA_SHA_384, RAW DIGEST, 48",
        "ECDSA_SHA_512, RAW DIGEST, 64",
        "SM2DSA, RAW DIGEST, 32",
        "ED25519_PH_SHA_512, DIGEST, 64",
        "ML_DSA_SHAKE_256, RAW EXTERNAL_MU, 64"
    })
    void digestsHaveOneLength(String algorithm, String types, int bytes) {
        assertEquals(Set.of(types.split(" ")), KeySpecs.messageTypes(algorithm));
        assertEquals(OptionalInt.of(bytes), KeySpecs.digestBytes(algorithm));
    }

    @Test
    void pureEd25519TakesNoDigest() {
        assertEquals(Set.of("RAW"), KeySpecs.messageTypes("ED25519_SHA_512"));
        assertEquals(OptionalInt.empty(), KeySpecs.digestBytes("ED25519_SHA_512"));
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048, 256",
        "RSA_3072, 384",
        "RSA_4096, 512",
        "ECC_NIST_P256, 72",
        "ECC_NIST_P384, 104",
        "ECC_NIST_P521, 139",
        "ECC_SECG_P256K1, 72",
        "ECC_NIST_EDWARDS25519, 64",
        "ML_DSA_44, 2420",
        "ML_DSA_65, 3309",
        "ML_DSA_87, 4627",
        "SM2, 72",
        "HMAC_256,",
        "SYMMETRIC_DEFAULT,",
        "ML_KEM_768,"
    })
    void signaturesHaveALimit(String spec, @Nullable Integer bytes) {
        assertEquals(bytes == null ? OptionalInt.empty() : OptionalInt.of(bytes), KeySpecs.maxSignatureBytes(spec));
    }

    @ParameterizedTest
    @CsvSource({
        "HMAC_224, 28, , ",
        "HMAC_256, 32, , ",
        "HMAC_384, 48, , ",
        "HMAC_512, 64, , ",
        "ECC_NIST_P256, , 32, ",
        "ECC_NIST_P384, , 48, ",
        "ECC_NIST_P521, , 66, ",
        "SM2, , 32, ",
        "ECC_SECG_P256K1, , , ",
        "ECC_NIST_EDWARDS25519, , , ",
        "ML_KEM_512, , , 768",
        "ML_KEM_768, , , 1088",
        "ML_KEM_1024, , , 1568",
        "RSA_2048, , , ",
        "SYMMETRIC_DEFAULT, , , "
    })
    void macsAgreedSecretsAndEncapsulationsHaveOneLength(
            String spec, @Nullable Integer mac, @Nullable Integer agreed, @Nullable Integer blob) {
        assertEquals(mac == null ? OptionalInt.empty() : OptionalInt.of(mac), KeySpecs.macBytes(spec));
        assertEquals(agreed == null ? OptionalInt.empty() : OptionalInt.of(agreed), KeySpecs.agreedSecretBytes(spec));
        assertEquals(blob == null ? OptionalInt.empty() : OptionalInt.of(blob), KeySpecs.encapsulationBytes(spec));
    }

    @Test
    void onlySymmetricKeysLiveInCustomKeyStoresOrRotate() {
        for (var spec : KeySpecs.all()) {
            var symmetric = spec.equals("SYMMETRIC_DEFAULT");
            assertEquals(
                    symmetric
                            ? List.of("AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE")
                            : List.of("AWS_KMS", "EXTERNAL"),
                    KeySpecs.origins(spec));
            assertEquals(symmetric, KeySpecs.canRotateAutomatically(spec, "AWS_KMS"));
            assertFalse(KeySpecs.canRotateAutomatically(spec, "EXTERNAL"));
            assertEquals(symmetric, KeySpecs.canRotateOnDemand(spec, "AWS_KMS"));
            assertEquals(symmetric, KeySpecs.canRotateOnDemand(spec, "EXTERNAL"));
            assertFalse(KeySpecs.canRotateOnDemand(spec, "AWS_CLOUDHSM"));
            assertTrue(KeySpecs.canBeMultiRegion(spec, "AWS_KMS"));
            assertTrue(KeySpecs.canBeMultiRegion(spec, "EXTERNAL"));
            assertFalse(KeySpecs.canBeMultiRegion(spec, "AWS_CLOUDHSM"));
            assertFalse(KeySpecs.canBeMultiRegion(spec, "EXTERNAL_KEY_STORE"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SYMMETRIC_DEFAULT", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"})
    void symmetricAndMacKeysHaveNoPublicKey(String spec) {
        assertFalse(KeySpecs.isAsymmetric(spec));
        assertEquals(spec.startsWith("HMAC"), KeySpecs.isMac(spec));
    }

    @Test
    void fifteenSpecsHaveAPublicKey() {
        assertEquals(15, KeySpecs.all().stream().filter(KeySpecs::isAsymmetric).count());
    }

    @Test
    void dataKeySpecsAreThoseOfTheModel() {
        assertEquals(OptionalInt.of(16), KeySpecs.dataKeyBytes("AES_128"));
        assertEquals(OptionalInt.of(32), KeySpecs.dataKeyBytes("AES_256"));
        assertEquals(2, DataKeySpec.knownValues().size());
    }

    @Test
    void dataKeyPairSpecsAreThoseOfTheModel() {
        var model = DataKeyPairSpec.knownValues().stream()
                .map(DataKeyPairSpec::toString)
                .collect(Collectors.toSet());
        var ours = KeySpecs.all().stream().filter(KeySpecs::isDataKeyPairSpec).collect(Collectors.toSet());
        assertEquals(model, ours);
    }
}
