package dev.strongroom.conformance.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.strongroom.conformance.subject.Program;
import java.nio.file.Path;

/** A log held against the trail of the node behind the gateway that wrote it, by {@code hsm audit verify}. */
final class JoinedLog {

    private JoinedLog() {}

    /** Whatever the log says is what the node did. */
    static void assertFits(Path log, Path data) {
        try (var verify = Program.start(
                "hsm",
                "audit",
                "verify",
                "--gateway-log",
                log.toString(),
                data.resolve("audit").toString())) {
            int code = verify.awaitExit();
            assertEquals(0, code, verify::output);
            assertFalse(verify.output().contains("logs    0 requests"), verify::output);
        }
    }
}
