package dev.strongroom.hsm.node.cluster;

import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time and everything that happens in it, in an order that the seed alone decides. */
final class SimWorld {

    static final long MICROS = 1_000;
    static final long MILLIS = 1_000_000;
    static final long SECONDS = 1_000_000_000;

    final Random random;
    private final boolean verbose;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private long now = 1_000 * SECONDS;
    private long count;
    private long trace = 0xcbf29ce484222325L;
    private Optional<String> failure = Optional.empty();

    private record Event(long at, long number, Runnable what) {}

    SimWorld(long seed, boolean verbose) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        this.verbose = verbose;
    }

    long now() {
        return now;
    }

    /** Rises with every event and every call; orders what happens at the same instant. */
    long stamp() {
        return ++count;
    }

    void after(long delay, Runnable what) {
        events.add(new Event(now + delay, ++count, what));
    }

    /** Runs what happens up to the given time, or up to the first failure. */
    void runUntil(long time) {
        while (failure.isEmpty() && !events.isEmpty() && events.peek().at() <= time) {
            var next = events.poll();
            now = next.at();
            mix(now);
            next.what().run();
        }
        now = Math.max(now, time);
    }

    /** Adds to the hash by which two runs of a seed are compared. */
    void mix(long value) {
        trace = (trace ^ value) * 0x100000001b3L;
        trace ^= trace >>> 29;
    }

    void tell(String what) {
        mix(what.hashCode());
        if (verbose) {
            System.out.printf("%8.3f %s%n", (now - 1_000 * SECONDS) / 1e9, what);
        }
    }

    boolean isVerbose() {
        return verbose;
    }

    void fail(String reason) {
        if (failure.isEmpty()) {
            tell("FAILURE " + reason);
            failure = Optional.of(reason);
        }
    }

    Optional<String> failure() {
        return failure;
    }

    long trace() {
        return trace;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    long between(long least, long most) {
        return least + (long) (random.nextDouble() * (most - least));
    }
}
