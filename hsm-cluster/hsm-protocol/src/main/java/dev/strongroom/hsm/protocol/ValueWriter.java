package dev.strongroom.hsm.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.strongroom.hsm.protocol.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The values inside commands and replies, as {@code hsm.proto} spells them. {@link ValueReader} is the way back. */
final class ValueWriter {

    private ValueWriter() {}

    static Wire.Stamp wire(Stamp stamp) {
        return Wire.Stamp.newBuilder()
                .setIdHigh(stamp.idHigh())
                .setIdLow(stamp.idLow())
                .setRevision(stamp.revision())
                .build();
    }

    static List<Wire.Stamp> wire(List<Stamp> stamps) {
        return stamps.stream().map(ValueWriter::wire).toList();
    }

    static Wire.Authority wire(Authority authority) {
        return Wire.Authority.newBuilder()
                .setKey(wire(authority.key()))
                .addAllOthers(wire(authority.others()))
                .build();
    }

    static Wire.Scope wire(Scope scope) {
        return Wire.Scope.newBuilder()
                .setAccountId(scope.accountId())
                .setRegion(scope.region())
                .build();
    }

    static Wire.KeyName wire(KeyName name) {
        return Wire.KeyName.newBuilder()
                .setScope(wire(name.scope()))
                .setKeyId(name.keyId())
                .build();
    }

    static Wire.AliasName wire(AliasName name) {
        return Wire.AliasName.newBuilder()
                .setScope(wire(name.scope()))
                .setName(name.name())
                .build();
    }

    static Wire.KeyAddress wire(KeyAddress address) {
        var wire = Wire.KeyAddress.newBuilder();
        if (address instanceof KeyAddress.ById byId) {
            wire.setById(wire(byId.name()));
        } else if (address instanceof KeyAddress.ByAlias byAlias) {
            wire.setByAlias(wire(byAlias.name()));
        } else if (address instanceof KeyAddress.ByBackingKey byBackingKey) {
            wire.setByBackingKey(Wire.KeyAddress.ByBackingKey.newBuilder()
                    .setRegion(byBackingKey.region())
                    .setBackingKeyId(wire(byBackingKey.backingKeyId())));
        } else {
            throw new IllegalStateException("no message for " + address.getClass());
        }
        return wire.build();
    }

    static Wire.Page wire(Page page) {
        return Wire.Page.newBuilder()
                .setAfter(page.after())
                .setLimit(page.limit())
                .setMinimumIndex(page.minimumIndex())
                .build();
    }

    static Wire.NewKey wire(ChangeCommand.NewKey key) {
        return Wire.NewKey.newBuilder()
                .setSpecValue(WireEnum.KEY_SPEC.number(key.spec()))
                .setUsageValue(WireEnum.KEY_USAGE.number(key.usage()))
                .setOriginValue(WireEnum.ORIGIN.number(key.origin()))
                .setMultiRegion(key.multiRegion())
                .build();
    }

    static Wire.KeyChange wire(KeyChange change) {
        var wire = Wire.KeyChange.newBuilder();
        if (change instanceof KeyChange.SetState setState) {
            wire.setSetStateValue(WireEnum.KEY_STATE.number(setState.state()));
        } else if (change instanceof KeyChange.SetDescription setDescription) {
            wire.setSetDescription(setDescription.description());
        } else if (change instanceof KeyChange.SetPolicy setPolicy) {
            wire.setSetPolicy(wire(setPolicy.policy()));
        } else if (change instanceof KeyChange.ScheduleDeletion scheduleDeletion) {
            wire.setScheduleDeletion(scheduleDeletion.windowDays());
        } else if (change instanceof KeyChange.CancelDeletion) {
            wire.setCancelDeletion(Wire.KeyChange.CancelDeletion.getDefaultInstance());
        } else if (change instanceof KeyChange.SetTags setTags) {
            wire.setSetTags(Wire.KeyChange.SetTags.newBuilder().addAllTags(tags(setTags.tags())));
        } else if (change instanceof KeyChange.SetRotation setRotation) {
            wire.setSetRotation(setRotation.periodDays());
        } else if (change instanceof KeyChange.StopRotation) {
            wire.setStopRotation(Wire.KeyChange.StopRotation.getDefaultInstance());
        } else if (change instanceof KeyChange.RotateOnDemand) {
            wire.setRotateOnDemand(Wire.KeyChange.RotateOnDemand.getDefaultInstance());
        } else {
            throw new IllegalStateException("no message for " + change.getClass());
        }
        return wire.build();
    }

    static Wire.Documents wire(KeyRecord.Documents documents) {
        return Wire.Documents.newBuilder()
                .setDescription(documents.description())
                .setPolicy(wire(documents.policy()))
                .addAllTags(tags(documents.tags()))
                .build();
    }

    static Wire.ResourcePolicy wire(ResourcePolicy policy) {
        return Wire.ResourcePolicy.newBuilder()
                .setText(policy.text())
                .addAllPrincipals(uniqueIds(policy.principals()))
                .build();
    }

    /** In order, so that equal maps give equal bytes. */
    static List<Wire.UniqueId> uniqueIds(Map<String, String> ids) {
        return ids.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> Wire.UniqueId.newBuilder()
                        .setArn(each.getKey())
                        .setId(each.getValue())
                        .build())
                .toList();
    }

    static Wire.AliasRecord wire(AliasRecord alias) {
        return Wire.AliasRecord.newBuilder()
                .setStamp(wire(alias.stamp()))
                .setName(wire(alias.name()))
                .setTargetKeyId(alias.targetKeyId())
                .setCreated(wire(alias.created()))
                .setUpdated(wire(alias.updated()))
                .build();
    }

    static Wire.CallerIdentity wire(CallerIdentity identity) {
        return Wire.CallerIdentity.newBuilder()
                .setStamp(wire(identity.stamp()))
                .setAccessKeyId(identity.accessKeyId())
                .setAccountId(identity.accountId())
                .setPrincipalArn(identity.principalArn())
                .build();
    }

    static Wire.Recipient wire(Recipient recipient) {
        return Wire.Recipient.newBuilder()
                .setAttestation(wire(recipient.attestation()))
                .build();
    }

    static ByteString wire(UUID commandId) {
        var octets = ByteBuffer.allocate(16)
                .putLong(commandId.getMostSignificantBits())
                .putLong(commandId.getLeastSignificantBits());
        return UnsafeByteOperations.unsafeWrap(octets.array());
    }

    /** Without a copy: neither side writes to the array. */
    static ByteString wire(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.readOnlyArray());
    }

    static Timestamp wire(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private static List<Wire.Tag> tags(List<KeyRecord.Tag> tags) {
        return tags.stream()
                .map(tag -> Wire.Tag.newBuilder()
                        .setKey(tag.key())
                        .setValue(tag.value())
                        .build())
                .toList();
    }
}
