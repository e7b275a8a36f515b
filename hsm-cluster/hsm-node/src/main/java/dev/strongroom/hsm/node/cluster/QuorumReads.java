package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.store.RecordStore.UnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Quorum reads asked on this node. One round is under way at a time; who comes meanwhile shares the next, which begins
 * after all of its callers asked. A round is a question to the leader, repeated until one is answered; every answered
 * question renews the lease, and when nobody has asked for a second a round is run for the lease alone.
 *
 * <p>Used on the Raft thread only.
 */
final class QuorumReads {

    static final long DEADLINE_NANOS = 5_000_000_000L;
    static final long LEASE_ROUND_NANOS = 1_000_000_000L;

    private static final long RETRY_NANOS = 400_000_000L;

    private final LongSupplier nanos;
    private final Lease lease;
    private final Waiters waiters;
    private final LongConsumer ask;
    private long question;

    private List<Caller> waiting = new ArrayList<>();
    private List<Caller> asking = new ArrayList<>();
    private boolean underWay;
    private long lastAsked;

    /** When each question of the present round was sent. */
    private final Map<Long, Long> sent = new HashMap<>();

    private record Caller(CompletableFuture<Long> answer, long deadline) {

        void late() {
            answer.completeExceptionally(new UnavailableException("no majority confirmed a leader in time"));
        }
    }

    /**
     * @param firstQuestion drawn at this start, so that an answer to a question of an earlier start fits none of this
     * @param ask brings a question to the leader, if there is one; it or its answer may get lost
     */
    QuorumReads(LongSupplier nanos, Lease lease, Waiters waiters, long firstQuestion, LongConsumer ask) {
        this.nanos = nanos;
        this.lease = lease;
        this.waiters = waiters;
        this.question = firstQuestion;
        this.ask = ask;
    }

    /** @param caller completed with an applied index that covers all that was acknowledged before this call */
    void read(CompletableFuture<Long> caller) {
        waiting.add(new Caller(caller, nanos.getAsLong() + DEADLINE_NANOS));
        if (!underWay) {
            begin();
        }
    }

    void answered(long answeredQuestion, long index) {
        var sentAt = sent.get(answeredQuestion);
        if (sentAt == null) {
            return;
        }
        var callers = asking;
        asking = new ArrayList<>();
        sent.clear();
        underWay = false;
        waiters.await(index, sentAt + Lease.NANOS, () -> lease.confirmed(sentAt), () -> {});
        for (var caller : callers) {
            waiters.await(index, caller.deadline(), () -> caller.answer().complete(index), caller::late);
        }
        if (!underWay && !waiting.isEmpty()) {
            begin();
        }
    }

    /** Asks again: there is another leader. */
    void retry() {
        if (underWay) {
            sendQuestion();
        }
    }

    void tick(long now) {
        expire(waiting, now);
        expire(asking, now);
        if (underWay ? now - lastAsked >= RETRY_NANOS : now - lastAsked >= LEASE_ROUND_NANOS) {
            if (underWay) {
                sendQuestion();
            } else {
                begin();
            }
        }
    }

    void giveUp() {
        var all = new ArrayList<>(waiting);
        all.addAll(asking);
        waiting.clear();
        asking.clear();
        sent.clear();
        all.forEach(Caller::late);
    }

    private void begin() {
        underWay = true;
        asking = waiting;
        waiting = new ArrayList<>();
        sendQuestion();
    }

    private void sendQuestion() {
        var now = nanos.getAsLong();
        // An answer that takes longer than a lease lasts is of no use to anybody any more.
        sent.values().removeIf(sentAt -> now - sentAt > Lease.NANOS);
        lastAsked = now;
        question++;
        sent.put(question, now);
        ask.accept(question);
    }

    private static void expire(List<Caller> callers, long now) {
        var late = new ArrayList<Caller>();
        callers.removeIf(caller -> caller.deadline() - now <= 0 && late.add(caller));
        late.forEach(Caller::late);
    }
}
