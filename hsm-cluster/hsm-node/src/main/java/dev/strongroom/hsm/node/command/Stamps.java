package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares what a command rests on with what the records are now. */
final class Stamps {

    private Stamps() {}

    /** The highest revision that {@code authority} has seen. */
    static long newest(Authority authority) {
        return Math.max(authority.key().revision(), newest(authority.others()));
    }

    static long newest(List<Stamp> stamps) {
        long newest = 0;
        for (var stamp : stamps) {
            newest = Math.max(newest, stamp.revision());
        }
        return newest;
    }

    static List<Stamp> all(Authority authority) {
        var all = new ArrayList<Stamp>();
        all.add(authority.key());
        all.addAll(authority.others());
        return all;
    }

    /** The key that {@code authority} is about, if everything it rests on is as it was seen; else refuses. */
    static Stored<Content.Key> require(VaultIndex index, Authority authority) {
        var key = requireKey(index, authority.key());
        for (var stamp : authority.others()) {
            if (index.revision(stamp) != stamp.revision()) {
                throw stale(index, stamp, List.of(authority.key()));
            }
        }
        return key;
    }

    /** Refuses unless every record is as it was seen. */
    static void require(VaultIndex index, List<Stamp> stamps) {
        for (var stamp : stamps) {
            if (index.revision(stamp) != stamp.revision()) {
                throw stale(index, stamp, stamps);
            }
        }
    }

    /**
     * The refusal when the record of {@code stamp} is not as it was seen. It carries the key if it is a key's, or if it is
     * what a multi-Region key of {@code others} shares with its Regions.
     */
    static Refused stale(VaultIndex index, Stamp stamp, List<Stamp> others) {
        var fresh = key(index, stamp);
        for (int i = 0; fresh.isEmpty() && i < others.size(); i++) {
            fresh = key(index, others.get(i)).filter(key -> isShare(key, stamp));
        }
        return new Refused(Refusal.STALE, "", fresh);
    }

    private static Optional<KeyRecord> key(VaultIndex index, Stamp stamp) {
        return index.key(stamp).map(stored -> stored.content().key());
    }

    private static boolean isShare(KeyRecord key, Stamp stamp) {
        return key.material()
                .multiRegion()
                .map(KeyRecord.MultiRegion::stamp)
                .filter(shared -> shared.idHigh() == stamp.idHigh() && shared.idLow() == stamp.idLow())
                .isPresent();
    }

    private static Stored<Content.Key> requireKey(VaultIndex index, Stamp stamp) {
        long revision = index.revision(stamp);
        if (revision == 0) {
            // A record that this node has seen is gone, and ids are never used again: the key was destroyed.
            throw new Refused(Refusal.NOT_FOUND);
        }
        var id = new RecordId(stamp.idHigh(), stamp.idLow());
        if (index.isUnreadable(id)) {
            throw new Refused(Refusal.INTERNAL, "record " + id);
        }
        Optional<Stored<Content.Key>> key = index.key(stamp);
        if (key.isEmpty()) {
            throw new Refused(Refusal.MALFORMED, "the stamp of a key names another record");
        }
        if (revision != stamp.revision()) {
            throw stale(index, stamp, List.of());
        }
        return key.get();
    }
}
