package dev.strongroom.hsm.node.audit;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who waits for a record to be on disk. Safe for concurrent use; stages complete on the thread that says so. */
final class FlushWaiters {

    private final Deque<Waiter> waiters = new ArrayDeque<>();

    private record Waiter(long seq, CompletableFuture<Void> stage) {}

    /** Complete when the record is on disk. Called in the order of the records. */
    synchronized CompletionStage<Void> await(long seq) {
        var waiter = new Waiter(seq, new CompletableFuture<>());
        waiters.add(waiter);
        return waiter.stage();
    }

    synchronized boolean isEmpty() {
        return waiters.isEmpty();
    }

    /** Everything up to that record is on disk. */
    void flushed(long seq) {
        take(seq).forEach(waiter -> waiter.stage().complete(null));
    }

    /** Nobody knows what is on disk. */
    void lost(IOException reason) {
        take(Long.MAX_VALUE).forEach(waiter -> waiter.stage().completeExceptionally(reason));
    }

    private synchronized List<Waiter> take(long seq) {
        var taken = new ArrayList<Waiter>();
        while (!waiters.isEmpty() && waiters.element().seq() <= seq) {
            taken.add(waiters.remove());
        }
        return taken;
    }
}
