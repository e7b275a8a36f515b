package dev.strongroom.hsm.node.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Those who wait until this node has applied an index. Used on the Raft thread only. */
final class Waiters {

    private final TreeMap<Long, List<Waiter>> byIndex = new TreeMap<>();
    private long applied;

    private record Waiter(long deadline, Runnable reached, Runnable late) {}

    /**
     * Runs {@code reached} when {@code index} is applied, at once if it is already, or {@code late} after the deadline.
     */
    void await(long index, long deadline, Runnable reached, Runnable late) {
        if (index <= applied) {
            reached.run();
        } else {
            byIndex.computeIfAbsent(index, unused -> new ArrayList<>()).add(new Waiter(deadline, reached, late));
        }
    }

    void applied(long index) {
        applied = index;
        while (!byIndex.isEmpty() && byIndex.firstKey() <= index) {
            for (var waiter : byIndex.pollFirstEntry().getValue()) {
                waiter.reached().run();
            }
        }
    }

    void expire(long now) {
        var late = new ArrayList<Waiter>();
        for (var waiters : byIndex.values()) {
            waiters.removeIf(waiter -> waiter.deadline() - now <= 0 && late.add(waiter));
        }
        byIndex.values().removeIf(List::isEmpty);
        late.forEach(waiter -> waiter.late().run());
    }

    void giveUp() {
        var all = new ArrayList<Waiter>();
        byIndex.values().forEach(all::addAll);
        byIndex.clear();
        all.forEach(waiter -> waiter.late().run());
    }
}
