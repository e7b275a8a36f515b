package dev.strongroom.hsm.node.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are really killed and disks that are really full. */
class TrailCrashTest {

    private static final Pattern NUMBER = Pattern.compile("\"number\":(\\d+)");

    @TempDir
    private Path temporary;

    @Test
    void aKilledProcessHasRecordedWhateverItAnswered() throws Exception {
        var nodes = new TrailFixture(temporary, false);
        for (int kill = 1; kill <= 3; kill++) {
            long answered = runAndKill(nodes.folder("n1"), 2_000);
            long recorded = nodes.lines("n1").stream()
                    .skip(lastStart(nodes.lines("n1")))
                    .flatMap(line -> NUMBER.matcher(line).results())
                    .mapToLong(match -> Long.parseLong(match.group(1)))
                    .max()
                    .orElse(0);
            assertTrue(recorded >= answered, answered + " were answered, " + recorded + " recorded");
        }
        TrailFixture.use(nodes.start("n1"), 5);
        nodes.stop("n1");
        var report = nodes.verify("n1");
        assertEquals(List.of(), report.findings());
        assertEquals(4, report.trails().get(0).starts());
        assertEquals(3, report.notes().size(), report.notes().toString());
    }

    private static int lastStart(List<String> lines) {
        int last = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains("\"kind\":\"start\"")) {
                last = i;
            }
        }
        return last;
    }

    /** Kills the process when it has answered so often; how often it had when it died. */
    private static long runAndKill(Path folder, long wanted) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TrailProcess.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long answered = 0;
        try (var output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                if (!line.matches("\\d+")) {
                    continue;
                }
                answered = Long.parseLong(line);
                if (answered == wanted) {
                    process.toHandle().destroyForcibly();
                }
            }
        }
        process.waitFor();
        assertTrue(answered >= wanted, "the process ended by itself after " + answered);
        return answered;
    }

    @Test
    void aFullDiskStopsTheWorkAndRoomLetsItGoOn() throws Exception {
        var disk = Files.createDirectory(temporary.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk.toString()), "needs to mount a small disk");
        try {
            var nodes = new TrailFixture(disk, false);
            var trail = nodes.start("n1");
            Files.write(disk.resolve("ballast"), new byte[6 << 20]);
            while (!trail.isFailing()) {
                TrailFixture.use(trail, 1);
            }
            // What is under way is still recorded, until the reserve is used up as well.
            assertThrows(UncheckedIOException.class, () -> TrailFixture.use(trail, 1_000_000));
            assertTrue(trail.isFailing());

            Files.delete(disk.resolve("ballast"));
            nodes.nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            awaitHealth(trail);
            TrailFixture.use(trail, 10);
            nodes.stop("n1");
            assertEquals(List.of(), nodes.verify("n1").findings());
            assertTrue(nodes.lines("n1").stream().anyMatch(line -> line.contains("\"kind\":\"resumed\",\"lost\":1,")));
        } finally {
            assertTrue(run("umount", "-l", disk.toString()));
        }
    }

    private static void awaitHealth(AuditTrail trail) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (trail.isFailing()) {
            assertFalse(System.nanoTime() > deadline, "it never recovered");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
