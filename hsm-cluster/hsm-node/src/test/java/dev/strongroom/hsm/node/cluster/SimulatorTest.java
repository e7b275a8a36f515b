package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The whole of the replicated store, MicroRaft included, under seeded faults. {@code -Dsim.seed=N} runs the history of
 * that seed alone and tells what happens in it; {@code -Dsim.first=N -Dsim.count=N} run others than the usual ones.
 */
class SimulatorTest {

    private static final long FIRST = Long.getLong("sim.first", 1);
    private static final long COUNT = Long.getLong("sim.count", 10_000);

    @Test
    void everyHistoryIsLinearizableKeepsTheLeaseAndEndsWithAWholeCluster() {
        var asked = Optional.ofNullable(Long.getLong("sim.seed"));
        if (asked.isPresent()) {
            assertEquals(Optional.empty(), Simulator.run(asked.get(), true).failure());
            return;
        }
        var results = LongStream.range(FIRST, FIRST + COUNT)
                .parallel()
                .mapToObj(seed -> Simulator.run(seed, false))
                .toList();
        System.out.printf(
                "simulator: %d histories, %d operations, %d reads under the lease%n",
                results.size(),
                results.stream().mapToLong(Simulator.Result::operations).sum(),
                results.stream().mapToLong(Simulator.Result::leaseReads).sum());
        var failures = results.stream()
                .filter(result -> result.failure().isPresent())
                .map(result ->
                        "-Dsim.seed=" + result.seed() + ": " + result.failure().get())
                .toList();
        assertEquals(List.of(), failures);
    }

    @Test
    void aSeedAlwaysTellsTheSameStory() {
        for (var seed = 1; seed <= 20; seed++) {
            var once = Simulator.run(seed, false);
            assertEquals(once, Simulator.run(seed, false));
            assertNotEquals(once.trace(), Simulator.run(seed + 100, false).trace());
            assertTrue(once.operations() > 0);
        }
    }
}
