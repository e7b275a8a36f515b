package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.cluster.Journal.Damaged;
import dev.strongroom.hsm.node.cluster.Journal.Intact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that change or vanish under a journal: either it is found out, or what is read is what was acknowledged. */
final class JournalDamageTest {

    private static final long SEED = 20_261_124;

    private enum Found {
        DAMAGED,
        REFUSED,
        UNHARMED
    }

    @TempDir
    private Path temporary;

    private final Random random = new Random(SEED);

    /** Closed in order: all is in the database. */
    private Path closed;

    /** Killed: what was written last is in the write-ahead log. */
    private Path killed;

    private String content;

    @BeforeEach
    void writeAJournal() throws IOException {
        var arbitraries = new RaftArbitraries(new Random(SEED));
        var live = temporary.resolve("live");
        var members = arbitraries.groupMembers(0);
        try (var folder = JournalFolder.lock(live)) {
            try (var journal = JournalSample.create(folder)) {
                JournalSample.join(journal, members);
                JournalSample.vote(journal, 1, arbitraries.member());
                for (var index = 1L; index <= 60; index++) {
                    journal.persistLogEntries(List.of(arbitraries.entry(index, 1)));
                    journal.flush();
                }
                for (var part = 0; part < 3; part++) {
                    journal.persistSnapshotChunk(arbitraries.chunk(40, 1, part, 3, members));
                }
                journal.flush();
                journal.truncateLogEntriesUntil(36);
                journal.flush();
            }
            try (var journal =
                    assertInstanceOf(Intact.class, JournalSample.open(folder)).journal()) {
                for (var index = 61L; index <= 70; index++) {
                    journal.persistLogEntries(List.of(arbitraries.entry(index, 1)));
                    journal.flush();
                }
                JournalSample.vote(journal, 2, arbitraries.member());
                killed = JournalSample.copy(live, temporary.resolve("killed"));
            }
        }
        closed = live;
        content = JournalSample.found(JournalSample.copy(killed, temporary.resolve("content")));
        assertTrue(content.contains("term 2"), content);
        assertEquals(content, JournalSample.found(JournalSample.copy(closed, temporary.resolve("again"))));
    }

    @Test
    void aFlippedBitInAnyPageOfTheDatabaseIsFoundOrHarmless() throws IOException {
        var results = new EnumMap<Found, Integer>(Found.class);
        var length = (int) Files.size(closed.resolve("journal/log.db"));
        for (var page = 0; page < length; page += 4_096) {
            for (var i = 0; i < 10; i++) {
                // The first bytes of a page say what it is; those of the file what all pages are.
                var within = i < 4 ? random.nextInt(page == 0 ? 100 : 12) : random.nextInt(4_096);
                results.merge(flipped(closed, "log.db", page + within), 1, Integer::sum);
            }
        }
        assertSomeFound(results);
    }

    @Test
    void aFlippedBitInTheWriteAheadLogIsFound() throws IOException {
        var results = new EnumMap<Found, Integer>(Found.class);
        var length = (int) Files.size(killed.resolve("journal/log.db-wal"));
        // 32 bytes of header, then frames of 24 bytes and a page; this log was never begun anew, so every frame counts.
        for (var frame = 32; frame < length; frame += 24 + 4_096) {
            results.merge(flipped(killed, "log.db-wal", frame + random.nextInt(24)), 1, Integer::sum);
            results.merge(flipped(killed, "log.db-wal", frame + 24 + random.nextInt(4_096)), 1, Integer::sum);
        }
        for (var at = 0; at < 32; at++) {
            results.merge(flipped(killed, "log.db-wal", at), 1, Integer::sum);
        }
        assertSomeFound(results);
        assertTrue(
                results.getOrDefault(Found.DAMAGED, 0) > 8 * results.getOrDefault(Found.UNHARMED, 0),
                () -> "most of a log matters: " + results);
    }

    @Test
    void aDatabaseCutShortAnywhereIsFound() throws IOException {
        var length = (int) Files.size(closed.resolve("journal/log.db"));
        var results = new EnumMap<Found, Integer>(Found.class);
        for (var keep = 0; keep < length; keep += 1_024) {
            results.merge(cut(closed, "log.db", keep + random.nextInt(1_024)), 1, Integer::sum);
            results.merge(cut(closed, "log.db", keep), 1, Integer::sum);
        }
        assertEquals(Map.of(Found.DAMAGED, 2 * ((length + 1_023) / 1_024)), results);
    }

    @Test
    void aWriteAheadLogCutShortAnywhereIsFound() throws IOException {
        var length = (int) Files.size(killed.resolve("journal/log.db-wal"));
        var results = new EnumMap<Found, Integer>(Found.class);
        var cuts = 0;
        for (var keep = 0; keep < length; keep += 24 + 4_096) {
            results.merge(cut(killed, "log.db-wal", keep), 1, Integer::sum);
            results.merge(
                    cut(killed, "log.db-wal", Math.min(length - 1, keep + 1 + random.nextInt(4_000))), 1, Integer::sum);
            cuts += 2;
        }
        results.merge(cut(killed, "log.db-wal", length - 1), 1, Integer::sum);
        assertEquals(Map.of(Found.DAMAGED, cuts + 1), results);
    }

    @Test
    void aWriteCutShortAfterTheLastFlushIsNoDamage() throws IOException {
        var folder = JournalSample.copy(killed, temporary.resolve("torn"));
        var log = folder.resolve("journal/log.db-wal");
        var octets = Files.readAllBytes(log);
        var torn = Arrays.copyOf(octets, octets.length + 3_000);
        System.arraycopy(octets, octets.length - 4_120, torn, octets.length, 3_000);
        Files.write(log, torn);
        assertEquals(content, JournalSample.found(folder));
    }

    @Test
    void aFlippedBitInTheMarkIsFoundOrHarmless() throws IOException {
        for (var at = 0; at < 40; at += 6) {
            assertEquals(Found.UNHARMED, flipped(closed, "mark", at), "the other slot still counts");
            assertEquals(Found.UNHARMED, flipped(closed, "mark", 4_096 + at), "the other slot still counts");
        }
        assertEquals(Found.DAMAGED, cut(closed, "mark", 0));
    }

    private void assertSomeFound(Map<Found, Integer> results) {
        assertTrue(results.getOrDefault(Found.DAMAGED, 0) > 0, () -> "seed " + SEED + ": " + results);
    }

    private Found flipped(Path from, String file, int at) throws IOException {
        var folder = JournalSample.copy(from, temporary.resolve("flipped"));
        var path = folder.resolve("journal").resolve(file);
        var octets = Files.readAllBytes(path);
        octets[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(path, octets);
        return found(folder, "byte " + at + " of " + file + ", seed " + SEED);
    }

    private Found cut(Path from, String file, int keep) throws IOException {
        var folder = JournalSample.copy(from, temporary.resolve("cut"));
        var path = folder.resolve("journal").resolve(file);
        Files.write(path, Arrays.copyOf(Files.readAllBytes(path), keep));
        return found(folder, "the first " + keep + " bytes of " + file + ", seed " + SEED);
    }

    private Found found(Path path, String where) throws IOException {
        try (var folder = JournalFolder.lock(path)) {
            var opened = JournalSample.open(folder);
            if (opened instanceof Damaged damaged) {
                assertFalse(damaged.reason().contains("\n"), damaged::reason);
                return Found.DAMAGED;
            }
            var intact = assertInstanceOf(Intact.class, opened, where);
            assertEquals(content, JournalSample.describe(intact.state()), where);
            goOn(intact.journal());
            var later = JournalSample.open(folder);
            if (later instanceof Intact again) {
                again.journal().close();
                assertEquals(71, again.state().getSnapshotEntry().getIndex(), where);
            }
            return Found.UNHARMED;
        } catch (JournalRefusedException e) {
            return Found.REFUSED;
        } finally {
            JournalSample.delete(path);
        }
    }

    /** What passed the opening must also bear new pages, or fail aloud. */
    private static void goOn(Journal journal) throws IOException {
        var arbitraries = new RaftArbitraries(new Random(SEED));
        try (journal) {
            journal.persistLogEntries(List.of(arbitraries.entry(71, 2)));
            for (var part = 0; part < 5; part++) {
                journal.persistSnapshotChunk(arbitraries.chunk(71, 2, part, 5, arbitraries.groupMembers(70)));
            }
            journal.flush();
            journal.truncateLogEntriesUntil(71);
            journal.flush();
        }
    }
}
