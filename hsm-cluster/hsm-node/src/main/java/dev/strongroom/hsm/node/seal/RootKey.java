package dev.strongroom.hsm.node.seal;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.Kbkdf;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.protocol.Bytes;

/**
 * The cluster's root key, 256 bits off the heap. It encrypts nothing; it only gives birth to keys for each purpose, bound
 * to the cluster's lineage, so that two clusters that were given the same root key by mistake still share no key.
 *
 * <p>Safe for concurrent use. Closing overwrites the key.
 */
public final class RootKey implements AutoCloseable {

    public static final int LINEAGE_BYTES = 16;

    static final int CHECK_BYTES = 16;

    private static final int KEY_BYTES = 32;

    private final Bytes lineage;
    private final KeyMaterial material;

    /** Takes {@code material} over. */
    RootKey(Bytes lineage, KeyMaterial material) {
        if (lineage.length() != LINEAGE_BYTES || material.length() != KEY_BYTES) {
            material.close();
            throw new IllegalArgumentException("a root key has " + KEY_BYTES + " bytes and a lineage " + LINEAGE_BYTES);
        }
        this.lineage = lineage;
        this.material = material;
    }

    /** The root key of a new cluster, with a lineage of its own. */
    public static RootKey create(Entropy entropy) {
        var lineage = new byte[LINEAGE_BYTES];
        entropy.fill(lineage);
        return new RootKey(Bytes.wrap(lineage), entropy.newKey(KEY_BYTES));
    }

    /** The cluster's identity, 16 random bytes; public, never changes, carried by backups. */
    public Bytes lineage() {
        return lineage;
    }

    /**
     * The 32-byte key for {@code purpose}, always the same; the caller closes it.
     *
     * @throws IllegalStateException if the root key is closed
     */
    public KeyMaterial purpose(Purpose purpose) {
        return Kbkdf.deriveKey(material, purpose.label(), lineage.readOnlyArray(), KEY_BYTES);
    }

    /** Tells whether a key and a lineage are this cluster's; says nothing else about the key. */
    Bytes checkValue() {
        return Bytes.wrap(Kbkdf.derive(material, "strongroom root check v1", lineage.readOnlyArray(), CHECK_BYTES));
    }

    KeyMaterial material() {
        return material;
    }

    @Override
    public void close() {
        material.close();
    }

    @Override
    public String toString() {
        return "RootKey[lineage " + lineage.toHex() + "]";
    }
}
