package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.instant;
import static dev.strongroom.hsm.protocol.ValueReader.present;
import static dev.strongroom.hsm.protocol.ValueReader.stamp;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import com.google.protobuf.Timestamp;
import dev.strongroom.hsm.protocol.wire.Wire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/** The record of a KMS key to its message and back. */
final class KeyRecordCodec {

    private KeyRecordCodec() {}

    static Wire.KeyRecord encode(KeyRecord key) {
        var attributes = key.attributes();
        var lifecycle = key.lifecycle();
        var wireLifecycle = Wire.KeyRecord.Lifecycle.newBuilder()
                .setStateValue(WireEnum.KEY_STATE.number(lifecycle.state()))
                .setPendingWindowDays(lifecycle.pendingWindowDays());
        lifecycle.deletionDate().ifPresent(date -> wireLifecycle.setDeletionDate(wire(date)));
        var wire = Wire.KeyRecord.newBuilder()
                .setStamp(wire(key.stamp()))
                .setName(wire(key.name()))
                .setAttributes(Wire.KeyRecord.Attributes.newBuilder()
                        .setSpecValue(WireEnum.KEY_SPEC.number(attributes.spec()))
                        .setUsageValue(WireEnum.KEY_USAGE.number(attributes.usage()))
                        .setOriginValue(WireEnum.ORIGIN.number(attributes.origin()))
                        .setMultiRegion(attributes.multiRegion())
                        .setCreated(wire(attributes.created())))
                .setLifecycle(wireLifecycle)
                .setDocuments(wire(key.documents()));
        addMaterial(wire, key.material());
        return wire.build();
    }

    private static void addMaterial(Wire.KeyRecord.Builder wire, KeyRecord.Material material) {
        for (var backingKey : material.backingKeys()) {
            wire.addBackingKeys(backingKey(backingKey));
        }
        material.publicKey().ifPresent(publicKey -> wire.setPublicKey(wire(publicKey)));
        material.rotation()
                .ifPresent(rotation -> wire.setRotation(Wire.KeyRecord.Rotation.newBuilder()
                        .setPeriodDays(rotation.periodDays())
                        .setNext(wire(rotation.next()))));
        material.multiRegion()
                .ifPresent(shared -> wire.setMultiRegion(Wire.KeyRecord.MultiRegion.newBuilder()
                        .setStamp(wire(shared.stamp()))
                        .setPrimaryRegion(shared.primaryRegion())
                        .addAllReplicaRegions(shared.replicaRegions())));
    }

    private static Wire.KeyRecord.BackingKey backingKey(KeyRecord.BackingKey backingKey) {
        var wire = Wire.KeyRecord.BackingKey.newBuilder()
                .setId(wire(backingKey.id()))
                .setMaterialId(backingKey.materialId())
                .setCreated(wire(backingKey.created()))
                .setStateValue(WireEnum.MATERIAL_STATE.number(backingKey.state()));
        backingKey.rotation().ifPresent(type -> wire.setRotationValue(WireEnum.ROTATION_TYPE.number(type)));
        backingKey.imported().ifPresent(imported -> {
            var wireImported = Wire.KeyRecord.Imported.newBuilder()
                    .setPresent(imported.present())
                    .setDescription(imported.description());
            imported.validTo().ifPresent(validTo -> wireImported.setValidTo(wire(validTo)));
            wire.setImported(wireImported);
        });
        return wire.build();
    }

    static KeyRecord decode(boolean isSet, Wire.KeyRecord wire) throws MalformedFrameException {
        var attributes = present(present(isSet, wire).hasAttributes(), wire.getAttributes());
        var lifecycle = present(wire.hasLifecycle(), wire.getLifecycle());
        return new KeyRecord(
                stamp(wire.hasStamp(), wire.getStamp()),
                ValueReader.keyName(wire.hasName(), wire.getName()),
                new KeyRecord.Attributes(
                        WireEnum.KEY_SPEC.value(attributes.getSpecValue()),
                        WireEnum.KEY_USAGE.value(attributes.getUsageValue()),
                        WireEnum.ORIGIN.value(attributes.getOriginValue()),
                        attributes.getMultiRegion(),
                        instant(attributes.hasCreated(), attributes.getCreated())),
                new KeyRecord.Lifecycle(
                        WireEnum.KEY_STATE.value(lifecycle.getStateValue()),
                        optional(lifecycle.hasDeletionDate(), lifecycle.getDeletionDate()),
                        lifecycle.getPendingWindowDays()),
                ValueReader.documents(wire.hasDocuments(), wire.getDocuments()),
                material(wire));
    }

    private static KeyRecord.Material material(Wire.KeyRecord wire) throws MalformedFrameException {
        var backingKeys = new ArrayList<KeyRecord.BackingKey>(wire.getBackingKeysCount());
        for (var backingKey : wire.getBackingKeysList()) {
            backingKeys.add(backingKey(backingKey));
        }
        return new KeyRecord.Material(
                backingKeys,
                wire.hasPublicKey() ? Optional.of(ValueReader.bytes(wire.getPublicKey())) : Optional.empty(),
                wire.hasRotation() ? Optional.of(rotation(wire.getRotation())) : Optional.empty(),
                wire.hasMultiRegion() ? Optional.of(multiRegion(wire.getMultiRegion())) : Optional.empty());
    }

    private static KeyRecord.Rotation rotation(Wire.KeyRecord.Rotation wire) throws MalformedFrameException {
        return new KeyRecord.Rotation(wire.getPeriodDays(), instant(wire.hasNext(), wire.getNext()));
    }

    private static KeyRecord.MultiRegion multiRegion(Wire.KeyRecord.MultiRegion wire) throws MalformedFrameException {
        return new KeyRecord.MultiRegion(
                stamp(wire.hasStamp(), wire.getStamp()), wire.getPrimaryRegion(), wire.getReplicaRegionsList());
    }

    private static KeyRecord.BackingKey backingKey(Wire.KeyRecord.BackingKey wire) throws MalformedFrameException {
        return new KeyRecord.BackingKey(
                ValueReader.id(wire.getId()),
                wire.getMaterialId(),
                instant(wire.hasCreated(), wire.getCreated()),
                WireEnum.MATERIAL_STATE.value(wire.getStateValue()),
                wire.hasRotation()
                        ? Optional.of(WireEnum.ROTATION_TYPE.value(wire.getRotationValue()))
                        : Optional.empty(),
                wire.hasImported() ? Optional.of(imported(wire.getImported())) : Optional.empty());
    }

    private static KeyRecord.ImportedMaterial imported(Wire.KeyRecord.Imported wire) throws MalformedFrameException {
        return new KeyRecord.ImportedMaterial(
                wire.getPresent(), optional(wire.hasValidTo(), wire.getValidTo()), wire.getDescription());
    }

    private static Optional<Instant> optional(boolean isSet, Timestamp wire) throws MalformedFrameException {
        return isSet ? Optional.of(instant(true, wire)) : Optional.empty();
    }
}
