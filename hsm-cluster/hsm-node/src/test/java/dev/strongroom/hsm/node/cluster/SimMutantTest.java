package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the simulator is worth: it finds each planted fault among the histories that it runs every time. */
class SimMutantTest {

    private static final long HISTORIES = 10_000;
    private static final int AT_ONCE = 100;

    @ParameterizedTest
    @EnumSource(value = SimMutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void thePlantedFaultIsFound(SimMutant mutant) {
        for (long first = 1; first <= HISTORIES; first += AT_ONCE) {
            var found = LongStream.range(first, first + AT_ONCE)
                    .parallel()
                    .mapToObj(seed -> Simulator.run(seed, false, mutant))
                    .filter(result -> result.failure().isPresent())
                    .findFirst();
            if (found.isPresent()) {
                System.out.printf(
                        "simulator: %s found by seed %d: %s%n",
                        mutant,
                        found.get().seed(),
                        found.get().failure().orElseThrow().lines().findFirst().orElse(""));
                return;
            }
        }
        fail(mutant + " was not found in " + HISTORIES + " histories");
    }
}
