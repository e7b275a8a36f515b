package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.node.crypto.Kbkdf;
import dev.strongroom.hsm.node.crypto.KeyMaterial;

/**
 * Names for what a trail must not show in clear but whoever has the audit root may search for: keyed hashes, the same for
 * all nodes of a cluster and for ever.
 *
 * <pre>
 * key = KBKDF(audit root, "strongroom audit context v1", "")
 * tag = KBKDF(key, "strongroom audit context tag v1", content), 16 bytes
 * </pre>
 */
public final class ContextTags implements AutoCloseable {

    private static final int KEY_BYTES = 32;
    private static final int TAG_BYTES = 16;

    private final KeyMaterial key;

    /** @param root the audit root; stays the caller's */
    public ContextTags(KeyMaterial root) {
        this.key = Kbkdf.deriveKey(root, "strongroom audit context v1", new byte[0], KEY_BYTES);
    }

    /** The name of some content: 16 bytes. */
    public byte[] of(byte[] content) {
        return Kbkdf.derive(key, "strongroom audit context tag v1", content, TAG_BYTES);
    }

    @Override
    public void close() {
        key.close();
    }
}
