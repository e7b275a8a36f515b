package dev.strongroom.gateway.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SharedReadsTest {

    private final SharedReads<String, Integer> reads = new SharedReads<>();
    private final List<CompletableFuture<Integer>> begun = new ArrayList<>();

    private CompletionStage<Integer> read() {
        var read = new CompletableFuture<Integer>();
        begun.add(read);
        return read;
    }

    private static int result(CompletionStage<Integer> stage) {
        return stage.toCompletableFuture().join();
    }

    @Test
    void whoIsContentWithAnyReadJoinsTheOneUnderWay() {
        var first = reads.any("key", this::read);
        var second = reads.any("key", this::read);
        begun.get(0).complete(1);

        assertEquals(1, begun.size());
        assertEquals(1, result(first));
        assertEquals(1, result(second));
    }

    @Test
    void whoMustNotLookBackWaitsForTheNextOne() {
        var first = reads.next("key", this::read);
        var second = reads.next("key", this::read);
        var third = reads.next("key", this::read);
        assertEquals(1, begun.size());

        begun.get(0).complete(1);
        assertEquals(2, begun.size());
        assertFalse(second.toCompletableFuture().isDone());
        begun.get(1).complete(2);

        assertEquals(List.of(1, 2, 2), List.of(result(first), result(second), result(third)));
        assertEquals(2, begun.size());
    }

    @Test
    void otherKeysDoNotWait() {
        var first = reads.next("key", this::read);
        var other = reads.next("other", this::read);
        begun.get(1).complete(2);

        assertEquals(2, result(other));
        assertFalse(first.toCompletableFuture().isDone());
    }

    @Test
    void aFailureEndsOneReadAndNotTheNext() {
        var first = reads.next("key", this::read);
        var second = reads.next("key", this::read);
        begun.get(0).completeExceptionally(new IllegalStateException("lost"));
        begun.get(1).complete(2);

        assertThrows(CompletionException.class, () -> result(first));
        assertEquals(2, result(second));
    }

    @Test
    void aReadThatCannotBeginFailsAndFreesThePlace() {
        var first = reads.next("key", () -> {
            throw new IllegalStateException("too many");
        });
        assertThrows(CompletionException.class, () -> result(first));

        var second = reads.next("key", this::read);
        begun.get(0).complete(2);
        assertEquals(2, result(second));
    }

    @Test
    void nothingIsRemembered() {
        var first = reads.any("key", this::read);
        begun.get(0).complete(1);
        var second = reads.any("key", this::read);
        begun.get(1).complete(2);

        assertEquals(List.of(1, 2), List.of(result(first), result(second)));
    }
}
