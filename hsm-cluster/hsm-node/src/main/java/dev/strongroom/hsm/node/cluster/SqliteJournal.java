package dev.strongroom.hsm.node.cluster;

import com.google.protobuf.ByteString;
import dev.strongroom.hsm.node.crypto.MacKey;
import dev.strongroom.hsm.node.wire.RaftWire;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.persistence.RaftEndpointPersistentState;
import io.microraft.model.persistence.RaftTermPersistentState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The journal in an SQLite database with a write-ahead log, every flush one synced transaction.
 *
 * <p>Entries are linked: the tag of each covers the tag before it. One row, the head, is written with every flush and
 * bears term, vote, members, the two ends of the chain and a tag over the snapshot. So whatever combination of old and
 * new rows somebody leaves on the disk, it verifies only if it is a whole journal as it once was; that it is the last one
 * is what {@link JournalMark} and the peers watch over (ADR 0008).
 */
public final class SqliteJournal implements Journal {

    /** The head of a journal before its first flush. */
    static final RaftWire.JournalHead NO_FLUSH = RaftWire.JournalHead.newBuilder()
            .setFirstIndex(1)
            .setLinkBefore(ByteString.copyFrom(new byte[MacKey.TAG_BYTES]))
            .setLastLink(ByteString.copyFrom(new byte[MacKey.TAG_BYTES]))
            .build();

    private final Connection db;

    private final JournalMark mark;

    private final JournalTags tags;

    private final JournalStatements statements;

    /** What the next flush will write as head. */
    private final RaftWire.JournalHead.Builder head;

    /** By index, what is at hand of snapshots newer than the one in the head. */
    private final TreeMap<Long, Parts> arriving = new TreeMap<>();

    private boolean dirty;

    private @Nullable Throwable failure;

    private SqliteJournal(Connection db, JournalMark mark, JournalTags tags, RaftWire.JournalHead head)
            throws SQLException {
        this.db = db;
        this.mark = mark;
        this.tags = tags;
        this.head = head.toBuilder();
        this.statements = new JournalStatements(db);
    }

    /**
     * Verifies the journal in the folder, all of it, and opens it; makes one if there is none.
     *
     * @throws JournalRefusedException if it is not this node's
     * @throws IOException if the machine does not let us read or write it
     */
    public static Opened open(JournalFolder folder, JournalIdentity identity, MacKey key) throws IOException {
        var tags = new JournalTags(key, identity);
        try {
            var found = new JournalReader(folder, identity, tags).read();
            if (found.isEmpty()) {
                return new Empty(create(folder, identity, tags));
            }
            Journal journal = reopen(folder, tags, found.get().head());
            return found.get()
                    .state()
                    .<Opened>map(state -> new Intact(journal, state))
                    .orElseGet(() -> new Empty(journal));
        } catch (MalformedMessageException e) {
            return new Damaged(
                    "the journal in " + folder.journal() + " is damaged: " + e.getMessage()
                            + "; set it aside and let this node join again as a learner, or restore a backup if it has no peers");
        }
    }

    private static SqliteJournal create(JournalFolder folder, JournalIdentity identity, JournalTags tags)
            throws IOException, MalformedMessageException {
        JournalFolder.makePrivate(folder.journal());
        // First the mark: from then on a database that is gone is missed.
        JournalMark.create(folder.mark(), tags);
        if (!Files.exists(folder.database())) {
            JournalFolder.createPrivate(folder.database());
        }
        JournalFolder.sync(folder.journal());
        var mark = JournalMark.open(folder.mark(), tags);
        try {
            var db = JournalDatabase.openForWriting(folder);
            try {
                JournalDatabase.createTables(db, identity, tags);
                JournalFolder.sync(folder.journal());
                return new SqliteJournal(db, mark, tags, NO_FLUSH);
            } catch (SQLException | IOException e) {
                db.close();
                throw e;
            }
        } catch (SQLException e) {
            mark.close();
            throw JournalDatabase.damage(folder, e);
        }
    }

    private static SqliteJournal reopen(JournalFolder folder, JournalTags tags, RaftWire.JournalHead head)
            throws IOException, MalformedMessageException {
        var mark = JournalMark.open(folder.mark(), tags);
        try {
            var db = JournalDatabase.openForWriting(folder);
            try {
                JournalFolder.sync(folder.journal());
                var journal = new SqliteJournal(db, mark, tags, head);
                // A disk that takes no write is noticed now, not at the first vote.
                journal.commit();
                return journal;
            } catch (SQLException | IOException e) {
                db.close();
                throw e;
            }
        } catch (SQLException e) {
            mark.close();
            throw JournalDatabase.damage(folder, e);
        }
    }

    @Override
    public void persistAndFlushLocalEndpoint(RaftEndpointPersistentState endpoint) throws IOException {
        var local = LogCodec.toWire(endpoint.getLocalEndpoint());
        attempt(() -> {
            head.setLocalEndpoint(local).setVoting(endpoint.isVoting());
            commit();
        });
    }

    @Override
    public void persistAndFlushInitialGroupMembers(RaftGroupMembersView members) throws IOException {
        var initial = LogCodec.toWire(members);
        attempt(() -> {
            head.setInitialMembers(initial);
            commit();
        });
    }

    @Override
    public void persistAndFlushTerm(RaftTermPersistentState term) throws IOException {
        var votedFor = term.getVotedFor() == null ? null : LogCodec.toWire(term.getVotedFor());
        attempt(() -> {
            head.setTerm(term.getTerm()).clearVotedFor();
            if (votedFor != null) {
                head.setVotedFor(votedFor);
            }
            commit();
        });
    }

    @Override
    public void persistLogEntries(List<LogEntry> entries) throws IOException {
        // All are encoded before the first is written: an entry that cannot be is refused and harms nothing.
        var contents = entries.stream().map(LogCodec::encode).toList();
        attempt(() -> {
            for (var i = 0; i < contents.size(); i++) {
                var position = entries.get(i).getIndex();
                require(position == head.getLastIndex() + 1, "entry " + position + " does not follow");
                var content = contents.get(i);
                var tag = tags.entry(position, head.getLastLink().toByteArray(), content);
                statements.insertEntry(position, content, tag);
                head.setLastIndex(position).setLastLink(ByteString.copyFrom(tag));
                dirty = true;
            }
        });
    }

    @Override
    public void persistSnapshotChunk(SnapshotChunk chunk) throws IOException {
        var content = LogCodec.encode(chunk);
        attempt(() -> {
            var position = chunk.getIndex();
            if (position <= head.getSnapshotIndex()) {
                return;
            }
            var part = chunk.getSnapshotChunkIndex();
            var parts = arriving.get(position);
            if (parts == null || parts.count != chunk.getSnapshotChunkCount()) {
                // Parts left from before a restart, or cut in another way by a member of another version: no mixture.
                statements.deleteChunksAt(position);
                parts = new Parts(chunk.getSnapshotChunkCount(), new BitSet());
                arriving.put(position, parts);
            }
            statements.putChunk(position, part, content, tags.chunk(position, part, content));
            dirty = true;
            parts.present.set(part);
            if (parts.present.cardinality() == parts.count) {
                adoptSnapshot(position);
            }
        });
    }

    /** Becomes durable as one with the rest of the flush: the new snapshot stands and the old one is gone, or neither. */
    private void adoptSnapshot(long index) throws SQLException, IOException {
        arriving.headMap(index, true).clear();
        statements.deleteChunksBefore(index);
        head.setSnapshotIndex(index).setSnapshotLink(ByteString.copyFrom(tags.snapshot(index, chunkTags(index))));
        if (index > head.getLastIndex()) {
            // It covers the whole log and more; what comes next follows the snapshot and begins a chain of its own.
            statements.deleteEntriesUntil(head.getLastIndex());
            head.setFirstIndex(index + 1)
                    .setLastIndex(index)
                    .setLinkBefore(NO_FLUSH.getLinkBefore())
                    .setLastLink(NO_FLUSH.getLastLink());
        }
    }

    private byte[] chunkTags(long index) throws SQLException {
        var all = new ByteArrayOutputStream();
        for (var tag : statements.chunkTags(index)) {
            all.writeBytes(tag);
        }
        return all.toByteArray();
    }

    @Override
    public void truncateLogEntriesFrom(long index) throws IOException {
        attempt(() -> {
            require(index > head.getSnapshotIndex() && index >= head.getFirstIndex(), "entry " + index + " is settled");
            if (index > head.getLastIndex()) {
                return;
            }
            statements.deleteEntriesFrom(index);
            head.setLastIndex(index - 1).setLastLink(linkAt(index - 1));
            dirty = true;
        });
    }

    @Override
    public void truncateLogEntriesUntil(long index) throws IOException {
        attempt(() -> {
            require(index <= head.getSnapshotIndex(), "entry " + index + " is in no snapshot");
            var until = Math.min(index, head.getLastIndex());
            if (until < head.getFirstIndex()) {
                return;
            }
            var link = linkAt(until);
            statements.deleteEntriesUntil(until);
            head.setFirstIndex(until + 1).setLinkBefore(link);
            dirty = true;
        });
    }

    private ByteString linkAt(long position) throws SQLException, IOException {
        if (position == head.getFirstIndex() - 1) {
            return head.getLinkBefore();
        }
        return ByteString.copyFrom(statements.entryTag(position));
    }

    @Override
    public void deleteSnapshotChunks(long index, int chunkCount) throws IOException {
        attempt(() -> {
            // Raft gives up a snapshot that it was collecting, never the one it stands on.
            if (index != head.getSnapshotIndex()) {
                statements.deleteChunksAt(index);
                arriving.remove(index);
                dirty = true;
            }
        });
    }

    @Override
    public void flush() throws IOException {
        attempt(() -> {
            if (dirty) {
                commit();
            }
        });
    }

    private void commit() throws SQLException, IOException {
        head.setGeneration(head.getGeneration() + 1);
        var content = StrictWire.write(head.build());
        statements.putHead(content, tags.head(content));
        db.commit();
        dirty = false;
        mark.write(head.getGeneration());
    }

    private record Parts(int count, BitSet present) {}

    private interface Work {
        void run() throws SQLException, IOException;
    }

    /**
     * After a failure nothing more is written: SQLite may have rolled back what this object believes to be written, and a
     * failed sync is not repeated with success, since the kernel may have dropped the pages.
     */
    private void attempt(Work work) throws IOException {
        if (failure != null) {
            throw new IOException("the journal failed before and takes nothing more", failure);
        }
        try {
            work.run();
        } catch (SQLException e) {
            failure = e;
            throw new IOException("the journal cannot be written", e);
        } catch (IOException | RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    private static void require(boolean condition, String otherwise) throws IOException {
        if (!condition) {
            throw new IOException("the journal was asked for what would break it: " + otherwise);
        }
    }

    @Override
    public void close() throws IOException {
        failure = new IOException("closed");
        try (mark;
                db) {
            if (!db.isClosed()) {
                db.rollback();
            }
        } catch (SQLException e) {
            throw new IOException("the journal did not close in order; what was flushed is safe", e);
        }
    }
}
