package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.SealedRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was applied at each index, by whichever node was first; every other node must have applied the same. */
final class SimLedger {

    private final SimWorld world;
    private final TreeMap<Long, Entry> entries = new TreeMap<>();

    /** The state at some indexes beyond the last entry known, given by a node that had applied them before it listened. */
    private final TreeMap<Long, Map<RecordId, SealedRecord>> givens = new TreeMap<>();

    private record Entry(String node, List<SealedRecord> put, List<RecordId> deleted) {}

    SimLedger(SimWorld world) {
        this.world = world;
    }

    void applied(String node, long index, List<SealedRecord> put, List<RecordId> deleted) {
        var known = entries.putIfAbsent(index, new Entry(node, put, deleted));
        if (known != null && !(known.put().equals(put) && known.deleted().equals(deleted))) {
            world.fail(node + " applied " + put + deleted + " at " + index + ", but " + known);
        }
    }

    void reset(String node, Iterable<SealedRecord> records, long index) {
        var given = new HashMap<RecordId, SealedRecord>();
        records.forEach(each -> given.put(each.id(), each));
        if (!entries.isEmpty()
                && index > entries.lastKey()
                && node.equals(entries.lastEntry().getValue().node())) {
            givens.put(index, given);
        }
        if (!given.equals(stateAt(index))) {
            world.fail(node + " starts at " + index + " from " + given + ", but the log makes " + stateAt(index));
        }
    }

    Map<RecordId, SealedRecord> stateAt(long index) {
        var given = givens.floorEntry(index);
        var state = new HashMap<>(given == null ? Map.<RecordId, SealedRecord>of() : given.getValue());
        var from = given == null ? 0 : given.getKey();
        for (var entry :
                entries.subMap(from, false, Math.max(from, index), true).values()) {
            entry.put().forEach(each -> state.put(each.id(), each));
            entry.deleted().forEach(state::remove);
        }
        return state;
    }
}
