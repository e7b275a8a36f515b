package dev.strongroom.gateway.operation;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.MultiRegionConfiguration;
import software.amazon.awssdk.services.kms.model.MultiRegionKey;
import software.amazon.awssdk.services.kms.model.MultiRegionKeyType;

/** Which members KeyMetadata has, and what stands in them (KMS API reference, KeyMetadata). */
class KeyMetadataViewTest {

    private static final Set<String> ALWAYS = Set.of(
            "AWSAccountId",
            "KeyId",
            "Arn",
            "CreationDate",
            "Enabled",
            "Description",
            "KeyUsage",
            "KeyState",
            "Origin",
            "KeyManager",
            "CustomerMasterKeySpec",
            "KeySpec",
            "MultiRegion");

    @Test
    void aSymmetricKeyShowsItsMaterialAndAlgorithm() {
        var metadata = describe(Sample.key(KeyState.ENABLED));
        assertEquals(with("EncryptionAlgorithms", "CurrentKeyMaterialId"), members(metadata));
        assertEquals(
                Map.ofEntries(
                        Map.entry("AWSAccountId", Sample.ACCOUNT),
                        Map.entry("KeyId", Sample.ID),
                        Map.entry("Arn", Sample.arn(Sample.ID)),
                        Map.entry("CreationDate", Sample.CREATED),
                        Map.entry("Enabled", true),
                        Map.entry("Description", "a key"),
                        Map.entry("KeyUsage", "ENCRYPT_DECRYPT"),
                        Map.entry("KeyState", "Enabled"),
                        Map.entry("Origin", "AWS_KMS"),
                        Map.entry("KeyManager", "CUSTOMER"),
                        Map.entry("CustomerMasterKeySpec", "SYMMETRIC_DEFAULT"),
                        Map.entry("KeySpec", "SYMMETRIC_DEFAULT"),
                        Map.entry("MultiRegion", false),
                        Map.entry("EncryptionAlgorithms", List.of("SYMMETRIC_DEFAULT")),
                        Map.entry("CurrentKeyMaterialId", Sample.materialId(Sample.ID, 2))),
                values(metadata));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RSA_2048 | ENCRYPT_DECRYPT | EncryptionAlgorithms | RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256
            RSA_4096 | SIGN_VERIFY | SigningAlgorithms | RSASSA_PKCS1_V1_5_SHA_256 RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512 RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512
            ECC_NIST_P384 | SIGN_VERIFY | SigningAlgorithms | ECDSA_SHA_384
            ECC_NIST_P384 | KEY_AGREEMENT | KeyAgreementAlgorithms | ECDH
            ECC_NIST_EDWARDS25519 | SIGN_VERIFY | SigningAlgorithms | ED25519_SHA_512 ED25519_PH_SHA_512
            ML_DSA_65 | SIGN_VERIFY | SigningAlgorithms | ML_DSA_SHAKE_256
            ML_KEM_768 | ENCAPSULATE_DECAPSULATE | EncapsulationAlgorithms | ML_KEM
            HMAC_224 | GENERATE_VERIFY_MAC | MacAlgorithms | HMAC_SHA_224
            """)
    void anyOtherKeyShowsItsAlgorithmsInOrderAndNoMaterial(
            KeySpec spec, KeyUsage usage, String member, String algorithms) {
        var metadata = describe(Sample.key(Sample.ID, spec, usage, KeyState.ENABLED));
        assertEquals(with(member), members(metadata));
        assertEquals(List.of(algorithms.split(" ", -1)), values(metadata).get(member));
        assertEquals(spec.name(), values(metadata).get("CustomerMasterKeySpec"));
    }

    @ParameterizedTest
    @EnumSource
    void onlyEnabledAndUpdatingKeysAreEnabled(KeyState state) {
        var expected = state == KeyState.ENABLED || state == KeyState.UPDATING;
        assertEquals(expected, describe(Sample.key(state)).enabled());
    }

    @ParameterizedTest
    @CsvSource({
        "ENABLED, Enabled",
        "DISABLED, Disabled",
        "PENDING_IMPORT, PendingImport",
        "PENDING_DELETION, PendingDeletion",
        "PENDING_REPLICA_DELETION, PendingReplicaDeletion",
        "CREATING, Creating",
        "UPDATING, Updating",
        "UNAVAILABLE, Unavailable"
    })
    void statesAreNamedAsOnTheWire(KeyState state, String name) {
        assertEquals(name, describe(Sample.key(state)).keyStateAsString());
    }

    @Test
    void aKeyPendingDeletionShowsItsDate() {
        var metadata = describe(Sample.key(KeyState.PENDING_DELETION));
        assertEquals(with("EncryptionAlgorithms", "CurrentKeyMaterialId", "DeletionDate"), members(metadata));
        assertEquals(Instant.parse("2026-12-01T10:00:00Z"), metadata.deletionDate());
    }

    @Test
    void aKeyThatWaitsForItsReplicasShowsItsWindow() {
        var metadata = describe(Sample.key(KeyState.PENDING_REPLICA_DELETION));
        assertEquals(
                with("EncryptionAlgorithms", "CurrentKeyMaterialId", "PendingDeletionWindowInDays"), members(metadata));
        assertEquals(30, metadata.pendingDeletionWindowInDays());
    }

    @Test
    void aKeyWithoutMaterialShowsNone() {
        var key = Sample.key(KeyState.PENDING_IMPORT);
        var empty = key.with(KeyRecord.Material.NONE);
        assertEquals(with("EncryptionAlgorithms"), members(describe(empty)));
    }

    @Test
    void aMultiRegionKeyShowsThatItIsAPrimaryWithoutReplicas() {
        var key = Sample.key(Sample.MRK_ID, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, KeyState.ENABLED);
        var metadata = KeyMetadataView.of(key);
        assertEquals(
                with("EncryptionAlgorithms", "CurrentKeyMaterialId", "MultiRegionConfiguration"), members(metadata));
        assertEquals(true, metadata.multiRegion());
        assertEquals(
                MultiRegionConfiguration.builder()
                        .multiRegionKeyType(MultiRegionKeyType.PRIMARY)
                        .primaryKey(MultiRegionKey.builder()
                                .arn(Sample.arn(Sample.MRK_ID))
                                .region(Sample.REGION)
                                .build())
                        .replicaKeys(List.of())
                        .build(),
                metadata.multiRegionConfiguration());
    }

    @Test
    void aReplicaShowsItsPrimaryAndAllReplicas() {
        var primary = Sample.key(Sample.MRK_ID, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, KeyState.ENABLED);
        var regions = new KeyRecord.MultiRegion(new Stamp(3, 3, 3), "us-east-1", List.of("ap-south-1", Sample.REGION));
        var replica = primary.with(new KeyRecord.Material(
                primary.backingKeys(), Optional.empty(), Optional.empty(), Optional.of(regions)));

        var configuration = KeyMetadataView.of(replica).multiRegionConfiguration();
        assertEquals(MultiRegionKeyType.REPLICA, configuration.multiRegionKeyType());
        assertEquals(in("us-east-1"), configuration.primaryKey());
        assertEquals(List.of(in("ap-south-1"), in(Sample.REGION)), configuration.replicaKeys());
    }

    private static MultiRegionKey in(String region) {
        return MultiRegionKey.builder()
                .arn("arn:aws:kms:" + region + ":111122223333:key/" + Sample.MRK_ID)
                .region(region)
                .build();
    }

    private static KeyMetadata describe(KeyRecord key) {
        return World.of(key)
                .answer(DescribeKeyResponse.class, "DescribeKey", Sample.json("{'KeyId':'<ID>'}"))
                .keyMetadata();
    }

    private static Set<String> with(String... more) {
        var all = new TreeSet<>(ALWAYS);
        all.addAll(List.of(more));
        return all;
    }

    private static Set<String> members(KeyMetadata metadata) {
        return values(metadata).keySet().stream().collect(toCollection(TreeSet::new));
    }

    /** The members that are present, by wire name. */
    private static Map<String, Object> values(KeyMetadata metadata) {
        var values = new HashMap<String, Object>();
        for (SdkField<?> field : metadata.sdkFields()) {
            Object value = field.getValueOrDefault(metadata);
            if (value != null && !(value instanceof SdkAutoConstructList)) {
                values.put(field.locationName(), value);
            }
        }
        return values;
    }
}
