package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.seal.DomainKeyring;
import dev.strongroom.hsm.node.seal.Purpose;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.SealedRecord;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.protocol.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the records say. It follows the log, opens every record once as it comes by and keeps it under the names that
 * commands use. Key material stays sealed until its first use.
 *
 * <p>A record that does not open is reported as an alarm, counted, and served to nobody; everything else goes on. Without
 * the keyring nothing opens: the vault is then shut ({@link #isOpen}).
 *
 * <p>Thread-safe. The store writes from one thread; readers wait only if they meet a transaction just being taken over.
 */
public final class KeyVault implements RecordStore.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeyVault.class);

    private final Bytes lineage;
    private final RecordNames names;
    private final RecordId keyringId;
    private final KeyMaterial wrapKey;
    private final Entropy entropy;
    private final StampedLock lock = new StampedLock();

    private VaultIndex index = new VaultIndex();
    private volatile @Nullable RecordSealer sealer;
    private @Nullable DomainKeyring keyring;
    private volatile boolean closed;

    /** A vault that is shut until records come; {@code rootKey} stays the caller's. */
    public KeyVault(RootKey rootKey, Entropy entropy) {
        this.lineage = rootKey.lineage();
        this.names = new RecordNames(rootKey);
        this.keyringId = names.keyring();
        this.wrapKey = rootKey.purpose(Purpose.DOMAIN_WRAP);
        this.entropy = entropy;
    }

    /** Whether the records can be read: the cluster's first transaction was applied and its keyring opened. */
    public boolean isOpen() {
        return sealer != null;
    }

    public RecordNames names() {
        return names;
    }

    /** Seals and opens for the newest keyring; throws {@link IllegalStateException} if the vault is not open. */
    public RecordSealer sealer() {
        var present = sealer;
        if (present == null) {
            throw new IllegalStateException("the vault is not open");
        }
        return present;
    }

    /**
     * What {@code reader} makes of the index between two transactions, never of half of one. It may be called twice and
     * must do nothing but look.
     */
    public <T> T read(Function<VaultIndex, T> reader) {
        long stamp = lock.tryOptimisticRead();
        if (stamp != 0) {
            try {
                // The field is read between stamp and validation; its maps are safe to look at while they change.
                var result = reader.apply(index);
                if (lock.validate(stamp)) {
                    return result;
                }
            } catch (RuntimeException e) {
                if (lock.validate(stamp)) {
                    throw e;
                }
            }
        }
        stamp = lock.readLock();
        try {
            return reader.apply(index);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    @Override
    public void reset(Iterable<SealedRecord> records, long at) {
        if (closed) {
            return;
        }
        // Opening is the slow part and needs no lock: only the store's thread writes.
        var fresh = new VaultIndex();
        var opened = keyringIn(records);
        var with = opened.map(found -> new RecordSealer(lineage, names, found)).orElse(null);
        for (var item : records) {
            opening(item, with).accept(fresh);
        }
        fresh.reached(at);
        long stamp = lock.writeLock();
        try {
            index.wipe();
            if (closed) {
                fresh.wipe();
                opened.ifPresent(DomainKeyring::close);
                return;
            }
            index = fresh;
            keyring = opened.orElse(null);
            sealer = with;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    @Override
    public void applied(long at, List<SealedRecord> put, List<RecordId> deleted) {
        if (closed) {
            return;
        }
        var opened = keyringIn(put);
        var with = opened.map(found -> new RecordSealer(lineage, names, found)).orElse(sealer);
        var changes = new ArrayList<Consumer<VaultIndex>>();
        for (var item : put) {
            changes.add(opening(item, with));
        }
        long stamp = lock.writeLock();
        try {
            if (closed) {
                opened.ifPresent(DomainKeyring::close);
                return;
            }
            // A former keyring is not closed here: whoever is sealing with it just now may finish, and when the last
            // one
            // has let go of it, its keys are overwritten by their cleaner.
            opened.ifPresent(found -> keyring = found);
            sealer = with;
            changes.forEach(change -> change.accept(index));
            deleted.forEach(index::remove);
            index.reached(at);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private Optional<DomainKeyring> keyringIn(Iterable<SealedRecord> records) {
        for (var item : records) {
            if (item.id().equals(keyringId)) {
                try {
                    var aad = keyringAad(item.base());
                    return Optional.of(
                            DomainKeyring.open(wrapKey, aad, item.payload().readOnlyArray(), entropy));
                } catch (UnsealException | IllegalStateException e) {
                    alarm(item, e.getMessage());
                }
            }
        }
        return Optional.empty();
    }

    /** Opens {@code item} now; the result puts it into the index. */
    private Consumer<VaultIndex> opening(SealedRecord item, @Nullable RecordSealer with) {
        if (item.id().equals(keyringId)) {
            return target -> {};
        }
        if (with == null) {
            alarm(item, "there is no keyring to open it with");
        } else {
            try {
                var stored = with.open(item);
                return target -> target.put(stored, with);
            } catch (UnsealException | IllegalStateException e) {
                // The latter if the vault was closed meanwhile: the store must not stumble over that.
                alarm(item, e.getMessage());
            }
        }
        return target -> target.putUnreadable(item.id(), item.revision());
    }

    /** The record that holds the first keyring of a cluster. */
    public Put firstKeyring(DomainKeyring first) {
        return new Put(keyringId, 0, RecordKind.KEYRING.number(), Bytes.wrap(first.seal(wrapKey, keyringAad(0))));
    }

    private byte[] keyringAad(long base) {
        return RecordSealer.aad(lineage, keyringId, RecordKind.KEYRING.number(), base);
    }

    private static void alarm(SealedRecord item, @Nullable String reason) {
        LOG.error(
                "ALARM: record {} (kind {}, revision {}) is not served: {}",
                item.id(),
                RecordKind.of(item.kind()).map(RecordKind::name).orElse(Integer.toString(item.kind())),
                item.revision(),
                reason);
    }

    /** Overwrites every key in here. What comes from the log afterwards is not looked at. */
    @Override
    public void close() {
        long stamp = lock.writeLock();
        try {
            closed = true;
            index.wipe();
            index = new VaultIndex();
            sealer = null;
            if (keyring != null) {
                keyring.close();
                keyring = null;
            }
            wrapKey.close();
            names.close();
        } finally {
            lock.unlockWrite(stamp);
        }
    }
}
