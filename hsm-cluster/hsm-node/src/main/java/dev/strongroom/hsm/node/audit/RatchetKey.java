package dev.strongroom.hsm.node.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.hsm.node.crypto.Kbkdf;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import java.nio.ByteBuffer;

/**
 * The key of the trail's MACs, one for each epoch of one start of one node: the first is derived from the audit root, each
 * other from the one before it, which is overwritten. Who gets hold of epoch {@code e} cannot make a MAC of an earlier one.
 *
 * <pre>
 * K(0)     = KBKDF(audit root, "strongroom audit start v1", length of node (4) || node || boot (8))
 * K(e + 1) = KBKDF(K(e), "strongroom audit epoch v1", "")
 * MAC      = KBKDF(K(e), "strongroom audit mac v1", digest of the record)
 * </pre>
 *
 * <p>For one thread at a time.
 */
final class RatchetKey implements AutoCloseable {

    static final int TAG_BYTES = 32;

    private static final int KEY_BYTES = 32;
    private static final byte[] NOTHING = new byte[0];

    private KeyMaterial key;
    private long epoch;

    /** The key of epoch 0; {@code root} stays the caller's. */
    RatchetKey(KeyMaterial root, String node, long boot) {
        var name = node.getBytes(UTF_8);
        var context = ByteBuffer.allocate(Integer.BYTES + name.length + Long.BYTES)
                .putInt(name.length)
                .put(name)
                .putLong(boot)
                .array();
        this.key = Kbkdf.deriveKey(root, "strongroom audit start v1", context, KEY_BYTES);
    }

    long epoch() {
        return epoch;
    }

    /** Moves on to a later epoch; the keys before it are gone. */
    void advanceTo(long later) {
        while (epoch < later) {
            var next = Kbkdf.deriveKey(key, "strongroom audit epoch v1", NOTHING, KEY_BYTES);
            key.close();
            key = next;
            epoch++;
        }
    }

    /** The MAC over the record with that digest. */
    byte[] tag(byte[] digest) {
        return Kbkdf.derive(key, "strongroom audit mac v1", digest, TAG_BYTES);
    }

    @Override
    public void close() {
        key.close();
    }
}
