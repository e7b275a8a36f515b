package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.RecordStore.UnavailableException;
import dev.strongroom.hsm.node.store.Transaction;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** All that callers on this node wait for, and the lease that their questions renew. Used on the Raft thread only. */
final class Requests {

    private final Surroundings surroundings;
    private final Lease lease;
    private final Waiters waiters = new Waiters();
    private final Proposals proposals;
    private final QuorumReads reads;
    private final Everywhere everywhere;

    /**
     * @param propose brings a transaction to the leader, if there is one
     * @param ask brings a question to the leader, if there is one
     */
    Requests(Surroundings surroundings, Peers peers, Lease lease, Consumer<Transaction> propose, LongConsumer ask) {
        this.surroundings = surroundings;
        this.lease = lease;
        var random = surroundings.random();
        this.proposals = new Proposals(propose);
        this.reads = new QuorumReads(surroundings.nanos(), lease, waiters, random.nextLong(), ask);
        this.everywhere = new Everywhere(peers, waiters, random.nextLong());
    }

    void commit(Transaction transaction, CompletableFuture<Outcome> caller) {
        proposals.add(transaction, caller, now());
    }

    void readBarrier(CompletableFuture<Long> caller) {
        reads.read(caller);
    }

    /** Whichever comes first: the entry, or the knowledge that there is none up to there that anybody was told of. */
    void awaitApplied(long index, CompletableFuture<Void> caller) {
        waiters.await(
                index,
                now() + QuorumReads.DEADLINE_NANOS,
                () -> caller.complete(null),
                () -> caller.completeExceptionally(new UnavailableException("this node is behind")));
        if (!caller.isDone()) {
            var everything = new CompletableFuture<Long>();
            var unused = everything.thenRun(() -> caller.complete(null));
            reads.read(everything);
        }
    }

    void awaitEverywhere(long index, CompletableFuture<Void> caller) {
        everywhere.await(index, caller, now());
    }

    /** For another node that waits for this one; nothing happens if the index is not applied in time. */
    void whenApplied(long index, Runnable then) {
        waiters.await(index, now() + Everywhere.DEADLINE_NANOS, then, () -> {});
    }

    void applied(long index) {
        waiters.applied(index);
    }

    void applied(Transaction transaction, Outcome outcome) {
        proposals.applied(transaction.commandId(), outcome);
    }

    void answered(long question, long index) {
        reads.answered(question, index);
    }

    void appliedElsewhere(String nodeId, long question) {
        everywhere.confirmed(nodeId, question);
    }

    /** There is another leader: it has not heard what the last one was told. */
    void tellAgain() {
        proposals.retry();
        reads.retry();
    }

    void tick() {
        var now = now();
        waiters.expire(now);
        proposals.tick(now);
        reads.tick(now);
        everywhere.tick(now);
    }

    void giveUp(String reason) {
        lease.end();
        proposals.giveUp(reason);
        reads.giveUp();
        everywhere.giveUp();
        waiters.giveUp();
    }

    private long now() {
        return surroundings.nanos().getAsLong();
    }
}
