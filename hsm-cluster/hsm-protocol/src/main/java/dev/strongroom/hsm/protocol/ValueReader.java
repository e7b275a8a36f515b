package dev.strongroom.hsm.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Timestamp;
import dev.strongroom.hsm.protocol.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The way back from {@link ValueWriter}. Missing parts and impossible values are {@link MalformedFrameException}, and so
 * are unknown fields in the messages that a command carries: what a client added as a condition must not be dropped.
 */
final class ValueReader {

    private static final int ID_BYTES = 16;
    /** What {@code Timestamp} allows: the years 1 to 9999. */
    private static final long FIRST_SECOND =
            Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();

    private static final long LAST_SECOND =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    private static final int NANOS = 1_000_000_000;

    private ValueReader() {}

    /** {@code message} if the sender set it. */
    static <M> M present(boolean isSet, M message) throws MalformedFrameException {
        if (!isSet) {
            throw MalformedFrameException.broken("a part of the message is missing");
        }
        return message;
    }

    /** {@code message} if there is nothing in it that this version does not know. */
    static <M extends MessageOrBuilder> M known(M message) throws MalformedFrameException {
        if (!message.getUnknownFields().isEmpty()) {
            throw MalformedFrameException.unsupported("a field that is not known here");
        }
        return message;
    }

    static Stamp stamp(boolean isSet, Wire.Stamp wire) throws MalformedFrameException {
        return stamp(present(isSet, wire));
    }

    static List<Stamp> stamps(List<Wire.Stamp> wires) throws MalformedFrameException {
        var stamps = new ArrayList<Stamp>(wires.size());
        for (var wire : wires) {
            stamps.add(stamp(wire));
        }
        return stamps;
    }

    static Authority authority(boolean isSet, Wire.Authority wire) throws MalformedFrameException {
        require(isSet, wire);
        return new Authority(stamp(wire.hasKey(), wire.getKey()), stamps(wire.getOthersList()));
    }

    static Scope scope(boolean isSet, Wire.Scope wire) throws MalformedFrameException {
        require(isSet, wire);
        return new Scope(wire.getAccountId(), wire.getRegion());
    }

    static KeyName keyName(boolean isSet, Wire.KeyName wire) throws MalformedFrameException {
        require(isSet, wire);
        return new KeyName(scope(wire.hasScope(), wire.getScope()), wire.getKeyId());
    }

    static AliasName aliasName(boolean isSet, Wire.AliasName wire) throws MalformedFrameException {
        require(isSet, wire);
        return new AliasName(scope(wire.hasScope(), wire.getScope()), wire.getName());
    }

    static KeyAddress keyAddress(boolean isSet, Wire.KeyAddress wire) throws MalformedFrameException {
        require(isSet, wire);
        return switch (wire.getAddressCase()) {
            case BY_ID -> new KeyAddress.ById(keyName(true, wire.getById()));
            case BY_ALIAS -> new KeyAddress.ByAlias(aliasName(true, wire.getByAlias()));
            case BY_BACKING_KEY -> {
                var byBackingKey = known(wire.getByBackingKey());
                yield new KeyAddress.ByBackingKey(byBackingKey.getRegion(), id(byBackingKey.getBackingKeyId()));
            }
            case ADDRESS_NOT_SET -> throw MalformedFrameException.broken("an address without content");
        };
    }

    static Page page(boolean isSet, Wire.Page wire) throws MalformedFrameException {
        require(isSet, wire);
        return new Page(wire.getAfter(), wire.getLimit(), wire.getMinimumIndex());
    }

    static ChangeCommand.NewKey newKey(boolean isSet, Wire.NewKey wire) throws MalformedFrameException {
        require(isSet, wire);
        return new ChangeCommand.NewKey(
                WireEnum.KEY_SPEC.value(wire.getSpecValue()),
                WireEnum.KEY_USAGE.value(wire.getUsageValue()),
                WireEnum.ORIGIN.value(wire.getOriginValue()),
                wire.getMultiRegion());
    }

    static KeyChange keyChange(boolean isSet, Wire.KeyChange wire) throws MalformedFrameException {
        require(isSet, wire);
        return switch (wire.getChangeCase()) {
            case SET_STATE -> new KeyChange.SetState(WireEnum.KEY_STATE.value(wire.getSetStateValue()));
            case SET_DESCRIPTION -> new KeyChange.SetDescription(wire.getSetDescription());
            case SET_POLICY -> new KeyChange.SetPolicy(resourcePolicy(true, wire.getSetPolicy()));
            case SCHEDULE_DELETION -> new KeyChange.ScheduleDeletion(wire.getScheduleDeletion());
            case CANCEL_DELETION -> {
                require(true, wire.getCancelDeletion());
                yield new KeyChange.CancelDeletion();
            }
            case SET_TAGS -> new KeyChange.SetTags(tags(known(wire.getSetTags()).getTagsList()));
            case SET_ROTATION -> new KeyChange.SetRotation(wire.getSetRotation());
            case STOP_ROTATION -> {
                require(true, wire.getStopRotation());
                yield new KeyChange.StopRotation();
            }
            case ROTATE_ON_DEMAND -> {
                require(true, wire.getRotateOnDemand());
                yield new KeyChange.RotateOnDemand();
            }
            case CHANGE_NOT_SET -> throw MalformedFrameException.broken("a change without content");
        };
    }

    static KeyRecord.Documents documents(boolean isSet, Wire.Documents wire) throws MalformedFrameException {
        require(isSet, wire);
        return new KeyRecord.Documents(
                wire.getDescription(), resourcePolicy(wire.hasPolicy(), wire.getPolicy()), tags(wire.getTagsList()));
    }

    static ResourcePolicy resourcePolicy(boolean isSet, Wire.ResourcePolicy wire) throws MalformedFrameException {
        require(isSet, wire);
        return new ResourcePolicy(wire.getText(), uniqueIds(wire.getPrincipalsList()));
    }

    static Map<String, String> uniqueIds(List<Wire.UniqueId> wires) throws MalformedFrameException {
        var ids = new HashMap<String, String>();
        for (var wire : wires) {
            require(true, wire);
            if (ids.put(wire.getArn(), wire.getId()) != null) {
                throw MalformedFrameException.broken("a principal with two unique ids");
            }
        }
        return ids;
    }

    static AliasRecord aliasRecord(boolean isSet, Wire.AliasRecord wire) throws MalformedFrameException {
        return new AliasRecord(
                stamp(present(isSet, wire).hasStamp(), wire.getStamp()),
                aliasName(wire.hasName(), wire.getName()),
                wire.getTargetKeyId(),
                instant(wire.hasCreated(), wire.getCreated()),
                instant(wire.hasUpdated(), wire.getUpdated()));
    }

    static CallerIdentity callerIdentity(boolean isSet, Wire.CallerIdentity wire) throws MalformedFrameException {
        return new CallerIdentity(
                stamp(present(isSet, wire).hasStamp(), wire.getStamp()),
                wire.getAccessKeyId(),
                wire.getAccountId(),
                wire.getPrincipalArn());
    }

    static Optional<Recipient> recipient(boolean isSet, Wire.Recipient wire) throws MalformedFrameException {
        return isSet ? Optional.of(new Recipient(bytes(known(wire).getAttestation()))) : Optional.empty();
    }

    static UUID commandId(ByteString wire) throws MalformedFrameException {
        var octets = ByteBuffer.wrap(id(wire).readOnlyArray());
        return new UUID(octets.getLong(), octets.getLong());
    }

    static Bytes bytes(ByteString wire) {
        return Bytes.wrap(wire.toByteArray());
    }

    private static void require(boolean isSet, MessageOrBuilder message) throws MalformedFrameException {
        var unused = known(present(isSet, message));
    }

    static Bytes id(ByteString wire) throws MalformedFrameException {
        if (wire.size() != ID_BYTES) {
            throw MalformedFrameException.broken("an id that is not of 16 bytes");
        }
        return bytes(wire);
    }

    private static Stamp stamp(Wire.Stamp wire) throws MalformedFrameException {
        require(true, wire);
        return new Stamp(wire.getIdHigh(), wire.getIdLow(), wire.getRevision());
    }

    private static List<KeyRecord.Tag> tags(List<Wire.Tag> wires) throws MalformedFrameException {
        var tags = new ArrayList<KeyRecord.Tag>(wires.size());
        for (var wire : wires) {
            require(true, wire);
            tags.add(new KeyRecord.Tag(wire.getKey(), wire.getValue()));
        }
        return tags;
    }

    static Instant instant(boolean isSet, Timestamp wire) throws MalformedFrameException {
        var timestamp = present(isSet, wire);
        var seconds = timestamp.getSeconds();
        var nanos = timestamp.getNanos();
        if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos >= NANOS) {
            throw MalformedFrameException.broken("an instant out of range");
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }
}
