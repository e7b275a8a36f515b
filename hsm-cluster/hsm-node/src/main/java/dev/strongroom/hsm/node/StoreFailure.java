package dev.strongroom.hsm.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Learns that the store has stopped for good, and why. Whoever waits for the store is told instead of waiting on. */
final class StoreFailure implements Consumer<String> {

    private final CompletableFuture<Void> failed = new CompletableFuture<>();

    @Override
    public void accept(String reason) {
        failed.completeExceptionally(new IllegalStateException(reason));
    }

    boolean hasHappened() {
        return failed.isCompletedExceptionally();
    }

    void whenHappened(Runnable then) {
        var unused = failed.whenComplete((nothing, reason) -> then.run());
    }

    /** What {@code stage} comes to, or the failure if that comes first. */
    <T> CompletableFuture<T> orElse(CompletionStage<T> stage) {
        if (hasHappened()) {
            // Also over what has come about in the meantime: it no longer counts.
            return failed.thenCompose(unused -> stage);
        }
        var answer = stage.toCompletableFuture().copy();
        var unused = failed.whenComplete((nothing, reason) -> answer.completeExceptionally(reason));
        return answer;
    }
}
