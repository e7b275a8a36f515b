package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.RecordStore.UnavailableException;
import dev.strongroom.hsm.node.store.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Transactions proposed on this node and not yet applied on it. A caller is answered by this node's own application of
 * the entry, whoever brought it into the log, so a lost answer of the leader costs nothing; until then the transaction is
 * proposed again now and then. A second copy that reaches the log is recognised by its command id.
 *
 * <p>Used on the Raft thread only.
 */
final class Proposals {

    static final long DEADLINE_NANOS = 10_000_000_000L;

    private static final long FIRST_RETRY_NANOS = 500_000_000L;

    private final Map<UUID, Open> open = new LinkedHashMap<>();
    private final Consumer<Transaction> propose;

    private static final class Open {
        final Transaction transaction;
        final long deadline;
        final List<CompletableFuture<Outcome>> callers = new ArrayList<>();
        long retryAfter = FIRST_RETRY_NANOS;
        long retryAt;

        Open(Transaction transaction, long now) {
            this.transaction = transaction;
            this.deadline = now + DEADLINE_NANOS;
            this.retryAt = now + retryAfter;
        }
    }

    /** @param propose brings a transaction to the leader, if there is one; it may get lost */
    Proposals(Consumer<Transaction> propose) {
        this.propose = propose;
    }

    void add(Transaction transaction, CompletableFuture<Outcome> caller, long now) {
        var known = open.get(transaction.commandId());
        if (known != null) {
            known.callers.add(caller);
            return;
        }
        var added = new Open(transaction, now);
        added.callers.add(caller);
        open.put(transaction.commandId(), added);
        propose.accept(transaction);
    }

    void applied(UUID commandId, Outcome outcome) {
        var done = open.remove(commandId);
        if (done != null) {
            done.callers.forEach(caller -> caller.complete(outcome));
        }
    }

    /** Proposes everything again: there is another leader. */
    void retry() {
        List.copyOf(open.values()).forEach(each -> propose.accept(each.transaction));
    }

    void tick(long now) {
        for (var each : List.copyOf(open.values())) {
            if (each.deadline - now <= 0) {
                open.remove(each.transaction.commandId());
                fail(each, "no majority within the time allowed; the outcome is unknown");
            } else if (each.retryAt - now <= 0) {
                each.retryAfter *= 2;
                each.retryAt = now + each.retryAfter;
                propose.accept(each.transaction);
            }
        }
    }

    void giveUp(String reason) {
        var all = List.copyOf(open.values());
        open.clear();
        all.forEach(each -> fail(each, reason));
    }

    private static void fail(Open proposal, String reason) {
        var failure = new UnavailableException(reason);
        proposal.callers.forEach(caller -> caller.completeExceptionally(failure));
    }
}
