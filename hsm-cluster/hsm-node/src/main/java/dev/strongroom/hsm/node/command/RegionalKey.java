package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.key.ImportRules;
import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.store.Transaction.Check;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.RecordSealer;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One key in all its Regions, as they were seen at one moment, and the writes that a change of it in one of them takes: its
 * own record, what the Regions share, and the sealed material that goes out of use.
 *
 * <p>What is not written is expected to be as it was seen, so that no change is drafted on one half of a key and meets
 * another. The records of the other Regions are expected so whenever material comes or goes: of two changes in two Regions
 * at once, one is drafted anew.
 *
 * <p>Sealed material is shared by the Regions: it is destroyed once the last of them has lost it. Its record stays, empty,
 * as long as the key lists that generation, so that a blob made under it still leads to its key.
 */
final class RegionalKey {

    private final KeyVault vault;
    private final Stored<Content.Key> stored;
    private final Optional<Stored<Content.MultiRegionKey>> share;
    private final List<Stored<Content.Key>> others;

    private RegionalKey(
            KeyVault vault,
            Stored<Content.Key> stored,
            Optional<Stored<Content.MultiRegionKey>> share,
            List<Stored<Content.Key>> others) {
        this.vault = vault;
        this.stored = stored;
        this.share = share;
        this.others = others;
    }

    /** The key of {@code stored} in all its Regions. */
    static RegionalKey of(KeyVault vault, VaultIndex index, Stored<Content.Key> stored) {
        var name = stored.content().key().name();
        var others = new ArrayList<Stored<Content.Key>>();
        var regions = stored.content().key().material().multiRegion();
        regions.ifPresent(all -> {
            var elsewhere = new ArrayList<>(all.replicaRegions());
            elsewhere.add(all.primaryRegion());
            elsewhere.remove(name.scope().region());
            for (var region : elsewhere) {
                var there = new KeyName(new Scope(name.scope().accountId(), region), name.keyId());
                index.key(there).ifPresent(others::add);
            }
        });
        var share = regions.flatMap(all -> index.multiRegionKey(name.scope().accountId(), name.keyId()));
        return new RegionalKey(vault, stored, share, others);
    }

    KeyRecord key() {
        return stored.content().key();
    }

    /** Whether the material {@code id} is in all other Regions of the key. */
    boolean isEverywhereElse(Bytes id, Instant now) {
        return others.stream().allMatch(other -> has(other, id, now));
    }

    private boolean isSomewhereElse(Bytes id, Instant now) {
        return others.stream().anyMatch(other -> has(other, id, now));
    }

    private static boolean has(Stored<Content.Key> region, Bytes id, Instant now) {
        return ImportRules.has(ImportRules.asOf(region.content().key(), now), id);
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

    /** The writes that make the key what {@code after} says, for a change that touches no material in use. */
    List<Write> to(KeyRecord after, UUID command) {
        if (share.isEmpty()) {
            return List.of(
                    after.equals(key())
                            // Nothing to write, and still an answer that a majority stands behind.
                            ? unchanged(stored)
                            : vault.sealer().replace(stored, new Content.Key(after), command));
        }
        var shared = Content.MultiRegionKey.of(after);
        return List.of(
                Content.MultiRegionKey.regional(after).equals(Content.MultiRegionKey.regional(key()))
                        ? unchanged(stored)
                        : vault.sealer().replace(stored, new Content.Key(after), command),
                shared.equals(share.get().content())
                        ? unchanged(share.get())
                        : vault.sealer().replace(share.get(), shared, command));
    }

    private static Write unchanged(Stored<?> record) {
        return new Check(record.id(), record.revision());
    }

    /** As {@link #to}, for a change that brings material or loses some; what is lost for good is destroyed. */
    List<Write> toMaterial(KeyRecord after, Optional<Content.BackingKey> arrived, UUID command, Instant now) {
        var writes = new ArrayList<>(to(after, command));
        var sealer = vault.sealer();
        arrived.ifPresent(material -> writes.add(kept(sealer, material, command)));
        var dropped = new ArrayList<Bytes>();
        for (var generation : key().backingKeys()) {
            var id = generation.id();
            boolean isLost = ImportRules.has(key(), id) && !ImportRules.has(after, id);
            if (!isLost) {
                continue;
            }
            if (after.backingKeys().stream().noneMatch(left -> left.id().equals(id))) {
                dropped.add(id);
                backingKey(id).ifPresent(record -> writes.add(new Delete(record.id(), record.revision())));
            } else {
                emptied(id, command, now).ifPresent(writes::add);
            }
        }
        for (var other : others) {
            var left = without(other.content().key(), dropped);
            writes.add(
                    left.equals(other.content().key())
                            ? unchanged(other)
                            : sealer.replace(other, new Content.Key(left), command));
        }
        return writes;
    }

    /**
     * What the other Regions take when this one leaves them for good: the share without it, the primary on its way if it
     * has waited for that, and imported material destroyed that was only here.
     *
     * @param due what has expired by then is in no Region any more
     * @param now when a window begins that begins with this
     */
    List<Write> leaving(Instant due, Instant now, UUID command) {
        var shared = share.orElseThrow();
        var regions = shared.content().material().multiRegion().orElseThrow();
        if (key().isPrimary()) {
            throw new IllegalStateException("a primary key outlives its replicas");
        }
        var region = key().name().scope().region();
        var left = regions.replicaRegions().stream()
                .filter(replica -> !replica.equals(region))
                .toList();
        var writes = new ArrayList<Write>();
        var material = ImportRules.left(shared.content().material(), id -> isEverywhereElse(id, due));
        var share = new Content.MultiRegionKey(
                        shared.content().accountId(), shared.content().keyId(), material)
                .withRegions(new KeyRecord.MultiRegion(regions.stamp(), regions.primaryRegion(), left));
        writes.add(vault.sealer().replace(shared, share, command));
        for (var other : others) {
            var before = other.content().key();
            var after = before.isPrimary() && left.isEmpty() ? KeyRules.withoutReplicas(before, now) : before;
            writes.add(
                    after.equals(before)
                            ? unchanged(other)
                            : vault.sealer().replace(other, new Content.Key(after), command));
        }
        if (key().attributes().origin() == Origin.EXTERNAL) {
            key().backingKeys()
                    .forEach(
                            generation -> emptied(generation.id(), command, due).ifPresent(writes::add));
        }
        return writes;
    }

    /** Destroys imported material that no other Region has; its record stays. */
    private Optional<Write> emptied(Bytes id, UUID command, Instant now) {
        return backingKey(id)
                .filter(record -> !record.content().isDestroyed() && !isSomewhereElse(id, now))
                .map(record -> vault.sealer().replace(record, record.content().destroyed(), command));
    }

    private Write kept(RecordSealer sealer, Content.BackingKey material, UUID command) {
        var present = backingKey(material.id());
        if (present.isEmpty()) {
            return sealer.create(material, command);
        }
        var record = present.get();
        return record.content().isDestroyed() ? sealer.replace(record, material, command) : unchanged(record);
    }

    private Optional<Stored<Content.BackingKey>> backingKey(Bytes id) {
        return vault.read(index -> index.backingKeyRecord(vault.names().backingKey(id)));
    }

    private static KeyRecord without(KeyRecord key, List<Bytes> dropped) {
        return dropped.isEmpty()
                ? key
                : key.with(key.material()
                        .withBackingKeys(key.backingKeys().stream()
                                .filter(generation -> !dropped.contains(generation.id()))
                                .toList()));
    }
}
