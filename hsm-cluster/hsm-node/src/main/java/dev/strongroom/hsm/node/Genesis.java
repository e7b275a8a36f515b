package dev.strongroom.hsm.node;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.Kbkdf;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.seal.DomainKeyring;
import dev.strongroom.hsm.node.seal.Purpose;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.RecordSealer;
import dev.strongroom.hsm.node.wire.RecordWire;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Stamp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The first transaction of a cluster: what the cluster is, its keyring, its first users and access keys. It is written
 * once, when the cluster is made, and given to every node as a file; whoever leads first commits it. It expects that none
 * of its records exists and its command id follows from the lineage, so committing it again changes nothing.
 *
 * <pre>
 * offset  bytes  content
 *      0      8  "SRGENES" 0x01
 *      8     32  KBKDF(the root key's JOIN key, "strongroom genesis v1", rest of the file)
 *     40      n  Genesis message of node.proto
 * </pre>
 *
 * <p>Each record is sealed on its own; the tag besides keeps somebody from leaving records out.
 */
public final class Genesis {

    private static final byte[] MAGIC = "SRGENES\1".getBytes(StandardCharsets.US_ASCII);
    private static final String LABEL = "strongroom genesis v1";
    private static final int TAG_BYTES = 32;
    private static final int HEADER_BYTES = 8 + TAG_BYTES;

    private Genesis() {}

    /**
     * An access key that a cluster begins with.
     *
     * @param secret ASCII; stays the caller's
     */
    public record FirstAccessKey(String accessKeyId, String accountId, String principalArn, Plaintext secret) {}

    /** The file's content for a new cluster under {@code rootKey}. */
    public static byte[] create(
            RootKey rootKey, Entropy entropy, Instant now, List<HsmUser> users, List<FirstAccessKey> accessKeys) {
        var command = commandId(rootKey.lineage());
        var message = RecordWire.Genesis.newBuilder()
                .setLineage(ByteString.copyFrom(rootKey.lineage().readOnlyArray()));
        try (var vault = new KeyVault(rootKey, entropy);
                var keyring = DomainKeyring.create(entropy)) {
            var sealer = new RecordSealer(rootKey.lineage(), vault.names(), keyring);
            add(message, vault.firstKeyring(keyring));
            var cluster = new Content.Cluster(rootKey.lineage(), millis(now));
            add(message, sealer.create(cluster, command));
            for (var user : users) {
                add(message, sealer.create(new Content.User(user), command));
            }
            var accounts = new TreeSet<String>();
            for (var accessKey : accessKeys) {
                accounts.add(accessKey.accountId());
                add(message, sealer.create(sealed(accessKey, sealer, now), command));
            }
            for (var accountId : accounts) {
                var account = new IdentityRecord.Account(new Stamp(0, 0, 0), accountId, false, millis(now));
                add(message, sealer.create(new Content.Identity(account), command));
            }
        }
        var body = message.build().toByteArray();
        return ByteBuffer.allocate(HEADER_BYTES + body.length)
                .put(MAGIC)
                .put(tag(rootKey, body))
                .put(body)
                .array();
    }

    /**
     * The transaction in a file.
     *
     * @throws NodeStartException if the file was not made under this root key, or was changed
     */
    public static Transaction read(byte[] octets, RootKey rootKey) throws NodeStartException {
        if (octets.length < HEADER_BYTES || !Arrays.equals(octets, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new NodeStartException("the genesis file is not one of this version: copy it anew from where the "
                    + "cluster was initialized");
        }
        var body = Arrays.copyOfRange(octets, HEADER_BYTES, octets.length);
        var tag = Arrays.copyOfRange(octets, MAGIC.length, HEADER_BYTES);
        if (!MessageDigest.isEqual(tag, tag(rootKey, body))) {
            throw new NodeStartException(
                    "the genesis file is damaged or of another cluster: copy it anew from where the cluster was "
                            + "initialized");
        }
        try {
            var message = RecordWire.Genesis.parseFrom(body);
            var writes = new ArrayList<Write>();
            for (var item : message.getRecordsList()) {
                writes.add(new Put(
                        new RecordId(item.getIdHigh(), item.getIdLow()),
                        0,
                        item.getKind(),
                        Bytes.wrap(item.getPayload().toByteArray())));
            }
            return new Transaction(commandId(rootKey.lineage()), writes);
        } catch (InvalidProtocolBufferException e) {
            throw new NodeStartException("the genesis file is authentic and malformed: it was made by another version");
        }
    }

    private static Instant millis(Instant now) {
        return now.truncatedTo(ChronoUnit.MILLIS);
    }

    private static Content.AccessKey sealed(FirstAccessKey accessKey, RecordSealer sealer, Instant now) {
        try (var secret = accessKey.secret().use(octets -> KeyMaterial.takeFrom(octets.clone()))) {
            var identity = new CallerIdentity(
                    new Stamp(0, 0, 0), accessKey.accessKeyId(), accessKey.accountId(), accessKey.principalArn());
            return new Content.AccessKey(
                    new IdentityRecord.AccessKey(identity, true, millis(now)),
                    sealer.sealSecret(accessKey.accessKeyId(), accessKey.accountId(), secret));
        }
    }

    private static void add(RecordWire.Genesis.Builder message, Put write) {
        message.addRecords(RecordWire.GenesisRecord.newBuilder()
                .setIdHigh(write.id().high())
                .setIdLow(write.id().low())
                .setKind(write.kind())
                .setPayload(ByteString.copyFrom(write.payload().readOnlyArray())));
    }

    private static byte[] tag(RootKey rootKey, byte[] body) {
        try (var key = rootKey.purpose(Purpose.JOIN)) {
            return Kbkdf.derive(key, LABEL, body, TAG_BYTES);
        }
    }

    private static UUID commandId(Bytes lineage) {
        var id = ByteBuffer.wrap(Digests.sha256(LABEL.getBytes(StandardCharsets.US_ASCII), lineage.readOnlyArray()));
        return new UUID(id.getLong(), id.getLong());
    }
}
