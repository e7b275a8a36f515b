package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.conformance.subject.Promise;
import dev.strongroom.conformance.subject.Target;
import dev.strongroom.conformance.subject.Targets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AlgorithmSpec;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.GetParametersForImportResponse;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialResponse;
import software.amazon.awssdk.services.kms.model.ImportType;
import software.amazon.awssdk.services.kms.model.IncorrectKeyMaterialException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.InvalidImportTokenException;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.OriginType;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;
import software.amazon.awssdk.services.kms.model.WrappingKeySpec;

/** Keys whose material their owner brings along, as the AWS SDK for Java sees them. Would pass on AWS itself. */
class ImportedMaterialTest {

    private static final String TARGETS = "dev.strongroom.conformance.subject.Targets#all";
    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");

    private record Way(AlgorithmSpec algorithm, WrappingKeySpec spec) {}

    private static final List<Way> WAYS = List.of(
            new Way(AlgorithmSpec.RSAES_OAEP_SHA_1, WrappingKeySpec.RSA_2048),
            new Way(AlgorithmSpec.RSAES_OAEP_SHA_256, WrappingKeySpec.RSA_2048),
            new Way(AlgorithmSpec.RSAES_OAEP_SHA_256, WrappingKeySpec.RSA_3072),
            new Way(AlgorithmSpec.RSA_AES_KEY_WRAP_SHA_1, WrappingKeySpec.RSA_2048),
            new Way(AlgorithmSpec.RSA_AES_KEY_WRAP_SHA_256, WrappingKeySpec.RSA_2048),
            new Way(AlgorithmSpec.SM2_PKE, WrappingKeySpec.SM2));

    private static Stream<Arguments> everyWay() {
        return Targets.all().flatMap(target -> WAYS.stream().map(way -> Arguments.of(target.get()[0], way)));
    }

    private static String newKey(KmsClient kms) {
        var metadata = kms.createKey(key -> key.origin(OriginType.EXTERNAL)).keyMetadata();
        assertEquals(KeyState.PENDING_IMPORT, metadata.keyState());
        assertEquals(false, metadata.enabled());
        return metadata.keyId();
    }

    private static GetParametersForImportResponse parameters(KmsClient kms, String key, Way way) {
        return kms.getParametersForImport(
                get -> get.keyId(key).wrappingAlgorithm(way.algorithm()).wrappingKeySpec(way.spec()));
    }

    private static ImportKeyMaterialResponse give(KmsClient kms, String key, Way way, byte[] material) {
        var parameters = parameters(kms, key, way);
        return kms.importKeyMaterial(give -> give.keyId(key)
                .importToken(parameters.importToken())
                .encryptedKeyMaterial(Wrapping.wrap(way.algorithm(), parameters.publicKey(), material))
                .expirationModel(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE));
    }

    private static Way usual() {
        return WAYS.get(1);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("everyWay")
    void materialComesInWrappedInEveryWay(Target target, Way way) {
        assumeTrue(way.spec() != WrappingKeySpec.SM2 || target.promises().contains(Promise.SM2_EVERYWHERE));
        try (var kms = target.kms()) {
            var key = newKey(kms);
            var parameters = parameters(kms, key, way);
            assertTrue(parameters.keyId().endsWith(key));
            assertTrue(parameters.importToken().asByteArray().length <= 6144);
            assertTrue(parameters.parametersValidTo().isAfter(Instant.now().plus(Duration.ofHours(23))));

            var imported = give(kms, key, way, Wrapping.randomBytes(32));
            assertTrue(imported.keyId().endsWith(key));
            var metadata = kms.describeKey(get -> get.keyId(key)).keyMetadata();
            assertEquals(KeyState.ENABLED, metadata.keyState());
            assertEquals(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE, metadata.expirationModel());
            assertEquals(imported.keyMaterialId(), metadata.currentKeyMaterialId());
            var sealed = kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT));
            assertEquals(
                    PLAINTEXT,
                    kms.decrypt(decrypt -> decrypt.ciphertextBlob(sealed.ciphertextBlob()))
                            .plaintext());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void whatWasDeletedComesBackWithTheSameBytesOnly(Target target) {
        try (var kms = target.kms()) {
            var key = newKey(kms);
            var material = Wrapping.randomBytes(32);
            var first = give(kms, key, usual(), material);
            var blob = kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT))
                    .ciphertextBlob();

            var deleted = kms.deleteImportedKeyMaterial(delete -> delete.keyId(key));
            assertEquals(first.keyMaterialId(), deleted.keyMaterialId());
            assertEquals(
                    KeyState.PENDING_IMPORT,
                    kms.describeKey(get -> get.keyId(key)).keyMetadata().keyState());
            var arn = kms.describeKey(get -> get.keyId(key)).keyMetadata().arn();
            var refused = assertThrows(
                    KmsInvalidStateException.class, () -> kms.decrypt(decrypt -> decrypt.ciphertextBlob(blob)));
            assertEquals(arn + " is pending import.", refused.awsErrorDetails().errorMessage());
            assertThrows(IncorrectKeyMaterialException.class, () -> give(kms, key, usual(), Wrapping.randomBytes(32)));

            var again = give(kms, key, usual(), material);
            assertEquals(first.keyMaterialId(), again.keyMaterialId());
            assertEquals(
                    PLAINTEXT,
                    kms.decrypt(decrypt -> decrypt.ciphertextBlob(blob)).plaintext());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void theSameBytesInAnotherKeyAreAnotherMaterial(Target target) {
        try (var kms = target.kms()) {
            var material = Wrapping.randomBytes(32);
            var one = give(kms, newKey(kms), usual(), material);
            var other = give(kms, newKey(kms), usual(), material);
            assertNotEquals(one.keyMaterialId(), other.keyMaterialId());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void secondMaterialWaitsForItsRotation(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = newKey(kms);
            var first = give(kms, key, usual(), Wrapping.randomBytes(32));
            var second = giveNew(kms, key, Wrapping.randomBytes(32));
            assertNotEquals(first.keyMaterialId(), second.keyMaterialId());
            assertEquals(
                    first.keyMaterialId(),
                    kms.describeKey(get -> get.keyId(key)).keyMetadata().currentKeyMaterialId());

            var refused =
                    assertThrows(KmsInvalidStateException.class, () -> giveNew(kms, key, Wrapping.randomBytes(32)));
            var text = refused.awsErrorDetails().errorMessage();
            assertTrue(text.startsWith("New key material (id: "), text);
            assertTrue(
                    text.endsWith(") cannot be imported into KMS key " + key + ", because another key material (id: "
                            + second.keyMaterialId() + ") is pending rotation."),
                    text);

            kms.deleteImportedKeyMaterial(delete -> delete.keyId(key).keyMaterialId(second.keyMaterialId()));
            assertEquals(
                    KeyState.ENABLED,
                    kms.describeKey(get -> get.keyId(key)).keyMetadata().keyState());
        }
    }

    private static ImportKeyMaterialResponse giveNew(KmsClient kms, String key, byte[] material) {
        var parameters = parameters(kms, key, usual());
        return kms.importKeyMaterial(give -> give.keyId(key)
                .importToken(parameters.importToken())
                .encryptedKeyMaterial(Wrapping.wrap(usual().algorithm(), parameters.publicKey(), material))
                .importType(ImportType.NEW_KEY_MATERIAL)
                .keyMaterialDescription("the next one")
                .expirationModel(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aDateForMaterialIsInTheFutureAndShown(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = newKey(kms);
            var parameters = parameters(kms, key, usual());
            var wrapped = Wrapping.wrap(usual().algorithm(), parameters.publicKey(), Wrapping.randomBytes(32));
            var missing = assertThrows(
                    KmsException.class,
                    () -> kms.importKeyMaterial(give -> give.keyId(key)
                            .importToken(parameters.importToken())
                            .encryptedKeyMaterial(wrapped)));
            assertEquals(
                    "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES",
                    missing.awsErrorDetails().errorMessage());
            var past = assertThrows(
                    KmsException.class,
                    () -> kms.importKeyMaterial(give -> give.keyId(key)
                            .importToken(parameters.importToken())
                            .encryptedKeyMaterial(wrapped)
                            .validTo(Instant.now().minusSeconds(60))));
            assertEquals("ValidTo must be in the future", past.awsErrorDetails().errorMessage());

            var date = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);
            kms.importKeyMaterial(give -> give.keyId(key)
                    .importToken(parameters.importToken())
                    .encryptedKeyMaterial(wrapped)
                    .validTo(date));
            var metadata = kms.describeKey(get -> get.keyId(key)).keyMetadata();
            assertEquals(ExpirationModelType.KEY_MATERIAL_EXPIRES, metadata.expirationModel());
            assertEquals(date, metadata.validTo());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void whatCannotBeImportedIsRefusedForItsReason(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = newKey(kms);
            var parameters = parameters(kms, key, usual());
            var good = Wrapping.wrap(usual().algorithm(), parameters.publicKey(), Wrapping.randomBytes(32));

            assertEquals(
                    "Invalid encrypted key size.",
                    assertThrows(
                                    KmsException.class,
                                    () -> bring(
                                            kms, key, parameters.importToken(), SdkBytes.fromByteArray(new byte[32])))
                            .awsErrorDetails()
                            .errorMessage());
            var damaged = good.asByteArray();
            damaged[100] ^= 1;
            assertThrows(
                    InvalidCiphertextException.class,
                    () -> bring(kms, key, parameters.importToken(), SdkBytes.fromByteArray(damaged)));
            assertThrows(
                    InvalidImportTokenException.class,
                    () -> bring(kms, key, SdkBytes.fromUtf8String("no token"), good));
            assertThrows(
                    InvalidImportTokenException.class, () -> bring(kms, newKey(kms), parameters.importToken(), good));
            assertThrows(
                    IncorrectKeyMaterialException.class,
                    () -> bring(
                            kms,
                            key,
                            parameters.importToken(),
                            Wrapping.wrap(usual().algorithm(), parameters.publicKey(), Wrapping.randomBytes(31))));
            var made = kms.createKey().keyMetadata().arn();
            assertEquals(
                    made + " origin is AWS_KMS which is not valid for this operation.",
                    assertThrows(UnsupportedOperationException.class, () -> parameters(kms, made, usual()))
                            .awsErrorDetails()
                            .errorMessage());
            // None of these used the token up.
            bring(kms, key, parameters.importToken(), good);
            assertEquals(
                    KeyState.ENABLED,
                    kms.describeKey(get -> get.keyId(key)).keyMetadata().keyState());
        }
    }

    private static void bring(KmsClient kms, String key, SdkBytes token, SdkBytes wrapped) {
        var unused = kms.importKeyMaterial(give -> give.keyId(key)
                .importToken(token)
                .encryptedKeyMaterial(wrapped)
                .expirationModel(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aKeyPairKeepsItsPublicHalf(Target target) {
        try (var kms = target.kms()) {
            var pair = Wrapping.ecPair("secp256r1");
            var key = kms.createKey(make -> make.origin(OriginType.EXTERNAL)
                            .keySpec("ECC_NIST_P256")
                            .keyUsage("SIGN_VERIFY"))
                    .keyMetadata()
                    .keyId();
            var unused = give(kms, key, usual(), pair.getPrivate().getEncoded());
            assertArrayEquals(
                    pair.getPublic().getEncoded(),
                    kms.getPublicKey(get -> get.keyId(key)).publicKey().asByteArray());

            var rsa = Wrapping.rsaPair(2048);
            var other = kms.createKey(make ->
                            make.origin(OriginType.EXTERNAL).keySpec("RSA_2048").keyUsage("SIGN_VERIFY"))
                    .keyMetadata()
                    .keyId();
            unused = give(
                    kms,
                    other,
                    new Way(AlgorithmSpec.RSA_AES_KEY_WRAP_SHA_256, WrappingKeySpec.RSA_2048),
                    rsa.getPrivate().getEncoded());
            assertArrayEquals(
                    rsa.getPublic().getEncoded(),
                    kms.getPublicKey(get -> get.keyId(other)).publicKey().asByteArray());
            assertThrows(
                    IncorrectKeyMaterialException.class,
                    () -> give(
                            kms,
                            kms.createKey(make -> make.origin(OriginType.EXTERNAL)
                                            .keySpec("ECC_NIST_P384")
                                            .keyUsage("SIGN_VERIFY"))
                                    .keyMetadata()
                                    .keyId(),
                            usual(),
                            pair.getPrivate().getEncoded()));
        }
    }
}
