package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.Promise;
import dev.strongroom.conformance.subject.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AlreadyExistsException;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.MultiRegionKey;
import software.amazon.awssdk.services.kms.model.MultiRegionKeyType;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/** One key in several Regions, as the AWS SDK for Java sees it. Would pass on AWS itself. */
class MultiRegionTest {

    private static final String TARGETS = "dev.strongroom.conformance.subject.Targets#all";
    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");
    private static final Region AWAY = Region.US_EAST_1;

    private static KeyMetadata described(KmsClient kms, String key) {
        return kms.describeKey(get -> get.keyId(key)).keyMetadata();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aReplicaIsTheSameKeyElsewhere(Target target) {
        try (var home = target.kms();
                var away = target.kms(AWAY)) {
            var primary = home.createKey(key -> key.multiRegion(true).description("home"))
                    .keyMetadata();
            assertTrue(primary.keyId().matches("mrk-[0-9a-f]{32}"), primary.keyId());
            assertEquals(
                    MultiRegionKeyType.PRIMARY,
                    primary.multiRegionConfiguration().multiRegionKeyType());
            assertThrows(NotFoundException.class, () -> described(away, primary.keyId()));
            var before = home.encrypt(encrypt ->
                    encrypt.keyId(primary.keyId()).plaintext(PLAINTEXT).encryptionContext(Map.of("a", "b")));

            var made = home.replicateKey(
                    replicate -> replicate.keyId(primary.keyId()).replicaRegion(AWAY.id()));
            assertEquals(KeyState.CREATING, made.replicaKeyMetadata().keyState());
            assertFalse(made.replicaKeyMetadata().enabled());
            assertEquals("", made.replicaKeyMetadata().description());
            assertTrue(made.replicaPolicy().contains("kms:*"));
            var replica = described(away, primary.keyId());
            assertEquals(primary.keyId(), replica.keyId());
            assertEquals(primary.arn().replace(Region.EU_WEST_1.id(), AWAY.id()), replica.arn());
            assertEquals(
                    MultiRegionKeyType.REPLICA,
                    replica.multiRegionConfiguration().multiRegionKeyType());
            assertEquals(
                    List.of(MultiRegionKey.builder()
                            .arn(replica.arn())
                            .region(AWAY.id())
                            .build()),
                    described(home, primary.keyId()).multiRegionConfiguration().replicaKeys());
            assertEquals(described(home, primary.keyId()).currentKeyMaterialId(), replica.currentKeyMaterialId());

            var opened = away.decrypt(
                    decrypt -> decrypt.ciphertextBlob(before.ciphertextBlob()).encryptionContext(Map.of("a", "b")));
            assertEquals(PLAINTEXT, opened.plaintext());
            assertEquals(replica.arn(), opened.keyId());
            var back = away.encrypt(encrypt -> encrypt.keyId(replica.arn()).plaintext(PLAINTEXT));
            assertEquals(
                    PLAINTEXT,
                    home.decrypt(decrypt -> decrypt.ciphertextBlob(back.ciphertextBlob()))
                            .plaintext());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void everyRegionHasItsOwnState(Target target) {
        try (var home = target.kms();
                var away = target.kms(AWAY)) {
            var key =
                    home.createKey(make -> make.multiRegion(true)).keyMetadata().keyId();
            home.replicateKey(
                    replicate -> replicate.keyId(key).replicaRegion(AWAY.id()).description("away"));
            away.disableKey(disable -> disable.keyId(key));

            assertThrows(
                    DisabledException.class,
                    () -> away.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT)));
            assertEquals("away", described(away, key).description());
            assertEquals(KeyState.ENABLED, described(home, key).keyState());
            home.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void thePrimaryMovesToAReplica(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var home = target.kms();
                var away = target.kms(AWAY)) {
            var primary = home.createKey(make -> make.multiRegion(true)).keyMetadata();
            var key = primary.keyId();
            home.replicateKey(replicate -> replicate.keyId(key).replicaRegion(AWAY.id()));
            assertThrows(
                    AlreadyExistsException.class,
                    () -> home.replicateKey(replicate -> replicate.keyId(key).replicaRegion(AWAY.id())));
            var arnAway = described(away, key).arn();
            assertEquals(
                    arnAway + " is not a multi-region primary key.",
                    assertThrows(
                                    UnsupportedOperationException.class,
                                    () -> away.replicateKey(
                                            replicate -> replicate.keyId(key).replicaRegion("ap-south-1")))
                            .awsErrorDetails()
                            .errorMessage());
            assertEquals(
                    "Invalid arn " + AWAY.id(),
                    assertThrows(NotFoundException.class, () -> described(home, arnAway))
                            .awsErrorDetails()
                            .errorMessage());

            home.updatePrimaryRegion(update -> update.keyId(key).primaryRegion(AWAY.id()));

            var now = described(away, key).multiRegionConfiguration();
            assertEquals(MultiRegionKeyType.PRIMARY, now.multiRegionKeyType());
            assertEquals(primary.arn(), now.replicaKeys().get(0).arn());
            assertEquals(
                    MultiRegionKeyType.REPLICA,
                    described(home, key).multiRegionConfiguration().multiRegionKeyType());
            away.replicateKey(replicate -> replicate.keyId(key).replicaRegion("ap-south-1"));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> home.replicateKey(replicate -> replicate.keyId(key).replicaRegion("ap-southeast-1")));
        }
    }
}
