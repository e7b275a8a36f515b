package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.store.Transaction.Check;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.RotationType;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What has to be written so that a key looks as it should: its own record, what its Regions share, or both. What is not
 * written is expected to be as it was seen, so that no change is drafted on one half of a key and meets another.
 */
final class KeyWrites {

    private static final int SYMMETRIC_BYTES = 32;

    private final KeyVault vault;
    private final Entropy entropy;

    KeyWrites(NodeParts parts) {
        this.vault = parts.vault();
        this.entropy = parts.entropy();
    }

    /** A generation of key material as the key lists it, and its sealed record. */
    record Generation(KeyRecord.BackingKey listed, Content.BackingKey sealed) {}

    /** New material for a symmetric key, current from {@code now} on. */
    Generation newGeneration(KeyName name, Instant now, RotationType type) {
        var octets = new byte[CiphertextBlob.ID_BYTES];
        entropy.fill(octets);
        var id = Bytes.wrap(octets);
        try (var material = entropy.newKey(SYMMETRIC_BYTES)) {
            // Opened again and compared before it is proposed: no key may have a generation that cannot be opened.
            var sealed = vault.sealer().sealBackingKey(id, name.scope().accountId(), name.keyId(), material);
            var listed = new KeyRecord.BackingKey(
                    id, Digests.materialId(id), now, MaterialState.CURRENT, Optional.of(type), Optional.empty());
            return new Generation(listed, sealed);
        }
    }

    /** A key's own record and what it shares with its other Regions, as of one moment. */
    record Picture(Stored<Content.Key> own, Optional<Stored<Content.MultiRegionKey>> shared) {

        static Picture of(VaultIndex index, Stored<Content.Key> own) {
            return new Picture(own, index.multiRegionKey(own.content().key().name()));
        }

        KeyRecord key() {
            return own.content().key();
        }
    }

    /** Turns the key of {@code before} into {@code after}; checks only, if there is no difference. */
    List<Write> of(Picture before, KeyRecord after, UUID command) {
        var own = before.own();
        if (before.shared().isEmpty()) {
            return List.of(
                    after.equals(before.key())
                            // Nothing to write, and still an answer that a majority stands behind.
                            ? new Check(own.id(), own.revision())
                            : vault.sealer().replace(own, new Content.Key(after), command));
        }
        var shared = before.shared().get();
        var share = Content.MultiRegionKey.of(after);
        return List.of(
                Content.MultiRegionKey.regional(after).equals(Content.MultiRegionKey.regional(before.key()))
                        ? new Check(own.id(), own.revision())
                        : vault.sealer().replace(own, new Content.Key(after), command),
                share.equals(shared.content())
                        ? new Check(shared.id(), shared.revision())
                        : vault.sealer().replace(shared, share, command));
    }

    /** Whether the newest change of the key's record, or of what it shares, was this command's. */
    static boolean isDoneBy(VaultIndex index, Stamp key, UUID command) {
        return index.key(key)
                .filter(stored -> stored.changedBy().equals(command)
                        || index.multiRegionKey(stored.content().key().name())
                                .filter(shared -> shared.changedBy().equals(command))
                                .isPresent())
                .isPresent();
    }
}
