package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.protocol.Bytes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backing key whose material is opened off the heap at first use and stays until the record is changed or gone, or the
 * vault is closed.
 *
 * <p>Safe for concurrent use. A user of the material may find it closed under its hands ({@link KeyMaterial} then throws
 * {@link IllegalStateException}): the record has just been destroyed or written anew, and the user asks the vault again.
 */
public final class LoadedKey implements AutoCloseable {

    private final Stored<Content.BackingKey> stored;
    private final RecordSealer sealer;
    private volatile @Nullable KeyMaterial material;
    private boolean closed;

    LoadedKey(Stored<Content.BackingKey> stored, RecordSealer sealer) {
        this.stored = stored;
        this.sealer = sealer;
    }

    /** 16 bytes. */
    public Bytes id() {
        return stored.content().id();
    }

    public String accountId() {
        return stored.content().accountId();
    }

    public String keyId() {
        return stored.content().keyId();
    }

    /**
     * The material, still owned by this; empty if it was closed.
     *
     * @throws UnsealException if it does not open; it is then never served
     */
    public Optional<KeyMaterial> material() throws UnsealException {
        var present = material;
        return present != null ? Optional.of(present) : load();
    }

    private synchronized Optional<KeyMaterial> load() throws UnsealException {
        if (closed) {
            return Optional.empty();
        }
        var present = material;
        if (present == null) {
            present = sealer.openBackingKey(stored.content());
            material = present;
        }
        return Optional.of(present);
    }

    @Override
    public synchronized void close() {
        closed = true;
        var present = material;
        if (present != null) {
            present.close();
            material = null;
        }
    }
}
