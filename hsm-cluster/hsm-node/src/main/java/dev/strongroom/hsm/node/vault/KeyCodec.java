package dev.strongroom.hsm.node.vault;

import static dev.strongroom.hsm.node.vault.ContentCodec.name;
import static dev.strongroom.hsm.node.vault.ContentCodec.octets;
import static dev.strongroom.hsm.node.vault.ContentCodec.time;

import com.google.protobuf.Timestamp;
import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.wire.RecordWire;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import dev.strongroom.hsm.protocol.RotationType;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.Optional;

/** The records of KMS keys as protobuf, see {@code node.proto}. */
final class KeyCodec {

    private KeyCodec() {}

    /** Of a multi-Region key what its Region has for itself. */
    static RecordWire.Key write(KeyRecord whole) {
        var key = whole.attributes().multiRegion() ? Content.MultiRegionKey.regional(whole) : whole;
        var attributes = key.attributes();
        var lifecycle = key.lifecycle();
        var documents = key.documents();
        var message = RecordWire.Key.newBuilder()
                .setName(name(key.name()))
                .setSpec(attributes.spec().name())
                .setUsage(attributes.usage().name())
                .setOrigin(attributes.origin().name())
                .setMultiRegion(attributes.multiRegion())
                .setCreated(time(attributes.created()))
                .setState(lifecycle.state().name())
                .setPendingWindowDays(lifecycle.pendingWindowDays())
                .setDescription(documents.description())
                .setPolicy(documents.policy().text())
                .addAllPolicyPrincipals(
                        ContentCodec.uniqueIds(documents.policy().principals()))
                .setMaterial(material(key.material()));
        lifecycle.deletionDate().ifPresent(date -> message.setDeletionDate(time(date)));
        for (var tag : documents.tags()) {
            message.addTags(RecordWire.Key.Tag.newBuilder().setKey(tag.key()).setValue(tag.value()));
        }
        return message.build();
    }

    static RecordWire.MultiRegionKey write(Content.MultiRegionKey shared) {
        var regions = shared.material()
                .multiRegion()
                .orElseThrow(
                        () -> new IllegalArgumentException("the material of a multi-Region key names its Regions"));
        return RecordWire.MultiRegionKey.newBuilder()
                .setAccountId(shared.accountId())
                .setKeyId(shared.keyId())
                .setPrimaryRegion(regions.primaryRegion())
                .addAllReplicaRegions(regions.replicaRegions())
                .setMaterial(material(shared.material()))
                .build();
    }

    private static RecordWire.Material material(KeyRecord.Material material) {
        var message = RecordWire.Material.newBuilder();
        for (var generation : material.backingKeys()) {
            message.addGenerations(generation(generation));
        }
        material.publicKey().ifPresent(publicKey -> message.setPublicKey(octets(publicKey)));
        material.rotation()
                .ifPresent(rotation -> message.setRotation(RecordWire.Material.Rotation.newBuilder()
                        .setPeriodDays(rotation.periodDays())
                        .setNext(time(rotation.next()))));
        return message.build();
    }

    private static RecordWire.Material.Generation generation(KeyRecord.BackingKey generation) {
        var message = RecordWire.Material.Generation.newBuilder()
                .setBackingKeyId(octets(generation.id()))
                .setCreated(time(generation.created()))
                .setState(generation.state().name());
        generation.rotation().ifPresent(type -> message.setRotation(type.name()));
        generation.imported().ifPresent(imported -> {
            var of = RecordWire.Material.Imported.newBuilder()
                    .setPresent(imported.present())
                    .setDescription(imported.description());
            imported.validTo().ifPresent(validTo -> of.setValidTo(time(validTo)));
            message.setImported(of);
        });
        return message.build();
    }

    static KeyRecord read(RecordWire.Key m, Stamp stamp) {
        return new KeyRecord(
                stamp,
                name(m.getName()),
                new KeyRecord.Attributes(
                        KeySpec.valueOf(m.getSpec()),
                        KeyUsage.valueOf(m.getUsage()),
                        Origin.valueOf(m.getOrigin()),
                        m.getMultiRegion(),
                        time(m.getCreated())),
                new KeyRecord.Lifecycle(
                        KeyState.valueOf(m.getState()),
                        optional(m.hasDeletionDate(), m.getDeletionDate()),
                        m.getPendingWindowDays()),
                new KeyRecord.Documents(
                        m.getDescription(),
                        new ResourcePolicy(m.getPolicy(), ContentCodec.uniqueIds(m.getPolicyPrincipalsList())),
                        m.getTagsList().stream()
                                .map(tag -> new KeyRecord.Tag(tag.getKey(), tag.getValue()))
                                .toList()),
                material(m.getMaterial(), Optional.empty()));
    }

    static Content.MultiRegionKey read(RecordWire.MultiRegionKey m, Stamp stamp) {
        var regions = new KeyRecord.MultiRegion(stamp, m.getPrimaryRegion(), m.getReplicaRegionsList());
        return new Content.MultiRegionKey(
                m.getAccountId(), m.getKeyId(), material(m.getMaterial(), Optional.of(regions)));
    }

    private static KeyRecord.Material material(RecordWire.Material m, Optional<KeyRecord.MultiRegion> regions) {
        return new KeyRecord.Material(
                m.getGenerationsList().stream().map(KeyCodec::generation).toList(),
                m.hasPublicKey() ? Optional.of(octets(m.getPublicKey())) : Optional.empty(),
                m.hasRotation()
                        ? Optional.of(new KeyRecord.Rotation(
                                m.getRotation().getPeriodDays(),
                                time(m.getRotation().getNext())))
                        : Optional.empty(),
                regions);
    }

    private static KeyRecord.BackingKey generation(RecordWire.Material.Generation m) {
        var id = octets(m.getBackingKeyId());
        return new KeyRecord.BackingKey(
                id,
                Digests.materialId(id),
                time(m.getCreated()),
                MaterialState.valueOf(m.getState()),
                m.getRotation().isEmpty() ? Optional.empty() : Optional.of(RotationType.valueOf(m.getRotation())),
                m.hasImported() ? Optional.of(imported(m.getImported())) : Optional.empty());
    }

    private static KeyRecord.ImportedMaterial imported(RecordWire.Material.Imported m) {
        return new KeyRecord.ImportedMaterial(
                m.getPresent(), optional(m.hasValidTo(), m.getValidTo()), m.getDescription());
    }

    private static Optional<Instant> optional(boolean isSet, Timestamp m) {
        return isSet ? Optional.of(time(m)) : Optional.empty();
    }
}
