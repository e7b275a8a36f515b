package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.RotationType;
import java.time.Instant;
import java.util.Optional;

/** Seals generations of key material that the node has made. */
final class Generations {

    private static final int SYMMETRIC_BYTES = 32;

    private final KeyVault vault;
    private final Entropy entropy;

    Generations(NodeParts parts) {
        this.vault = parts.vault();
        this.entropy = parts.entropy();
    }

    /** A generation as its key lists it, and its sealed record. */
    record Generation(KeyRecord.BackingKey listed, Content.BackingKey sealed) {}

    /** The first generation of a new key; {@code material} stays the caller's. */
    Generation first(KeyName name, KeyMaterial material, Instant now) {
        var id = newId();
        return new Generation(KeyRecord.BackingKey.first(id, Digests.materialId(id), now), sealed(id, name, material));
    }

    /** New material for a symmetric key, current from {@code now} on. */
    Generation next(KeyName name, Instant now, RotationType type) {
        var id = newId();
        try (var material = entropy.newKey(SYMMETRIC_BYTES)) {
            var listed = new KeyRecord.BackingKey(
                    id, Digests.materialId(id), now, MaterialState.CURRENT, Optional.of(type), Optional.empty());
            return new Generation(listed, sealed(id, name, material));
        }
    }

    /** Opened again and compared before it is proposed: no key may have a generation that cannot be opened. */
    private Content.BackingKey sealed(Bytes id, KeyName name, KeyMaterial material) {
        return vault.sealer().sealBackingKey(id, name.scope().accountId(), name.keyId(), material);
    }

    private Bytes newId() {
        var octets = new byte[CiphertextBlob.ID_BYTES];
        entropy.fill(octets);
        return Bytes.wrap(octets);
    }
}
