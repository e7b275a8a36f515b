package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.seal.DomainKeyring;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.SealedRecord;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Puts contents into records and takes them out again.
 *
 * <p>The AAD of a record, big-endian, every field of fixed length:
 *
 * <pre>
 * offset  bytes  content
 *      0      1  format 0x01
 *      1     16  lineage of the cluster
 *     17     16  record id
 *     33      4  kind
 *     37      8  base revision: the one that this version replaced, 0 if it was made new
 * </pre>
 *
 * <p>So a payload opens only in the cluster, under the id, as the kind and on top of the revision that it was sealed for.
 * The path stands inside as well and must lead to the same id. Key material inside a content is sealed once more, in the
 * place of its owner; it can be carried to a new revision of its record as it is.
 *
 * <p>Safe for concurrent use.
 */
public final class RecordSealer {

    private static final byte FORMAT = 1;

    private final Bytes lineage;
    private final RecordNames names;
    private final DomainKeyring keyring;

    public RecordSealer(Bytes lineage, RecordNames names, DomainKeyring keyring) {
        this.lineage = lineage;
        this.names = names;
        this.keyring = keyring;
    }

    /** A write that makes a record. */
    public Put create(Content content, UUID command) {
        return seal(content, 0, command, command);
    }

    /** A write that replaces {@code former} by {@code content}, of the same name and kind. */
    public Put replace(Stored<?> former, Content content, UUID command) {
        return seal(content, former.revision(), former.createdBy(), command);
    }

    private Put seal(Content content, long base, UUID createdBy, UUID changedBy) {
        int kind = content.kind().number();
        var id = names.of(content);
        var clear = ContentCodec.write(content, createdBy, changedBy);
        try {
            var payload = keyring.sealRecord(aad(lineage, id, kind, base), clear);
            return new Put(id, base, kind, Bytes.wrap(payload));
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    /**
     * Opens a record.
     *
     * @throws UnsealException if it was not sealed in this place, was changed, or holds something else than it should
     */
    public Stored<?> open(SealedRecord item) throws UnsealException {
        var kind = RecordKind.of(item.kind())
                .orElseThrow(() -> new UnsealException("a record of the unknown kind " + item.kind()));
        var aad = aad(lineage, item.id(), item.kind(), item.base());
        var clear = keyring.openRecord(aad, item.payload().readOnlyArray());
        try {
            var stored = ContentCodec.read(clear, kind, item.id(), item.revision());
            if (!names.of(stored.content()).equals(item.id())) {
                throw new UnsealException("a record lies under the id of another path");
            }
            return stored;
        } catch (IllegalArgumentException e) {
            throw new UnsealException("a record opens and its content is malformed");
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    /** Seals {@code material}, which stays the caller's, as a generation of the key and proves that it opens again. */
    public Content.BackingKey sealBackingKey(Bytes id, String accountId, String keyId, KeyMaterial material) {
        var place = backingKeyPlace(id, accountId, keyId);
        var sealed = keyring.sealMaterial(place, material);
        try (var reopened = keyring.openMaterial(place, sealed)) {
            if (!reopened.sameAs(material)) {
                throw new IllegalStateException("a sealed key gave back another one");
            }
            var checkValue = Bytes.wrap(Digests.checkValue(reopened));
            return new Content.BackingKey(id, accountId, keyId, checkValue, Bytes.wrap(sealed));
        } catch (UnsealException e) {
            throw new IllegalStateException("a key just sealed does not open", e);
        }
    }

    /**
     * Opens the material of a backing key and compares its check value; the caller closes it.
     *
     * @throws UnsealException if it is not what was sealed
     */
    public KeyMaterial openBackingKey(Content.BackingKey backingKey) throws UnsealException {
        var place = backingKeyPlace(backingKey.id(), backingKey.accountId(), backingKey.keyId());
        var material = keyring.openMaterial(place, backingKey.sealedMaterial().readOnlyArray());
        if (!Bytes.wrap(Digests.checkValue(material)).equals(backingKey.checkValue())) {
            material.close();
            throw new UnsealException("a backing key opens to another key than was sealed");
        }
        return material;
    }

    /** Seals the secret of an access key; {@code secret} stays the caller's. */
    public Bytes sealSecret(String accessKeyId, String accountId, KeyMaterial secret) {
        return Bytes.wrap(keyring.sealMaterial(secretPlace(accessKeyId, accountId), secret));
    }

    /**
     * Opens the secret of an access key; the caller closes it.
     *
     * @throws UnsealException if it is not what was sealed
     */
    public KeyMaterial openSecret(Content.AccessKey accessKey) throws UnsealException {
        var identity = accessKey.identity();
        return keyring.openMaterial(
                secretPlace(identity.accessKeyId(), identity.accountId()),
                accessKey.sealedSecret().readOnlyArray());
    }

    /**
     * Seals a private key that a caller carries away: it opens for the same header and key only.
     *
     * @param header what is readable beside it
     * @param wrappingKey stays the caller's
     */
    public byte[] sealWrappingKey(byte[] header, KeyName name, KeyMaterial wrappingKey) {
        return keyring.sealMaterial(wrappingKeyPlace(header, name), wrappingKey);
    }

    /**
     * Opens what {@link #sealWrappingKey} sealed; the caller closes it.
     *
     * @throws UnsealException if it was not sealed by this cluster with this header for this key, or was changed
     */
    public KeyMaterial openWrappingKey(byte[] header, KeyName name, byte[] sealed) throws UnsealException {
        return keyring.openMaterial(wrappingKeyPlace(header, name), sealed);
    }

    /** Seals the words by which a grant is known again: opaque, and never twice the same. */
    public byte[] sealGrantToken(byte[] words) {
        return keyring.sealRecord(place("strongroom grant token v1"), words);
    }

    /**
     * Opens what {@link #sealGrantToken} sealed.
     *
     * @throws UnsealException if it was not sealed as that by this cluster, or was changed
     */
    public byte[] openGrantToken(byte[] sealed) throws UnsealException {
        return keyring.openRecord(place("strongroom grant token v1"), sealed);
    }

    /** Seals what a session token says; it opens with the same access key id only. */
    public byte[] sealSession(String accessKeyId, byte[] clear) {
        return keyring.sealToken(sessionPlace(accessKeyId), clear);
    }

    /**
     * Opens what {@link #sealSession} sealed; the caller wipes it.
     *
     * @throws UnsealException if it was not sealed by this cluster for this access key, or was changed
     */
    public byte[] openSession(String accessKeyId, byte[] sealed) throws UnsealException {
        return keyring.openToken(sessionPlace(accessKeyId), sealed);
    }

    static byte[] aad(Bytes lineage, RecordId id, int kind, long base) {
        return ByteBuffer.allocate(45)
                .put(FORMAT)
                .put(lineage.readOnlyArray())
                .putLong(id.high())
                .putLong(id.low())
                .putInt(kind)
                .putLong(base)
                .array();
    }

    private byte[] backingKeyPlace(Bytes id, String accountId, String keyId) {
        return place("strongroom backing key v1", id.readOnlyArray(), utf8(accountId), utf8(keyId));
    }

    private byte[] secretPlace(String accessKeyId, String accountId) {
        return place("strongroom access key v1", utf8(accessKeyId), utf8(accountId));
    }

    private byte[] sessionPlace(String accessKeyId) {
        return place("strongroom session token v1", utf8(accessKeyId));
    }

    private byte[] wrappingKeyPlace(byte[] header, KeyName name) {
        return place(
                "strongroom import token v1",
                header,
                utf8(name.scope().accountId()),
                utf8(name.scope().region()),
                utf8(name.keyId()));
    }

    /** Each part behind its length, so that no two lists of parts encode alike. */
    private byte[] place(String label, byte[]... parts) {
        var name = utf8(label);
        int bytes = Integer.BYTES + name.length + lineage.length();
        for (var part : parts) {
            bytes += Integer.BYTES + part.length;
        }
        var place = ByteBuffer.allocate(bytes).putInt(name.length).put(name).put(lineage.readOnlyArray());
        for (var part : parts) {
            place.putInt(part.length).put(part);
        }
        return place.array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
