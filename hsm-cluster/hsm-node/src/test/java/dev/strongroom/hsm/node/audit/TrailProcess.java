package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.node.crypto.TestEntropy;
import java.nio.file.Path;
import java.time.InstantSource;

/** A process that records for ever and says each time what it has recorded, until it is killed. */
final class TrailProcess {

    private TrailProcess() {}

    /**
     * Records until it is killed.
     *
     * @param arguments the folder of the trail
     */
    public static void main(String[] arguments) throws Exception {
        var trail = AuditTrail.open(
                new TrailSettings(
                        Path.of(arguments[0]), "n1", TrailFixture.LINEAGE, "test", TrailSettings.Flush.SOON, 1 << 16),
                TestEntropy.key(1),
                TrailSigner.none(),
                message -> {},
                InstantSource.system(),
                System::nanoTime);
        for (long number = 1; ; number++) {
            long current = number;
            var unused = trail.record(
                    Ledger.Weight.USE, line -> line.text("command", "Encrypt").number("number", current));
            System.out.println(current);
        }
    }
}
