package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.KeyPair;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeySpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backing key that is opened at first use and stays so until the record is changed or gone, or the vault is closed: a
 * symmetric or HMAC key as material off the heap, a key pair prepared for its algorithms.
 *
 * <p>Safe for concurrent use. A user may find what it holds closed under its hands ({@link KeyMaterial} and {@link KeyPair}
 * then throw {@link IllegalStateException}): the record has just been destroyed or written anew, and the user asks the
 * vault again.
 */
public final class LoadedKey implements AutoCloseable {

    private final Stored<Content.BackingKey> stored;
    private final RecordSealer sealer;
    /** Held while a key pair is opened, which takes milliseconds, so that closing never waits for that. */
    private final Object opening = new Object();

    private volatile @Nullable KeyMaterial material;
    private volatile @Nullable KeyPair pair;
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
     * The material, still owned by this; empty if it was closed, or destroyed.
     *
     * @throws UnsealException if it does not open; it is then never served
     */
    public Optional<KeyMaterial> material() throws UnsealException {
        var present = material;
        return present != null ? Optional.of(present) : load();
    }

    private synchronized Optional<KeyMaterial> load() throws UnsealException {
        if (closed || stored.content().isDestroyed()) {
            return Optional.empty();
        }
        var present = material;
        if (present == null) {
            present = sealer.openBackingKey(stored.content());
            material = present;
        }
        return Optional.of(present);
    }

    /**
     * The key pair, still owned by this; empty if it was closed, or destroyed. Opened once, however many ask at the same time. Its sealed
     * form is opened for that and overwritten again, so the private key is in memory once.
     *
     * @param spec that of the key it is a generation of
     * @throws UnsealException if it does not open, or is no key of {@code spec}; it is then never served
     */
    public Optional<KeyPair> keyPair(KeySpec spec, Entropy entropy) throws UnsealException {
        var present = pair;
        if (present != null) {
            return Optional.of(present);
        }
        synchronized (opening) {
            present = pair;
            return present != null ? Optional.of(present) : openPair(spec, entropy);
        }
    }

    private Optional<KeyPair> openPair(KeySpec spec, Entropy entropy) throws UnsealException {
        if (isClosed() || stored.content().isDestroyed()) {
            return Optional.empty();
        }
        try (var sealed = sealer.openBackingKey(stored.content())) {
            return kept(KeyPair.open(spec, sealed, entropy));
        }
    }

    private synchronized Optional<KeyPair> kept(KeyPair opened) {
        if (closed) {
            opened.close();
            return Optional.empty();
        }
        pair = opened;
        return Optional.of(opened);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        var present = material;
        if (present != null) {
            present.close();
            material = null;
        }
        var opened = pair;
        if (opened != null) {
            opened.close();
            pair = null;
        }
    }
}
