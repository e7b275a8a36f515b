package dev.strongroom.hsm.node.cluster;

import static dev.strongroom.hsm.node.cluster.LogCodec.MODELS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.cluster.Journal.Damaged;
import dev.strongroom.hsm.node.cluster.Journal.Intact;
import dev.strongroom.hsm.protocol.Bytes;
import io.microraft.model.log.LogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqliteJournalTest {

    private final RaftArbitraries arbitraries = new RaftArbitraries(new Random(5));

    @TempDir
    private Path temporary;

    private JournalFolder folder;

    @BeforeEach
    void lock() throws IOException {
        folder = JournalFolder.lock(data());
    }

    @AfterEach
    void unlock() throws IOException {
        folder.close();
    }

    /** A name that would go wrong in a URL. */
    private Path data() {
        return temporary.resolve("data ?%41");
    }

    private static List<LogEntry> entries(long from, long to, int term) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(i -> MODELS.createLogEntryBuilder()
                        .setIndex(i)
                        .setTerm(term)
                        .setOperation(NewTerm.INSTANCE)
                        .build())
                .toList();
    }

    /** Entries 1 to 10 of term 1, a snapshot at 8, entries kept from 4. */
    private void writeTen() throws IOException {
        try (var journal = JournalSample.create(folder)) {
            JournalSample.join(journal, arbitraries.groupMembers(0));
            JournalSample.vote(journal, 1, arbitraries.member());
            journal.persistLogEntries(entries(1, 10, 1));
            journal.flush();
            for (var part = 0; part < 2; part++) {
                journal.persistSnapshotChunk(arbitraries.chunk(8, 1, part, 2, arbitraries.groupMembers(3)));
            }
            journal.flush();
            journal.truncateLogEntriesUntil(3);
            journal.flush();
        }
    }

    private void edit(String... statements) throws SQLException {
        try (Connection db = DriverManager.getConnection(
                        "jdbc:sqlite:file:" + folder.database().toUri().getRawPath());
                var statement = db.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private String damage() throws IOException {
        return assertInstanceOf(Damaged.class, JournalSample.open(folder)).reason();
    }

    @Test
    void aNewJournalIsEmptyUntilTheNodeHasJoinedAGroup() throws IOException {
        JournalSample.create(folder).close();
        var members = arbitraries.groupMembers(0);
        try (var journal = JournalSample.create(folder)) {
            journal.persistAndFlushLocalEndpoint(MODELS.createRaftEndpointPersistentStateBuilder()
                    .setLocalEndpoint(new Member("a", 1))
                    .setVoting(true)
                    .build());
        }
        try (var journal = JournalSample.create(folder)) {
            JournalSample.join(journal, members);
        }
        var state = assertInstanceOf(Intact.class, JournalSample.open(folder));
        state.journal().close();
        assertEquals(
                JournalSample.members(members),
                JournalSample.members(state.state().getInitialGroupMembers()));
    }

    static Stream<Arguments> edits() {
        return Stream.of(
                Arguments.of("DELETE FROM entry WHERE position = 10", "ends at entry 9"),
                Arguments.of("DELETE FROM entry WHERE position = 4", "entry 4 belongs"),
                Arguments.of("DELETE FROM entry WHERE position = 6", "entry 6 belongs"),
                Arguments.of("DELETE FROM entry", "ends at entry 3"),
                Arguments.of("INSERT INTO entry SELECT 11, content, tag FROM entry WHERE position = 10", "entry 11"),
                Arguments.of("INSERT INTO entry SELECT 3, content, tag FROM entry WHERE position = 4", "entry 3"),
                Arguments.of("UPDATE entry SET position = 99 - position WHERE position = 5", "entry 5 belongs"),
                Arguments.of(
                        "UPDATE entry SET content = (SELECT content FROM entry WHERE position = 7),"
                                + " tag = (SELECT tag FROM entry WHERE position = 7) WHERE position = 6",
                        "entry 6 is not"),
                Arguments.of("UPDATE entry SET tag = zeroblob(32) WHERE position = 9", "entry 9 is not"),
                Arguments.of("DELETE FROM chunk WHERE part = 1", "snapshot 8 is not"),
                Arguments.of("DELETE FROM chunk", "snapshot 8 is not"),
                Arguments.of("UPDATE chunk SET part = 2 - part", "chunk"),
                Arguments.of("UPDATE chunk SET content = x'00' WHERE part = 0", "chunk 0 of snapshot 8 is not"),
                Arguments.of("UPDATE chunk SET position = 9", "snapshot 8 is not"),
                Arguments.of("UPDATE head SET tag = zeroblob(32)", "head is not"),
                Arguments.of("DELETE FROM head", "flush 0"),
                Arguments.of("UPDATE identity SET tag = zeroblob(32)", "identity is not"),
                Arguments.of("DELETE FROM identity", "identity is empty"),
                Arguments.of("UPDATE identity SET format = 2", "identity is not"),
                Arguments.of("UPDATE identity SET node = 'node-2'", "identity is not"),
                Arguments.of("DROP TABLE entry", "SQLITE_ERROR"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void anEditedRowIsNamed(String edit, String expected) throws IOException, SQLException {
        writeTen();
        edit(edit);
        var reason = damage();
        assertTrue(reason.contains(expected), reason);
        assertTrue(reason.startsWith("the journal in " + folder.journal() + " is damaged: "), reason);
        assertTrue(reason.contains("; set it aside and let this node join again"), reason);
        assertFalse(reason.contains("\n"), reason);
    }

    /** Its tag was given for the same place and fits still; only what follows it, and the head, tell. */
    @ParameterizedTest
    @ValueSource(ints = {9, 10})
    void anEntryThatWasRolledBackDoesNotComeBack(int position) throws IOException, SQLException {
        writeTen();
        edit("CREATE TABLE old AS SELECT * FROM entry WHERE position = " + position);
        edit("CREATE TABLE oldHead AS SELECT * FROM head");
        try (var journal =
                assertInstanceOf(Intact.class, JournalSample.open(folder)).journal()) {
            journal.truncateLogEntriesFrom(9);
            journal.persistLogEntries(entries(9, 10, 2));
            journal.flush();
        }
        edit("INSERT OR REPLACE INTO entry SELECT * FROM old");
        assertTrue(damage().contains("entry 10"), damage());
        edit("INSERT OR REPLACE INTO head SELECT * FROM oldHead");
        assertTrue(damage().contains("was acknowledged"), damage());
    }

    @Test
    void aDatabaseOlderThanTheMarkIsFound() throws IOException {
        writeTen();
        var old = Files.readAllBytes(folder.database());
        assertInstanceOf(Intact.class, JournalSample.open(folder)).journal().close();
        Files.write(folder.database(), old);
        assertTrue(damage().contains("was acknowledged: its end is lost, or log.db is an older copy"), damage());
    }

    @Test
    void aMissingFileIsMissed() throws IOException {
        writeTen();
        var mark = Files.readAllBytes(folder.mark());
        Files.delete(folder.mark());
        assertTrue(damage().contains("mark is gone"), damage());
        Files.write(folder.mark(), mark);
        Files.delete(folder.database());
        assertTrue(damage().contains("log.db is gone"), damage());
        Files.createFile(folder.database());
        assertTrue(damage().contains("log.db is gone or empty"), damage());
    }

    @Test
    void aCreationCutShortIsBegunAgain() throws IOException {
        JournalFolder.makePrivate(folder.journal());
        var tags = new JournalTags(JournalSample.KEY, JournalSample.IDENTITY);
        JournalMark.create(folder.mark(), tags);
        JournalSample.create(folder).close();
        Files.delete(folder.database());
        JournalFolder.createPrivate(folder.database());
        JournalSample.create(folder).close();
        assertEquals("empty", JournalSample.found(copyOfFolder()));
    }

    private Path copyOfFolder() throws IOException {
        return JournalSample.copy(data(), temporary.resolve("copy"));
    }

    @Test
    void aDamagedJournalIsNeitherChangedByOpeningNorLostBySettingItAside() throws IOException {
        writeTen();
        Files.write(folder.mark(), new byte[40]);
        var before = Files.readAllBytes(folder.database());
        var unused = damage();
        assertEquals(List.of(before.length), List.of((int) Files.size(folder.database())));
        assertTrue(Arrays.equals(before, Files.readAllBytes(folder.database())));
        var aside = folder.setAsideJournal();
        assertTrue(Arrays.equals(before, Files.readAllBytes(aside.resolve("log.db"))));
        JournalSample.create(folder).close();
        assertEquals("journal.damaged-2", folder.setAsideJournal().getFileName().toString());
    }

    private static String refusal(Executable opening) {
        return String.valueOf(
                assertThrows(JournalRefusedException.class, opening).getMessage());
    }

    @Test
    void anotherKeyIsRefused() throws IOException {
        writeTen();
        var refusal = refusal(() -> SqliteJournal.open(folder, JournalSample.IDENTITY, JournalSample.key(8)));
        assertTrue(refusal.contains("written under another key"), refusal);
        assertInstanceOf(Intact.class, JournalSample.open(folder)).journal().close();
    }

    @Test
    void theJournalOfAnotherNodeOrClusterIsRefused() throws IOException {
        writeTen();
        for (var other : List.of(
                new JournalIdentity("lineage-1", "node-2"),
                new JournalIdentity("lineage-2", "node-1"),
                new JournalIdentity("lineage-1n", "ode-1"))) {
            var refusal = refusal(() -> SqliteJournal.open(folder, other, JournalSample.KEY));
            assertTrue(refusal.contains("is of node node-1 of cluster lineage-1"), refusal);
        }
    }

    @Test
    void aLaterFormatIsRefused() throws IOException, SQLException {
        writeTen();
        var tag = new JournalTags(JournalSample.KEY, JournalSample.IDENTITY).identity(2);
        edit("UPDATE identity SET format = 2, tag = x'" + Bytes.wrap(tag).toHex() + "'");
        var refusal = refusal(() -> JournalSample.open(folder));
        assertTrue(refusal.contains("format 2, this software reads 1"), refusal);
    }

    @Test
    void aFolderInUseIsRefused() {
        var refusal = refusal(() -> JournalFolder.lock(data()));
        assertTrue(refusal.contains("is in use"), refusal);
    }

    @Test
    void nobodyElseMayReadWhatTheNodeKeeps() throws IOException {
        writeTen();
        assertEquals("rwx------", permissions(folder.journal()));
        assertEquals("rwx------", permissions(data()));
        var journal = assertInstanceOf(Intact.class, JournalSample.open(folder)).journal();
        try (var files = Files.list(folder.journal())) {
            var all = files.toList();
            assertEquals(3, all.size(), all::toString);
            for (var file : all) {
                assertEquals("rw-------", permissions(file), file::toString);
            }
        }
        journal.close();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void whatWouldBreakTheLogIsRefusedAndEndsTheJournal() throws IOException {
        writeTen();
        for (var breaking : List.<Breaking>of(
                journal -> journal.persistLogEntries(entries(12, 12, 1)),
                journal -> journal.truncateLogEntriesUntil(9),
                journal -> journal.truncateLogEntriesFrom(8))) {
            try (var journal =
                    assertInstanceOf(Intact.class, JournalSample.open(folder)).journal()) {
                assertThrows(IOException.class, () -> breaking.on(journal));
                assertThrows(IOException.class, () -> journal.persistLogEntries(entries(11, 11, 1)));
                assertThrows(IOException.class, journal::flush);
            }
        }
        var intact = assertInstanceOf(Intact.class, JournalSample.open(folder));
        intact.journal().close();
        assertEquals(2, intact.state().getLogEntries().size());
    }

    private interface Breaking {
        void on(Journal journal) throws IOException;
    }

    @Test
    void anEntryThatCannotBeEncodedIsRefusedAndHarmsNothing() throws IOException {
        writeTen();
        var foreign = MODELS.createLogEntryBuilder()
                .setIndex(11)
                .setTerm(1)
                .setOperation("text")
                .build();
        try (var journal =
                assertInstanceOf(Intact.class, JournalSample.open(folder)).journal()) {
            assertThrows(IllegalArgumentException.class, () -> journal.persistLogEntries(List.of(foreign)));
            journal.persistLogEntries(entries(11, 11, 1));
            journal.flush();
        }
        var intact = assertInstanceOf(Intact.class, JournalSample.open(folder));
        intact.journal().close();
        assertEquals(3, intact.state().getLogEntries().size());
    }

    @Test
    void fiftyThousandEntriesWithSnapshotsFitIntoAFewMegabytes() throws IOException {
        var largest = 0L;
        try (var journal = JournalSample.create(folder)) {
            JournalSample.join(journal, arbitraries.groupMembers(0));
            for (var last = 0L; last < 50_000; last += 50) {
                journal.persistLogEntries(entries(last + 1, last + 50, 1));
                journal.flush();
                if ((last + 50) % 1_000 == 0) {
                    for (var part = 0; part < 20; part++) {
                        journal.persistSnapshotChunk(
                                arbitraries.chunk(last + 50, 1, part, 20, arbitraries.groupMembers(0)));
                    }
                    journal.flush();
                    journal.truncateLogEntriesUntil(last - 50);
                    journal.flush();
                }
                largest = Math.max(largest, size());
            }
        }
        var seen = largest;
        assertTrue(seen < 8 << 20, () -> seen + " bytes");
        assertTrue(size() < 2 << 20, () -> "closed: " + seen + " bytes");
    }

    private long size() throws IOException {
        var size = 0L;
        try (var files = Files.newDirectoryStream(folder.journal())) {
            for (var file : files) {
                size += Files.size(file);
            }
        }
        return size;
    }
}
