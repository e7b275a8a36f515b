package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.key.ImportRules;
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
import dev.strongroom.hsm.protocol.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One key in all its Regions, as a change of its record in one of them meets it, and the writes that such a change takes:
 * the record itself, what the Regions share, and the sealed material that went out of use.
 *
 * <p>Sealed material is shared by the Regions: it is destroyed once the last of them has lost it. Its record stays, empty,
 * as long as the key lists that generation, so that a blob made under it still leads to its key. The records of the other
 * Regions are expected to be as they were seen whenever material comes or goes: of two changes in two Regions at once, one
 * is drafted anew.
 */
final class RegionalWrites {

    private final KeyVault vault;
    private final Stored<Content.Key> stored;
    private final Optional<Stored<Content.MultiRegionKey>> share;
    private final List<Stored<Content.Key>> others;

    private RegionalWrites(
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
    static RegionalWrites of(KeyVault vault, VaultIndex index, Stored<Content.Key> stored) {
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
        return new RegionalWrites(vault, stored, share, others);
    }

    Stored<Content.Key> stored() {
        return stored;
    }

    KeyRecord key() {
        return stored.content().key();
    }

    /** Whether the material {@code id} is in all other Regions of the key. */
    boolean isEverywhereElse(Bytes id, Instant now) {
        return others.stream()
                .allMatch(other ->
                        ImportRules.has(ImportRules.asOf(other.content().key(), now), id));
    }

    private boolean isSomewhereElse(Bytes id, Instant now) {
        return others.stream()
                .anyMatch(other ->
                        ImportRules.has(ImportRules.asOf(other.content().key(), now), id));
    }

    /** The writes that make the key what {@code after} says, for a change that touches no material. */
    List<Write> to(KeyRecord after, UUID command) {
        var writes = new ArrayList<Write>();
        var sealer = vault.sealer();
        var before = key();
        if (share.isEmpty()) {
            if (!after.equals(before)) {
                writes.add(sealer.replace(stored, new Content.Key(after), command));
            }
        } else {
            if (!Content.MultiRegionKey.regional(after).equals(Content.MultiRegionKey.regional(before))) {
                writes.add(sealer.replace(stored, new Content.Key(after), command));
            }
            var shared = Content.MultiRegionKey.of(after);
            if (!shared.equals(share.get().content())) {
                writes.add(sealer.replace(share.get(), shared, command));
            }
        }
        if (writes.isEmpty()) {
            // Nothing to write, and still an answer that a majority stands behind.
            writes.add(new Check(stored.id(), stored.revision()));
        }
        return writes;
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
            } else if (!isSomewhereElse(id, now)) {
                backingKey(id)
                        .filter(record -> !record.content().isDestroyed())
                        .ifPresent(record -> writes.add(
                                sealer.replace(record, record.content().destroyed(), command)));
            }
        }
        for (var other : others) {
            var left = without(other.content().key(), dropped);
            writes.add(
                    left.equals(other.content().key())
                            ? new Check(other.id(), other.revision())
                            : sealer.replace(other, new Content.Key(left), command));
        }
        return writes;
    }

    private Write kept(RecordSealer sealer, Content.BackingKey material, UUID command) {
        var present = backingKey(material.id());
        if (present.isEmpty()) {
            return sealer.create(material, command);
        }
        var record = present.get();
        return record.content().isDestroyed()
                ? sealer.replace(record, material, command)
                : new Check(record.id(), record.revision());
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
