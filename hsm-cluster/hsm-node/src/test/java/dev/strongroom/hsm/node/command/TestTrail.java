package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.audit.AuditTrail;
import dev.strongroom.hsm.node.audit.TrailSettings;
import dev.strongroom.hsm.node.audit.TrailSigner;
import dev.strongroom.hsm.node.audit.TrailVerifier;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The audit trail of a node, on disk. */
final class TestTrail {

    private TestTrail() {}

    static AuditTrail open(TestNode node, Path folder) throws IOException {
        return AuditTrail.open(
                new TrailSettings(folder, "n1", "00", "test", TrailSettings.Flush.SOON, TrailSettings.FILE_BYTES),
                TestEntropy.key(1),
                TrailSigner.none(),
                message -> {},
                () -> node.now,
                () -> node.nanos);
    }

    /** The records of commands in it. */
    static List<String> commands(Path folder) throws IOException {
        var lines = new ArrayList<String>();
        TrailVerifier.show(folder, line -> {
            if (line.contains("\"kind\":\"command\"")) {
                lines.add(line);
            }
        });
        return lines;
    }
}
