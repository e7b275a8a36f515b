package dev.strongroom.hsm.node.cluster;

import com.google.protobuf.ByteString;
import dev.strongroom.hsm.node.wire.RaftWire;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.log.SnapshotEntry;
import io.microraft.persistence.RestoredRaftState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole journal and believes nothing in it: every row must bear its tag, and together they must be exactly what
 * the head says. Changes nothing on disk.
 */
final class JournalReader {

    /**
     * A journal in order.
     *
     * @param head of the last flush, or of none
     * @param state what Raft restores, empty as long as the node belongs to no group
     */
    record Found(RaftWire.JournalHead head, Optional<RestoredRaftState> state) {}

    private static final int HEAD_FIELDS = 16;

    private final JournalFolder folder;

    private final JournalIdentity identity;

    private final JournalTags tags;

    JournalReader(JournalFolder folder, JournalIdentity identity, JournalTags tags) {
        this.folder = folder;
        this.identity = identity;
        this.tags = tags;
    }

    /**
     * What is there; empty if nothing is, or only the beginning of a journal that never acknowledged anything.
     *
     * @throws MalformedMessageException if it is damaged
     * @throws JournalRefusedException if it is somebody else's
     */
    Optional<Found> read() throws IOException, MalformedMessageException {
        var hasMark = Files.exists(folder.mark());
        var hasDatabase = Files.exists(folder.database()) && Files.size(folder.database()) > 0;
        if (!hasMark) {
            if (hasDatabase) {
                throw new MalformedMessageException("the file mark is gone");
            }
            return Optional.empty();
        }
        if (!hasDatabase) {
            return requireUnused();
        }
        try (var db = JournalDatabase.openForReading(folder)) {
            db.setAutoCommit(false);
            if (JournalDatabase.ask(db, "SELECT count(*) FROM sqlite_schema").equals("0")) {
                return requireUnused();
            }
            return Optional.of(read(db));
        } catch (SQLException e) {
            throw JournalDatabase.damage(folder, e);
        }
    }

    private Optional<Found> requireUnused() throws IOException, MalformedMessageException {
        if (acknowledged() != 0) {
            throw new MalformedMessageException("the database log.db is gone or empty");
        }
        return Optional.empty();
    }

    private long acknowledged() throws IOException, MalformedMessageException {
        return JournalMark.read(folder.mark(), tags)
                .orElseThrow(() -> new MalformedMessageException("nothing in the file mark verifies"));
    }

    private Found read(Connection db) throws SQLException, IOException, MalformedMessageException {
        var head = identifiedHead(db);
        var acknowledged = acknowledged();
        if (head.getGeneration() < acknowledged) {
            throw new MalformedMessageException("it ends at flush " + head.getGeneration() + ", but flush "
                    + acknowledged + " was acknowledged: its end is lost, or log.db is an older copy");
        }
        var integrity = JournalDatabase.ask(db, "PRAGMA integrity_check(1)");
        if (!integrity.equals("ok")) {
            throw new MalformedMessageException(integrity.replace('\n', ' '));
        }
        var entries = entries(db, head);
        var snapshot = snapshot(db, head);
        if (head.getInitialMembers().isEmpty()) {
            if (head.getTerm() != 0 || head.getLastIndex() != 0 || snapshot != null) {
                throw new MalformedMessageException("it has a term or a log, but no members");
            }
            return new Found(head, Optional.empty());
        }
        return new Found(head, Optional.of(state(head, snapshot, entries)));
    }

    /** The head, once it is certain that the journal is this node's and in this format. */
    private RaftWire.JournalHead identifiedHead(Connection db)
            throws SQLException, IOException, MalformedMessageException {
        var head = head(db);
        var headVerifies = head.isPresent() && head.get().verifies(tags);
        try (var statement = db.createStatement();
                var row = statement.executeQuery("SELECT format, lineage, node, tag FROM identity")) {
            if (!row.next()) {
                throw new MalformedMessageException("table identity is empty");
            }
            var format = row.getInt(1);
            var owner = new JournalIdentity(text(row, 2), text(row, 3));
            var tagVerifies = MessageDigest.isEqual(octets(row, 4), tags.identity(format));
            if (tagVerifies && owner.equals(identity)) {
                requireKnown(format);
            } else if (headVerifies) {
                throw new MalformedMessageException("table identity is not what this node wrote");
            } else {
                throw strange(owner);
            }
        }
        if (head.isEmpty()) {
            return SqliteJournal.NO_FLUSH;
        }
        if (!headVerifies) {
            throw new MalformedMessageException("table head is not what this node wrote");
        }
        return StrictWire.read(RaftWire.JournalHead.parser(), head.get().content.toByteArray(), HEAD_FIELDS);
    }

    private void requireKnown(int format) throws JournalRefusedException {
        if (format != JournalDatabase.FORMAT) {
            throw new JournalRefusedException("the journal in " + folder.journal() + " has format " + format
                    + ", this software reads " + JournalDatabase.FORMAT + "; start the software that wrote it");
        }
    }

    /** Nothing in it bears a tag of this node. */
    private JournalRefusedException strange(JournalIdentity owner) {
        if (owner.equals(identity)) {
            return new JournalRefusedException("the journal in " + folder.journal()
                    + " was written under another key; give this node the key it had");
        }
        return new JournalRefusedException("the journal in " + folder.journal() + " is of node " + owner.nodeId()
                + " of cluster " + owner.lineageId() + ", not of node " + identity.nodeId() + " of cluster "
                + identity.lineageId() + "; give this node its own folder");
    }

    private record HeadRow(ByteString content, ByteString tag) {

        boolean verifies(JournalTags tags) {
            return MessageDigest.isEqual(tag.toByteArray(), tags.head(content.toByteArray()));
        }
    }

    private static Optional<HeadRow> head(Connection db) throws SQLException, MalformedMessageException {
        try (var statement = db.createStatement();
                var row = statement.executeQuery("SELECT content, tag FROM head")) {
            return row.next()
                    ? Optional.of(new HeadRow(ByteString.copyFrom(octets(row, 1)), ByteString.copyFrom(octets(row, 2))))
                    : Optional.empty();
        }
    }

    /** The entries that Raft restores, which are those after the snapshot; the ones kept before it are verified too. */
    private List<LogEntry> entries(Connection db, RaftWire.JournalHead head)
            throws SQLException, MalformedMessageException {
        var entries = new ArrayList<LogEntry>();
        var position = head.getFirstIndex() - 1;
        var link = head.getLinkBefore().toByteArray();
        try (var statement = db.createStatement();
                var row = statement.executeQuery("SELECT position, content, tag FROM entry ORDER BY position")) {
            while (row.next()) {
                position++;
                if (row.getLong(1) != position || position > head.getLastIndex()) {
                    throw new MalformedMessageException(
                            "where entry " + position + " belongs there is entry " + row.getLong(1));
                }
                var content = octets(row, 2);
                link = tags.entry(position, link, content);
                verify("entry " + position, octets(row, 3), link);
                var entry = LogCodec.decodeEntry(content);
                if (entry.getIndex() != position) {
                    throw new MalformedMessageException("entry " + position + " says it is " + entry.getIndex());
                }
                if (position > head.getSnapshotIndex()) {
                    entries.add(entry);
                }
            }
        }
        if (position != head.getLastIndex()) {
            throw new MalformedMessageException(
                    "the log ends at entry " + position + " instead of " + head.getLastIndex());
        }
        verify("entry " + position + ", the last,", head.getLastLink().toByteArray(), link);
        return entries;
    }

    private @Nullable SnapshotEntry snapshot(Connection db, RaftWire.JournalHead head)
            throws SQLException, MalformedMessageException {
        var index = head.getSnapshotIndex();
        if (index == 0) {
            return null;
        }
        var chunks = new ArrayList<SnapshotChunk>();
        var chunkTags = new ByteArrayOutputStream();
        try (var statement =
                db.prepareStatement("SELECT part, content, tag FROM chunk WHERE position = ? ORDER BY part")) {
            statement.setLong(1, index);
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    var part = row.getInt(1);
                    var content = octets(row, 2);
                    var tag = tags.chunk(index, part, content);
                    verify("chunk " + part + " of snapshot " + index, octets(row, 3), tag);
                    chunkTags.writeBytes(tag);
                    chunks.add(LogCodec.decodeChunk(content));
                }
            }
        }
        var link = head.getSnapshotLink().toByteArray();
        verify("snapshot " + index, link, tags.snapshot(index, chunkTags.toByteArray()));
        var first = chunks.get(0);
        return LogCodec.MODELS
                .createSnapshotEntryBuilder()
                .setIndex(index)
                .setTerm(first.getTerm())
                .setSnapshotChunks(chunks)
                .setGroupMembersView(first.getGroupMembersView())
                .build();
    }

    private static RestoredRaftState state(
            RaftWire.JournalHead head, @Nullable SnapshotEntry snapshot, List<LogEntry> entries)
            throws MalformedMessageException {
        var endpoint = LogCodec.MODELS
                .createRaftEndpointPersistentStateBuilder()
                .setLocalEndpoint(LogCodec.member(head.getLocalEndpoint()))
                .setVoting(head.getVoting())
                .build();
        var term = LogCodec.MODELS
                .createRaftTermPersistentStateBuilder()
                .setTerm(head.getTerm())
                .setVotedFor(head.hasVotedFor() ? LogCodec.member(head.getVotedFor()) : null)
                .build();
        return new RestoredRaftState(
                endpoint, LogCodec.groupMembers(head.getInitialMembers()), term, snapshot, entries);
    }

    private static void verify(String what, byte[] tag, byte[] expected) throws MalformedMessageException {
        if (!MessageDigest.isEqual(tag, expected)) {
            throw new MalformedMessageException(what + " is not what this node wrote, or not in its place");
        }
    }

    private static String text(ResultSet row, int column) throws SQLException, MalformedMessageException {
        var text = row.getString(column);
        if (text == null) {
            throw new MalformedMessageException("a row without its names");
        }
        // Not ours for certain before its tag is checked, and meant for one line of text.
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static byte[] octets(ResultSet row, int column) throws SQLException, MalformedMessageException {
        var octets = row.getBytes(column);
        if (octets == null) {
            throw new MalformedMessageException("a row without its content");
        }
        return octets;
    }
}
