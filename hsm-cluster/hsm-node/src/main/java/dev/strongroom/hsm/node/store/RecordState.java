package dev.strongroom.hsm.node.store;

import dev.strongroom.hsm.node.store.Outcome.Applied;
import dev.strongroom.hsm.node.store.Outcome.Conflict;
import dev.strongroom.hsm.node.store.Transaction.Check;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.protocol.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The state machine behind the log: all records and the outcomes of the last commands, as they are after a given log
 * entry. The same entries give the same state on every node, byte for byte: nothing here looks at a clock, a random
 * source or the order of a hash table.
 *
 * <p>An outcome is remembered whether the command was applied or met a conflict. If only applied commands were, the late
 * second copy of a command could write after its caller has been told "conflict, nothing written".
 *
 * <p>One thread changes the state; {@link #find}, {@link #records} and {@link #appliedIndex} may be called from any
 * thread without waiting. The index is published after the records, so who has seen index <em>i</em> finds the records of
 * entry <em>i</em>. A reader may see a part of the transaction that is being applied just now, and with it a revision
 * above the index.
 */
public final class RecordState {

    /** How many commands a repetition may lie behind and still be recognised. */
    public static final int REMEMBERED_COMMANDS = 16_384;

    private final int rememberedCommands;
    private volatile Map<RecordId, SealedRecord> records = new ConcurrentHashMap<>();
    private Map<UUID, Outcome> outcomes = new LinkedHashMap<>();
    private volatile long applied;

    public RecordState() {
        this(REMEMBERED_COMMANDS);
    }

    RecordState(int rememberedCommands) {
        this.rememberedCommands = rememberedCommands;
    }

    /**
     * What one entry did.
     *
     * @param outcome as the proposer is told
     * @param put the records written, as they are now; empty for a repetition and for a conflict
     * @param deleted the ids that are gone
     */
    public record Change(Outcome outcome, List<SealedRecord> put, List<RecordId> deleted) {

        private static Change nothing(Outcome outcome) {
            return new Change(outcome, List.of(), List.of());
        }
    }

    /**
     * Applies the transaction of the entry at {@code index}, which lies above {@link #appliedIndex}. A command applied
     * before is answered with its first outcome and changes nothing.
     */
    public Change apply(long index, Transaction transaction) {
        requireAbove(index);
        var known = outcomes.get(transaction.commandId());
        var change = known != null ? Change.nothing(known) : firstTime(index, transaction);
        applied = index;
        return change;
    }

    /** Passes over the entry at {@code index}, which carries no transaction. */
    public void skip(long index) {
        requireAbove(index);
        applied = index;
    }

    public Optional<SealedRecord> find(RecordId id) {
        return Optional.ofNullable(records.get(id));
    }

    /** All records, in no particular order; weakly consistent if the state changes meanwhile. */
    public Iterable<SealedRecord> records() {
        return records.values();
    }

    /** Index of the last entry applied or passed over, 0 at first. */
    public long appliedIndex() {
        return applied;
    }

    /**
     * The state as chunks of at most {@value StateImage#CHUNK_BYTES} bytes, at least one; the same on every node that
     * has applied the same entries.
     */
    public List<Bytes> snapshot() {
        return StateImage.write(records.values(), outcomes);
    }

    /**
     * Replaces the state by the one after the entry at {@code index}.
     *
     * @param chunks of a {@link #snapshot}, in order
     * @throws IllegalArgumentException if they are not a whole snapshot; the state is then unchanged
     */
    public void restore(long index, List<Bytes> chunks) {
        var image = StateImage.read(chunks);
        var restored =
                new ConcurrentHashMap<RecordId, SealedRecord>(image.records().size() * 2);
        for (var item : image.records()) {
            restored.put(item.id(), item);
        }
        outcomes = new LinkedHashMap<>(image.outcomes());
        records = restored;
        applied = index;
    }

    /** SHA-256 over the whole state, to compare nodes that have applied the same index. */
    public Bytes digest() {
        return StateImage.digest(snapshot());
    }

    private Change firstTime(long index, Transaction transaction) {
        var conflict = firstConflict(transaction);
        if (conflict.isPresent()) {
            remember(transaction.commandId(), conflict.get());
            return Change.nothing(conflict.get());
        }
        var put = new ArrayList<SealedRecord>();
        var deleted = new ArrayList<RecordId>();
        for (var write : transaction.writes()) {
            if (write instanceof Put p) {
                var item = new SealedRecord(p.id(), index, p.expected(), p.kind(), p.payload());
                records.put(p.id(), item);
                put.add(item);
            } else if (write instanceof Delete d) {
                records.remove(d.id());
                deleted.add(d.id());
            } else if (!(write instanceof Check)) {
                throw new IllegalStateException("a write of an unknown kind");
            }
        }
        var outcome = new Applied(index);
        remember(transaction.commandId(), outcome);
        return new Change(outcome, List.copyOf(put), List.copyOf(deleted));
    }

    private Optional<Conflict> firstConflict(Transaction transaction) {
        for (var write : transaction.writes()) {
            var present = records.get(write.id());
            var actual = present == null ? 0 : present.revision();
            if (actual != write.expected()) {
                return Optional.of(new Conflict(write.id(), actual));
            }
        }
        return Optional.empty();
    }

    private void remember(UUID commandId, Outcome outcome) {
        outcomes.put(commandId, outcome);
        if (outcomes.size() > rememberedCommands) {
            var oldest = outcomes.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private void requireAbove(long index) {
        if (index <= applied) {
            throw new IllegalStateException("entry " + index + " comes after entry " + applied + " was applied");
        }
    }
}
