package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.Promise;
import dev.strongroom.conformance.subject.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AlgorithmSpec;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.ImportType;
import software.amazon.awssdk.services.kms.model.IncludeKeyMaterial;
import software.amazon.awssdk.services.kms.model.KeyMaterialState;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.LimitExceededException;
import software.amazon.awssdk.services.kms.model.OriginType;
import software.amazon.awssdk.services.kms.model.RotationType;
import software.amazon.awssdk.services.kms.model.RotationsListEntry;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;
import software.amazon.awssdk.services.kms.model.WrappingKeySpec;

/** Rotation of key material as the AWS SDK for Java sees it. Would pass on AWS itself. */
class RotationTest {

    private static final String TARGETS = "dev.strongroom.conformance.subject.Targets#all";
    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");
    private static final int MOST_ON_DEMAND = 25;

    /** AWS says that a rotation is asynchronous. */
    private static final int LOOKS = 2_000;

    private static String material(KmsClient kms, String key) {
        return kms.describeKey(get -> get.keyId(key)).keyMetadata().currentKeyMaterialId();
    }

    /** The new material, once it is there. */
    private static String rotated(KmsClient kms, String key) {
        var before = material(kms, key);
        var arn = kms.rotateKeyOnDemand(rotate -> rotate.keyId(key)).keyId();
        assertEquals(kms.describeKey(get -> get.keyId(key)).keyMetadata().arn(), arn);
        for (int look = 0; look < LOOKS; look++) {
            var now = material(kms, key);
            if (!now.equals(before)) {
                return now;
            }
        }
        throw new AssertionError("the material of " + key + " did not change");
    }

    private static List<RotationsListEntry> rotations(KmsClient kms, String key, IncludeKeyMaterial which) {
        return kms.listKeyRotationsPaginator(list -> list.keyId(key).includeKeyMaterial(which)).stream()
                .flatMap(page -> page.rotations().stream())
                .toList();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void oldCiphertextsOpenAfterEveryRotation(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().keyId();
            var first = material(kms, key);
            var blob = kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT))
                    .ciphertextBlob();
            var second = rotated(kms, key);
            var third = rotated(kms, key);

            var opened = kms.decrypt(decrypt -> decrypt.ciphertextBlob(blob));
            assertEquals(PLAINTEXT, opened.plaintext());
            assertEquals(first, opened.keyMaterialId());
            var moved = kms.reEncrypt(move -> move.ciphertextBlob(blob).destinationKeyId(key));
            assertEquals(first, moved.sourceKeyMaterialId());
            assertEquals(third, moved.destinationKeyMaterialId());
            assertEquals(
                    third,
                    kms.generateDataKey(generate -> generate.keyId(key).numberOfBytes(16))
                            .keyMaterialId());

            var done = rotations(kms, key, IncludeKeyMaterial.ROTATIONS_ONLY);
            assertEquals(
                    Set.of(second, third),
                    done.stream().map(RotationsListEntry::keyMaterialId).collect(Collectors.toSet()));
            for (var entry : done) {
                assertEquals(RotationType.ON_DEMAND, entry.rotationType());
                assertTrue(entry.rotationDate().isAfter(Instant.now().minus(Duration.ofHours(1))));
            }
            var all = rotations(kms, key, IncludeKeyMaterial.ALL_KEY_MATERIAL);
            assertEquals(3, all.size());
            for (var entry : all) {
                assertEquals(
                        entry.keyMaterialId().equals(third) ? KeyMaterialState.CURRENT : KeyMaterialState.NON_CURRENT,
                        entry.keyMaterialState());
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void automaticRotationHasItsDay(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().keyId();
            assertFalse(kms.getKeyRotationStatus(get -> get.keyId(key)).keyRotationEnabled());
            kms.enableKeyRotation(enable -> enable.keyId(key));
            assertPeriod(kms, key, 365);
            kms.enableKeyRotation(enable -> enable.keyId(key).rotationPeriodInDays(90));
            assertPeriod(kms, key, 90);
            var unused = rotated(kms, key);
            assertPeriod(kms, key, 90);
            kms.disableKeyRotation(disable -> disable.keyId(key));
            var off = kms.getKeyRotationStatus(get -> get.keyId(key));
            assertFalse(off.keyRotationEnabled());
            assertNull(off.rotationPeriodInDays());
            assertNull(off.nextRotationDate());
        }
    }

    private static void assertPeriod(KmsClient kms, String key, int days) {
        var status = kms.getKeyRotationStatus(get -> get.keyId(key));
        assertTrue(status.keyRotationEnabled());
        assertEquals(days, status.rotationPeriodInDays());
        var off = Duration.between(Instant.now().plus(Duration.ofDays(days)), status.nextRotationDate());
        assertTrue(off.abs().compareTo(Duration.ofDays(1)) < 0, status::toString);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void importedMaterialIsRotatedIntoUse(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = kms.createKey(create -> create.origin(OriginType.EXTERNAL))
                    .keyMetadata()
                    .keyId();
            var arn = kms.describeKey(get -> get.keyId(key)).keyMetadata().arn();
            var first = bring(kms, key, null);
            var blob = kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT))
                    .ciphertextBlob();
            var nothing = assertThrows(
                    KmsInvalidStateException.class, () -> kms.rotateKeyOnDemand(rotate -> rotate.keyId(key)));
            assertEquals(
                    "No available key material pending rotation for the key: " + arn + ".",
                    nothing.awsErrorDetails().errorMessage());

            var second = bring(kms, key, ImportType.NEW_KEY_MATERIAL);
            assertNotEquals(first, second);
            assertEquals(second, rotated(kms, key));
            assertEquals(
                    PLAINTEXT,
                    kms.decrypt(decrypt -> decrypt.ciphertextBlob(blob)).plaintext());
            // All that was ever in use has to be there.
            kms.deleteImportedKeyMaterial(delete -> delete.keyId(key).keyMaterialId(first));
            var incomplete = assertThrows(
                    KmsInvalidStateException.class,
                    () -> kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT)));
            assertEquals(
                    arn + " is pending import.", incomplete.awsErrorDetails().errorMessage());

            var origin = assertThrows(
                    UnsupportedOperationException.class, () -> kms.enableKeyRotation(enable -> enable.keyId(key)));
            assertEquals(
                    arn + " origin is EXTERNAL which is not valid for this operation.",
                    origin.awsErrorDetails().errorMessage());
        }
    }

    private static String bring(KmsClient kms, String key, @Nullable ImportType type) {
        var algorithm = AlgorithmSpec.RSAES_OAEP_SHA_256;
        var parameters = kms.getParametersForImport(
                get -> get.keyId(key).wrappingAlgorithm(algorithm).wrappingKeySpec(WrappingKeySpec.RSA_2048));
        return kms.importKeyMaterial(give -> give.keyId(key)
                        .importToken(parameters.importToken())
                        .encryptedKeyMaterial(
                                Wrapping.wrap(algorithm, parameters.publicKey(), Wrapping.randomBytes(32)))
                        .importType(type)
                        .expirationModel(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE))
                .keyMaterialId();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aKeyIsRotatedOnDemandTwentyFiveTimes(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var metadata = kms.createKey().keyMetadata();
            var blob = kms.encrypt(encrypt -> encrypt.keyId(metadata.keyId()).plaintext(PLAINTEXT))
                    .ciphertextBlob();
            for (int time = 0; time < MOST_ON_DEMAND; time++) {
                var unused = rotated(kms, metadata.keyId());
            }
            var refused = assertThrows(
                    LimitExceededException.class, () -> kms.rotateKeyOnDemand(rotate -> rotate.keyId(metadata.arn())));
            assertEquals(
                    "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can"
                            + " be performed for this key: " + metadata.arn(),
                    refused.awsErrorDetails().errorMessage());
            assertEquals(
                    PLAINTEXT,
                    kms.decrypt(decrypt -> decrypt.ciphertextBlob(blob)).plaintext());
            var page = kms.listKeyRotations(list -> list.keyId(metadata.keyId()).limit(20));
            assertEquals(20, page.rotations().size());
            assertTrue(page.truncated());
            assertEquals(
                    MOST_ON_DEMAND,
                    rotations(kms, metadata.keyId(), IncludeKeyMaterial.ROTATIONS_ONLY)
                            .size());
        }
    }
}
