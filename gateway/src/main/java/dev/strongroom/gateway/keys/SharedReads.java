package dev.strongroom.gateway.keys;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the same thing once for all who want it at the same time: at most one read of a key is under way and one more
 * waits behind it, however many ask.
 */
public final class SharedReads<K, V> {

    private static final class Flight<V> {
        private final Supplier<CompletionStage<V>> read;
        private final CompletableFuture<V> result = new CompletableFuture<>();
        private @Nullable Flight<V> next;

        private Flight(Supplier<CompletionStage<V>> read) {
            this.read = read;
        }
    }

    private final Map<K, Flight<V>> flights = new HashMap<>();

    /** What any read says that is under way, or else one that is begun now. */
    public CompletionStage<V> any(K key, Supplier<CompletionStage<V>> read) {
        Flight<V> flight;
        synchronized (flights) {
            var running = flights.get(key);
            if (running != null) {
                return running.result;
            }
            flight = new Flight<>(read);
            flights.put(key, flight);
        }
        start(key, flight);
        return flight.result;
    }

    /**
     * What a read says that begins after this call. One that is under way will not do: it may have looked before something
     * happened that the caller already knows of.
     */
    public CompletionStage<V> next(K key, Supplier<CompletionStage<V>> read) {
        Flight<V> flight;
        synchronized (flights) {
            var running = flights.get(key);
            if (running != null) {
                var waiting = running.next;
                if (waiting == null) {
                    waiting = new Flight<>(read);
                    running.next = waiting;
                }
                return waiting.result;
            }
            flight = new Flight<>(read);
            flights.put(key, flight);
        }
        start(key, flight);
        return flight.result;
    }

    private void start(K key, Flight<V> flight) {
        CompletionStage<V> stage;
        try {
            stage = flight.read.get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
        }
        stage.whenComplete((value, failure) -> {
            var next = land(key, flight);
            if (failure == null) {
                flight.result.complete(value);
            } else {
                flight.result.completeExceptionally(Failures.cause(failure));
            }
            if (next != null) {
                start(key, next);
            }
        });
    }

    private @Nullable Flight<V> land(K key, Flight<V> flight) {
        synchronized (flights) {
            var next = flight.next;
            if (next == null) {
                flights.remove(key);
            } else {
                flights.put(key, next);
            }
            return next;
        }
    }
}
