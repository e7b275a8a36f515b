package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.seal.Purpose;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.KeyName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Ids of records: a keyed hash over the record's path, which is its kind and then what it is called. Whoever holds the
 * disk sees neither accounts nor names, and cannot test a guess either.
 *
 * <p>Safe for concurrent use.
 */
public final class RecordNames implements AutoCloseable {

    private final KeyMaterial key;

    public RecordNames(RootKey rootKey) {
        this.key = rootKey.purpose(Purpose.RECORD_ID);
    }

    public RecordId key(KeyName name) {
        return id(
                RecordKind.KEY,
                utf8(name.scope().accountId()),
                utf8(name.scope().region()),
                utf8(name.keyId()));
    }

    public RecordId backingKey(Bytes backingKeyId) {
        return id(RecordKind.BACKING_KEY, backingKeyId.readOnlyArray());
    }

    public RecordId alias(AliasName name) {
        return id(
                RecordKind.ALIAS,
                utf8(name.scope().accountId()),
                utf8(name.scope().region()),
                utf8(name.name()));
    }

    public RecordId keyAliases(KeyName name) {
        return id(
                RecordKind.KEY_ALIASES,
                utf8(name.scope().accountId()),
                utf8(name.scope().region()),
                utf8(name.keyId()));
    }

    /** What the Regions of a multi-Region key share has no Region in its path. */
    public RecordId multiRegionKey(String accountId, String keyId) {
        return id(RecordKind.MULTI_REGION_KEY, utf8(accountId), utf8(keyId));
    }

    public RecordId keyUsage(KeyName name) {
        return id(
                RecordKind.KEY_USAGE,
                utf8(name.scope().accountId()),
                utf8(name.scope().region()),
                utf8(name.keyId()));
    }

    /** A grant with a name is found by what it was asked for, see {@link GrantPath}. */
    public RecordId grant(GrantRecord grant) {
        return id(RecordKind.GRANT, GrantPath.of(grant));
    }

    public RecordId accessKey(String accessKeyId) {
        return id(RecordKind.ACCESS_KEY, utf8(accessKeyId));
    }

    public RecordId identity(IdentityName name) {
        return switch (name.kind()) {
            case ACCOUNT -> id(RecordKind.ACCOUNT, utf8(name.accountId()));
            case USER -> identity(RecordKind.USER, name);
            case ROLE -> identity(RecordKind.ROLE, name);
            case POLICY -> identity(RecordKind.MANAGED_POLICY, name);
            case OIDC_PROVIDER -> identity(RecordKind.OIDC_PROVIDER, name);
            case ACCESS_KEY -> accessKey(name.name());
        };
    }

    private RecordId identity(RecordKind kind, IdentityName name) {
        return id(kind, utf8(name.accountId()), utf8(IdentityIndex.key(name)));
    }

    public RecordId hsmUser(String name) {
        return id(RecordKind.HSM_USER, utf8(name));
    }

    public RecordId nodeClock(String nodeId) {
        return id(RecordKind.NODE_CLOCK, utf8(nodeId));
    }

    public RecordId keyring() {
        return id(RecordKind.KEYRING);
    }

    public RecordId cluster() {
        return id(RecordKind.CLUSTER);
    }

    /** The id under which {@code content} has to lie. */
    RecordId of(Content content) {
        if (content instanceof Content.Key c) {
            return key(c.key().name());
        }
        if (content instanceof Content.MultiRegionKey c) {
            return multiRegionKey(c.accountId(), c.keyId());
        }
        if (content instanceof Content.BackingKey c) {
            return backingKey(c.id());
        }
        if (content instanceof Content.Alias c) {
            return alias(c.alias().name());
        }
        if (content instanceof Content.KeyAliases c) {
            return keyAliases(c.key());
        }
        if (content instanceof Content.AccessKey c) {
            return accessKey(c.identity().accessKeyId());
        }
        if (content instanceof Content.Identity c) {
            return identity(c.identity().name());
        }
        if (content instanceof Content.User c) {
            return hsmUser(c.user().name());
        }
        if (content instanceof Content.NodeClock c) {
            return nodeClock(c.nodeId());
        }
        if (content instanceof Content.KeyUsage c) {
            return keyUsage(c.key());
        }
        if (content instanceof Content.Grant c) {
            return grant(c.grant());
        }
        if (content instanceof Content.Cluster) {
            return cluster();
        }
        throw new IllegalStateException("a content of an unknown kind");
    }

    private RecordId id(RecordKind kind, byte[]... path) {
        var parts = new byte[path.length + 1][];
        parts[0] = ByteBuffer.allocate(Integer.BYTES).putInt(kind.number()).array();
        System.arraycopy(path, 0, parts, 1, path.length);
        var id = ByteBuffer.wrap(Digests.keyedId(key, parts));
        return new RecordId(id.getLong(), id.getLong());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        key.close();
    }
}
