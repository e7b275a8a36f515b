package dev.strongroom.conformance.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.conformance.subject.EmbeddedTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The audit log is on a device that takes nothing. */
class FullAuditDeviceTest {

    private static final Path FULL = Path.of("/dev/full");

    @Test
    void everyRequestIsRefusedAndTheReasonToldOnce() throws Exception {
        assumeTrue(Files.isWritable(FULL), "there is no " + FULL);
        try (var target = EmbeddedTarget.inMemory("--audit=" + FULL)) {
            var post = new SignedPost(target);
            for (int i = 0; i < 3; i++) {
                for (var answer : List.of(
                        post.send("ListKeys", "{}"),
                        post.sts("Action=GetCallerIdentity&Version=2011-06-15"),
                        post.admin("{\"kind\":\"user\",\"verb\":\"list\"}"))) {
                    assertEquals(500, answer.statusCode(), answer::body);
                }
            }
            assertEquals(0, target.program().stop());
            var told = target.program()
                    .output()
                    .lines()
                    .filter(line -> line.contains("ERROR") || line.startsWith("\tat "))
                    // A device cannot be flushed either.
                    .filter(line -> !line.contains("did not close in order"))
                    .toList();
            assertEquals(1, told.size(), target.program()::output);
            assertTrue(told.get(0).contains(FULL + " cannot be written, nothing is done until it can"), told.get(0));
        }
    }
}
