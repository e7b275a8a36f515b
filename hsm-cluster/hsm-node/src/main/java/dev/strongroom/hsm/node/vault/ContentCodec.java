package dev.strongroom.hsm.node.vault;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.user.CredentialVerifier;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.wire.RecordWire;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.LastUse;
import dev.strongroom.hsm.protocol.Role;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.TrackedUse;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Contents of records as protobuf, see {@code node.proto}. */
final class ContentCodec {

    private ContentCodec() {}

    static byte[] write(Content content, UUID createdBy, UUID changedBy) {
        var message = RecordWire.RecordContent.newBuilder()
                .setCreatedBy(uuid(createdBy))
                .setChangedBy(uuid(changedBy));
        if (content instanceof Content.Key c) {
            message.setKey(KeyCodec.write(c.key()));
        } else if (content instanceof Content.MultiRegionKey c) {
            message.setMultiRegionKey(KeyCodec.write(c));
        } else if (content instanceof Content.BackingKey c) {
            message.setBackingKey(RecordWire.BackingKey.newBuilder()
                    .setId(octets(c.id()))
                    .setAccountId(c.accountId())
                    .setKeyId(c.keyId())
                    .setCheckValue(octets(c.checkValue()))
                    .setSealedMaterial(octets(c.sealedMaterial())));
        } else if (content instanceof Content.Alias c) {
            message.setAlias(RecordWire.Alias.newBuilder()
                    .setAccountId(c.alias().name().scope().accountId())
                    .setRegion(c.alias().name().scope().region())
                    .setName(c.alias().name().name())
                    .setTargetKeyId(c.alias().targetKeyId())
                    .setCreated(time(c.alias().created()))
                    .setUpdated(time(c.alias().updated())));
        } else if (content instanceof Content.KeyAliases c) {
            message.setKeyAliases(
                    RecordWire.KeyAliases.newBuilder().setKey(name(c.key())).addAllNames(c.names()));
        } else if (content instanceof Content.AccessKey c) {
            message.setAccessKey(IdentityContentCodec.write(c));
        } else if (content instanceof Content.Identity c) {
            message.setIdentity(IdentityContentCodec.write(c.identity()));
        } else if (content instanceof Content.User c) {
            message.setHsmUser(user(c.user()));
        } else if (content instanceof Content.NodeClock c) {
            message.setNodeClock(
                    RecordWire.NodeClock.newBuilder().setNodeId(c.nodeId()).setTime(time(c.time())));
        } else if (content instanceof Content.KeyUsage c) {
            message.setKeyUsage(usage(c));
        } else if (content instanceof Content.Grant c) {
            message.setGrant(GrantCodec.write(c.grant()));
        } else if (content instanceof Content.Cluster c) {
            message.setCluster(RecordWire.Cluster.newBuilder()
                    .setLineage(octets(c.lineage()))
                    .setCreated(time(c.created())));
        } else {
            throw new IllegalStateException("a content of an unknown kind");
        }
        return message.build().toByteArray();
    }

    /**
     * Reads what {@link #write} made.
     *
     * @param kind what the record says it holds
     * @throws IllegalArgumentException if it is not a content of that kind
     */
    static Stored<?> read(byte[] octets, RecordKind kind, RecordId id, long revision) {
        try {
            var message = RecordWire.RecordContent.parseFrom(octets);
            var stamp = new Stamp(id.high(), id.low(), revision);
            var content = content(message, stamp);
            if (content.kind() != kind) {
                throw new IllegalArgumentException("a record holds another kind of content than it says");
            }
            return new Stored<>(id, revision, uuid(message.getCreatedBy()), uuid(message.getChangedBy()), content);
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            // Of a record that was authentic; still, what cannot be understood must not stop the node.
            throw new IllegalArgumentException("a record's content is malformed", e);
        }
    }

    private static Content content(RecordWire.RecordContent message, Stamp stamp) {
        return switch (message.getContentCase()) {
            case KEY -> new Content.Key(KeyCodec.read(message.getKey(), stamp));
            case MULTI_REGION_KEY -> KeyCodec.read(message.getMultiRegionKey(), stamp);
            case BACKING_KEY -> {
                var m = message.getBackingKey();
                yield new Content.BackingKey(
                        octets(m.getId()),
                        m.getAccountId(),
                        m.getKeyId(),
                        octets(m.getCheckValue()),
                        octets(m.getSealedMaterial()));
            }
            case ALIAS -> {
                var m = message.getAlias();
                yield new Content.Alias(new AliasRecord(
                        stamp,
                        new AliasName(new Scope(m.getAccountId(), m.getRegion()), m.getName()),
                        m.getTargetKeyId(),
                        time(m.getCreated()),
                        time(m.getUpdated())));
            }
            case KEY_ALIASES -> {
                var m = message.getKeyAliases();
                yield new Content.KeyAliases(name(m.getKey()), m.getNamesList());
            }
            case ACCESS_KEY -> IdentityContentCodec.read(message.getAccessKey(), stamp);
            case IDENTITY -> IdentityContentCodec.read(message.getIdentity(), stamp);
            case HSM_USER -> new Content.User(user(message.getHsmUser()));
            case CLUSTER ->
                new Content.Cluster(
                        octets(message.getCluster().getLineage()),
                        time(message.getCluster().getCreated()));
            case NODE_CLOCK ->
                new Content.NodeClock(
                        message.getNodeClock().getNodeId(),
                        time(message.getNodeClock().getTime()));
            case KEY_USAGE -> {
                var m = message.getKeyUsage();
                yield new Content.KeyUsage(
                        name(m.getKey()),
                        new LastUse(TrackedUse.valueOf(m.getUse()), time(m.getTime()), uuid(m.getRequestId())));
            }
            case GRANT -> new Content.Grant(GrantCodec.read(message.getGrant(), stamp));
            case CONTENT_NOT_SET -> throw new IllegalArgumentException("a record without content");
        };
    }

    private static RecordWire.KeyUsage usage(Content.KeyUsage usage) {
        return RecordWire.KeyUsage.newBuilder()
                .setKey(name(usage.key()))
                .setUse(usage.lastUse().use().name())
                .setTime(time(usage.lastUse().time()))
                .setRequestId(uuid(usage.lastUse().request()))
                .build();
    }

    private static RecordWire.HsmUser user(HsmUser user) {
        return RecordWire.HsmUser.newBuilder()
                .setName(user.name())
                .setRole(user.role().name())
                .addAllAccounts(sorted(user.accounts()))
                .addAllRegions(sorted(user.regions()))
                .setSalt(octets(user.verifier().salt()))
                .setHash(octets(user.verifier().hash()))
                .build();
    }

    private static HsmUser user(RecordWire.HsmUser m) {
        return new HsmUser(
                m.getName(),
                Role.valueOf(m.getRole()),
                new HashSet<>(m.getAccountsList()),
                new HashSet<>(m.getRegionsList()),
                new CredentialVerifier(octets(m.getSalt()), octets(m.getHash())));
    }

    private static Iterable<String> sorted(Collection<String> items) {
        return items.stream().sorted().toList();
    }

    static RecordWire.KeyName name(KeyName name) {
        return RecordWire.KeyName.newBuilder()
                .setAccountId(name.scope().accountId())
                .setRegion(name.scope().region())
                .setKeyId(name.keyId())
                .build();
    }

    static KeyName name(RecordWire.KeyName m) {
        return new KeyName(new Scope(m.getAccountId(), m.getRegion()), m.getKeyId());
    }

    static Timestamp time(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static Instant time(Timestamp m) {
        return Instant.ofEpochSecond(m.getSeconds(), m.getNanos());
    }

    static List<RecordWire.UniqueId> uniqueIds(Map<String, String> ids) {
        return ids.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> RecordWire.UniqueId.newBuilder()
                        .setArn(each.getKey())
                        .setId(each.getValue())
                        .build())
                .toList();
    }

    static Map<String, String> uniqueIds(List<RecordWire.UniqueId> messages) {
        return messages.stream().collect(Collectors.toMap(RecordWire.UniqueId::getArn, RecordWire.UniqueId::getId));
    }

    static ByteString octets(Bytes bytes) {
        return ByteString.copyFrom(bytes.readOnlyArray());
    }

    static Bytes octets(ByteString bytes) {
        return Bytes.wrap(bytes.toByteArray());
    }

    private static ByteString uuid(UUID uuid) {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .flip());
    }

    private static UUID uuid(ByteString bytes) {
        if (bytes.size() != 16) {
            throw new IllegalArgumentException("a command id has 16 bytes");
        }
        var words = bytes.asReadOnlyByteBuffer();
        return new UUID(words.getLong(), words.getLong());
    }
}
