package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeySpecs;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Scope;
import java.util.Locale;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.KeyManagerType;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.MultiRegionConfiguration;
import software.amazon.awssdk.services.kms.model.MultiRegionKey;
import software.amazon.awssdk.services.kms.model.MultiRegionKeyType;

/** A key's record as callers see it (KMS API reference, KeyMetadata): members that do not apply are left out. */
final class KeyMetadataView {

    private KeyMetadataView() {}

    // The deprecated CustomerMasterKeySpec is still what older clients read.
    @SuppressWarnings("deprecation")
    static KeyMetadata of(KeyRecord key) {
        var name = key.name();
        var attributes = key.attributes();
        var lifecycle = key.lifecycle();
        var metadata = KeyMetadata.builder()
                .awsAccountId(name.scope().accountId())
                .keyId(name.keyId())
                .arn(KeyChecks.arn(key))
                .creationDate(attributes.created())
                .enabled(isEnabled(lifecycle.state()))
                .description(key.documents().description())
                .keyUsage(attributes.usage().name())
                .keyState(wireName(lifecycle.state()))
                .origin(attributes.origin().name())
                .keyManager(KeyManagerType.CUSTOMER)
                .customerMasterKeySpec(attributes.spec().name())
                .keySpec(attributes.spec().name())
                .multiRegion(attributes.multiRegion());
        lifecycle.deletionDate().ifPresent(metadata::deletionDate);
        if (lifecycle.state() == KeyState.PENDING_REPLICA_DELETION) {
            metadata.pendingDeletionWindowInDays(lifecycle.pendingWindowDays());
        }
        if (attributes.spec() == KeySpec.SYMMETRIC_DEFAULT) {
            key.currentBackingKey().ifPresent(backing -> metadata.currentKeyMaterialId(backing.materialId()));
        }
        key.material().multiRegion().ifPresent(shared -> metadata.multiRegionConfiguration(regions(key, shared)));
        key.currentBackingKey()
                .flatMap(KeyRecord.BackingKey::imported)
                .filter(KeyRecord.ImportedMaterial::present)
                .ifPresent(imported -> addExpiry(metadata, imported));
        addAlgorithms(metadata, attributes);
        return metadata.build();
    }

    private static void addExpiry(KeyMetadata.Builder metadata, KeyRecord.ImportedMaterial imported) {
        metadata.expirationModel(
                imported.validTo().isPresent()
                        ? ExpirationModelType.KEY_MATERIAL_EXPIRES
                        : ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE);
        imported.validTo().ifPresent(metadata::validTo);
    }

    /** A key that changes places with a replica was enabled, and stays it. */
    private static boolean isEnabled(KeyState state) {
        return state == KeyState.ENABLED || state == KeyState.UPDATING;
    }

    /** As KMS writes it: {@code PendingDeletion} for PENDING_DELETION. */
    static String wireName(KeyState state) {
        var text = new StringBuilder();
        for (var word : state.name().split("_", -1)) {
            text.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }

    private static void addAlgorithms(KeyMetadata.Builder metadata, KeyRecord.Attributes attributes) {
        var algorithms =
                KeySpecs.algorithms(attributes.spec().name(), attributes.usage().name());
        switch (attributes.usage()) {
            case ENCRYPT_DECRYPT -> metadata.encryptionAlgorithmsWithStrings(algorithms);
            case SIGN_VERIFY -> metadata.signingAlgorithmsWithStrings(algorithms);
            case GENERATE_VERIFY_MAC -> metadata.macAlgorithmsWithStrings(algorithms);
            case KEY_AGREEMENT -> metadata.keyAgreementAlgorithmsWithStrings(algorithms);
            case ENCAPSULATE_DECAPSULATE -> metadata.encapsulationAlgorithmsWithStrings(algorithms);
        }
    }

    private static MultiRegionConfiguration regions(KeyRecord key, KeyRecord.MultiRegion shared) {
        return MultiRegionConfiguration.builder()
                .multiRegionKeyType(key.isPrimary() ? MultiRegionKeyType.PRIMARY : MultiRegionKeyType.REPLICA)
                .primaryKey(inRegion(key, shared.primaryRegion()))
                // A primary without replicas shows an empty list, so that one cannot be left out here.
                .replicaKeys(shared.replicaRegions().stream()
                        .map(region -> inRegion(key, region))
                        .toList())
                .build();
    }

    private static MultiRegionKey inRegion(KeyRecord key, String region) {
        var name = key.name();
        return MultiRegionKey.builder()
                .arn(KeyChecks.arn(new KeyName(new Scope(name.scope().accountId(), region), name.keyId())))
                .region(region)
                .build();
    }
}
