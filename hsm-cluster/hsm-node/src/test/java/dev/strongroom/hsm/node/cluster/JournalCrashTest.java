package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.cluster.Journal.Intact;
import io.microraft.model.log.SnapshotChunk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that die in the middle of appending, and what the next one finds. */
final class JournalCrashTest {

    private static final long SEED = 4_711;

    private static final int KILLS = 20;

    @TempDir
    private Path temporary;

    private Process start(String limit, Path folder, int maxBytes) throws IOException {
        var java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                JournalWriter.class.getName(),
                folder.toString(),
                Integer.toString(maxBytes));
        var command = new ArrayList<>(List.of("/bin/sh", "-c", limit + " exec \"$@\"", "sh"));
        command.addAll(java);
        return new ProcessBuilder(command)
                .redirectError(temporary.resolve("stderr").toFile())
                .start();
    }

    private static BufferedReader outputOf(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    void twentyKillsLoseNothingThatWasAcknowledged() throws IOException, InterruptedException {
        var random = new Random(SEED);
        var folder = temporary.resolve("data");
        var acknowledged = 0L;
        for (var kill = 0; kill < KILLS; kill++) {
            var writer = start("", folder, 3_000);
            try (var output = outputOf(writer)) {
                for (var lines = 1 + random.nextInt(150); lines > 0; lines--) {
                    acknowledged = acknowledged(output, acknowledged);
                }
                assertThrows(JournalRefusedException.class, () -> JournalFolder.lock(folder), "it is still running");
                // By its handle, which leaves the pipe open for what is still in it.
                assertTrue(writer.toHandle().destroyForcibly());
                for (var line = output.readLine(); line != null; line = output.readLine()) {
                    // What it said before it died counts too; the last line may be cut.
                    acknowledged = Math.max(acknowledged, said(line, acknowledged));
                }
            }
            assertEquals(128 + 9, writer.waitFor(), "it was killed");
            assertAllThere(folder, acknowledged, 3_000, "kill " + kill + ", seed " + SEED);
        }
        try (var leftovers = Files.list(folder.resolve("native"))) {
            var names = leftovers.toList();
            assertTrue(names.size() <= 2, () -> "of one start at most: " + names);
        }
    }

    @Test
    void aFullDiskIsAFailureThatLosesNothing() throws IOException, InterruptedException {
        var folder = temporary.resolve("data");
        // A file may not grow beyond some megabytes: writes fail in the middle, as on a full disk.
        var writer = start("ulimit -f 6000;", folder, 60_000);
        var acknowledged = 0L;
        var failure = "";
        try (var output = outputOf(writer)) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                acknowledged = said(line, acknowledged);
                failure = line;
            }
        }
        assertEquals(3, writer.waitFor(), failure);
        assertTrue(failure.startsWith("failed org.sqlite.SQLiteException"), failure);
        assertTrue(acknowledged > 0, "it had begun");
        assertAllThere(folder, acknowledged, 60_000, "full disk");
    }

    private static long acknowledged(BufferedReader output, long before) throws IOException {
        var line = output.readLine();
        assertTrue(line != null && line.startsWith("ack "), () -> "the writer said " + line);
        return said(String.valueOf(line), before);
    }

    private static long said(String line, long before) {
        return line.matches("ack \\d+") ? Long.parseLong(line.substring(4)) : before;
    }

    /** In a copy, so that the next writer finds what the killed one left. */
    private void assertAllThere(Path folder, long acknowledged, int maxBytes, String when) throws IOException {
        var copy = JournalSample.copy(folder, temporary.resolve("copy"));
        try (var locked = JournalFolder.lock(copy)) {
            var intact = assertInstanceOf(Intact.class, JournalSample.open(locked), when);
            intact.journal().close();
            var snapshot = intact.state().getSnapshotEntry();
            var next = 1L;
            if (snapshot != null) {
                next = snapshot.getIndex() + 1;
                for (var each : (Collection<?>) snapshot.getOperation()) {
                    var chunk = (SnapshotChunk) each;
                    var expected = JournalWriter.chunk(snapshot.getIndex(), chunk.getSnapshotChunkIndex());
                    assertArrayEquals(LogCodec.encode(expected), LogCodec.encode(chunk), when);
                }
            }
            for (var entry : intact.state().getLogEntries()) {
                assertArrayEquals(LogCodec.encode(JournalWriter.entry(next, maxBytes)), LogCodec.encode(entry), when);
                next++;
            }
            var last = next - 1;
            assertTrue(last >= acknowledged, () -> when + ": " + acknowledged + " acknowledged, " + last + " there");
            assertEquals(
                    "term 1", "term " + intact.state().getTermPersistentState().getTerm());
        }
        JournalSample.delete(copy);
    }
}
