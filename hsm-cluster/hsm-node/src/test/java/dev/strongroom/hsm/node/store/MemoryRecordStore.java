package dev.strongroom.hsm.node.store;

import dev.strongroom.hsm.protocol.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A record store of one node without a log: the state machine itself, one transaction at a time. A test can take its
 * majority away, let its lease run out, hold back what listeners see, and damage what is stored.
 */
public final class MemoryRecordStore implements RecordStore {

    private final RecordState state = new RecordState();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private final List<Long> awaitedEverywhere = new ArrayList<>();
    private final List<Runnable> proposed = new ArrayList<>();
    private boolean stalled;
    private long index;
    private long barriers;
    private boolean holding;
    private volatile boolean lease = true;
    private volatile boolean majority = true;

    private record Waiter(long index, CompletableFuture<Void> reached) {}

    @Override
    public synchronized CompletionStage<Outcome> commit(Transaction transaction) {
        if (!majority) {
            return CompletableFuture.failedFuture(new UnavailableException("no majority"));
        }
        if (stalled) {
            var answer = new CompletableFuture<Outcome>();
            proposed.add(() -> answer.complete(agreed(transaction)));
            return answer;
        }
        return CompletableFuture.completedFuture(agreed(transaction));
    }

    private Outcome agreed(Transaction transaction) {
        long at = ++index;
        var change = state.apply(at, transaction);
        tell(at, change.put(), change.deleted());
        return change.outcome();
    }

    private void tell(long at, List<SealedRecord> put, List<RecordId> deleted) {
        if (holding) {
            held.add(() -> tellNow(at, put, deleted));
        } else {
            tellNow(at, put, deleted);
        }
    }

    private void tellNow(long at, List<SealedRecord> put, List<RecordId> deleted) {
        listeners.forEach(listener -> listener.applied(at, put, deleted));
        for (var waiter : List.copyOf(waiters)) {
            if (waiter.index() <= at) {
                waiters.remove(waiter);
                waiter.reached().complete(null);
            }
        }
    }

    @Override
    public Optional<SealedRecord> find(RecordId id) {
        return state.find(id);
    }

    @Override
    public synchronized CompletionStage<Long> readBarrier() {
        barriers++;
        return majority
                ? CompletableFuture.completedFuture(index)
                : CompletableFuture.failedFuture(new UnavailableException("no majority"));
    }

    @Override
    public synchronized CompletionStage<Void> awaitApplied(long at) {
        if (!holding) {
            return at <= index || majority
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new UnavailableException("no majority"));
        }
        var reached = new CompletableFuture<Void>();
        waiters.add(new Waiter(at, reached));
        return reached;
    }

    @Override
    public synchronized CompletionStage<Void> awaitEverywhere(long at) {
        awaitedEverywhere.add(at);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized long appliedIndex() {
        return index;
    }

    @Override
    public boolean holdsLease() {
        return lease;
    }

    @Override
    public synchronized void subscribe(Listener listener) {
        listeners.add(listener);
        listener.reset(state.records(), index);
    }

    // ---- what tests do to it

    public void lease(boolean held) {
        lease = held;
    }

    public void majority(boolean there) {
        majority = there;
    }

    /** From now on nothing that is proposed is decided. */
    public synchronized void stall() {
        stalled = true;
    }

    /** All that was proposed is decided, in order. */
    public synchronized void proceed() {
        stalled = false;
        proposed.forEach(Runnable::run);
        proposed.clear();
    }

    /** From now on this node falls behind: transactions are agreed on and not shown to listeners. */
    public synchronized void hold() {
        holding = true;
    }

    public synchronized void release() {
        holding = false;
        held.forEach(Runnable::run);
        held.clear();
    }

    public synchronized long barriers() {
        return barriers;
    }

    /** The indexes for which somebody waited until every node has them. */
    public synchronized List<Long> awaitedEverywhere() {
        return List.copyOf(awaitedEverywhere);
    }

    public synchronized List<SealedRecord> records() {
        var all = new ArrayList<SealedRecord>();
        state.records().forEach(all::add);
        return all;
    }

    /** Starts the listeners anew on other records than there are, as after a restart on a damaged disk. */
    public synchronized void replayed(List<SealedRecord> records) {
        listeners.forEach(listener -> listener.reset(records, index));
    }

    public static SealedRecord flipped(SealedRecord item, int bit) {
        var payload = item.payload().toArray();
        payload[bit / 8] ^= (byte) (1 << bit % 8);
        return withPayload(item, Bytes.wrap(payload));
    }

    public static SealedRecord withPayload(SealedRecord item, Bytes payload) {
        return new SealedRecord(item.id(), item.revision(), item.base(), item.kind(), payload);
    }

    @Override
    public void close() {}
}
