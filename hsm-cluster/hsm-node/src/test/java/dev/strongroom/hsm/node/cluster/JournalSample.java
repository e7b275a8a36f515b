package dev.strongroom.hsm.node.cluster;

import static dev.strongroom.hsm.node.cluster.LogCodec.MODELS;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.strongroom.hsm.node.crypto.MacKey;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.persistence.RestoredRaftState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** A journal for tests: whose it is, how it is opened, copied as after a kill, and told in words. */
final class JournalSample {

    static final JournalIdentity IDENTITY = new JournalIdentity("lineage-1", "node-1");

    static final MacKey KEY = key(7);

    private JournalSample() {}

    static MacKey key(int fill) {
        var octets = new byte[MacKey.TAG_BYTES];
        Arrays.fill(octets, (byte) fill);
        return new MacKey(octets);
    }

    static Journal create(JournalFolder folder) throws IOException {
        return assertInstanceOf(Journal.Empty.class, open(folder)).journal();
    }

    static Journal.Opened open(JournalFolder folder) throws IOException {
        return SqliteJournal.open(folder, IDENTITY, KEY);
    }

    /** What a start finds in a copy of the folder, in words; the journal is closed again. */
    static String found(Path folder) throws IOException {
        try (var locked = JournalFolder.lock(folder)) {
            var opened = open(locked);
            if (opened instanceof Journal.Intact intact) {
                intact.journal().close();
                return describe(intact.state());
            }
            if (opened instanceof Journal.Empty empty) {
                empty.journal().close();
                return "empty";
            }
            return ((Journal.Damaged) opened).reason();
        }
    }

    /** The journal as a killed process would leave it at this moment. */
    static Path copy(Path folder, Path to) throws IOException {
        Files.createDirectories(to.resolve("journal"));
        try (var files = Files.newDirectoryStream(folder.resolve("journal"))) {
            for (var file : files) {
                Files.copy(file, to.resolve("journal").resolve(file.getFileName()));
            }
        }
        return to;
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    static void join(Journal journal, RaftGroupMembersView members) throws IOException {
        journal.persistAndFlushLocalEndpoint(MODELS.createRaftEndpointPersistentStateBuilder()
                .setLocalEndpoint(members.getMembers().iterator().next())
                .setVoting(true)
                .build());
        journal.persistAndFlushInitialGroupMembers(members);
    }

    static void vote(Journal journal, int term, Member votedFor) throws IOException {
        journal.persistAndFlushTerm(MODELS.createRaftTermPersistentStateBuilder()
                .setTerm(term)
                .setVotedFor(votedFor)
                .build());
    }

    static String describe(RestoredRaftState state) {
        var endpoint = state.getLocalEndpointPersistentState();
        var term = state.getTermPersistentState();
        var snapshot = state.getSnapshotEntry();
        return describe(
                endpoint.getLocalEndpoint() + " voting " + endpoint.isVoting() + " in "
                        + members(state.getInitialGroupMembers()) + " term " + term.getTerm() + " vote "
                        + term.getVotedFor(),
                snapshot == null ? List.of() : chunks(snapshot.getOperation()),
                state.getLogEntries());
    }

    static String describe(String who, List<SnapshotChunk> snapshot, Collection<LogEntry> entries) {
        return who + "\nsnapshot "
                + snapshot.stream().map(c -> hex(LogCodec.encode(c))).collect(Collectors.joining(" ")) + "\nlog "
                + entries.stream().map(e -> hex(LogCodec.encode(e))).collect(Collectors.joining(" "));
    }

    static String members(RaftGroupMembersView view) {
        return view.getMembers() + "/" + view.getVotingMembers() + "@" + view.getLogIndex();
    }

    private static List<SnapshotChunk> chunks(Object operation) {
        return ((List<?>) operation).stream().map(SnapshotChunk.class::cast).toList();
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }
}
