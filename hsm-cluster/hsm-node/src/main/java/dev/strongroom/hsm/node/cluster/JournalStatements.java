package dev.strongroom.hsm.node.cluster;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What a journal writes, prepared once. They close with their connection. */
final class JournalStatements {

    private final PreparedStatement putHead;

    private final PreparedStatement insertEntry;

    private final PreparedStatement entryTag;

    private final PreparedStatement deleteEntriesFrom;

    private final PreparedStatement deleteEntriesUntil;

    private final PreparedStatement putChunk;

    private final PreparedStatement chunkTags;

    private final PreparedStatement deleteChunksAt;

    private final PreparedStatement deleteChunksBefore;

    JournalStatements(Connection db) throws SQLException {
        putHead = db.prepareStatement("INSERT OR REPLACE INTO head VALUES (1, ?, ?)");
        insertEntry = db.prepareStatement("INSERT INTO entry VALUES (?, ?, ?)");
        entryTag = db.prepareStatement("SELECT tag FROM entry WHERE position = ?");
        deleteEntriesFrom = db.prepareStatement("DELETE FROM entry WHERE position >= ?");
        deleteEntriesUntil = db.prepareStatement("DELETE FROM entry WHERE position <= ?");
        putChunk = db.prepareStatement("INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?)");
        chunkTags = db.prepareStatement("SELECT tag FROM chunk WHERE position = ? ORDER BY part");
        deleteChunksAt = db.prepareStatement("DELETE FROM chunk WHERE position = ?");
        deleteChunksBefore = db.prepareStatement("DELETE FROM chunk WHERE position < ?");
    }

    void putHead(byte[] content, byte[] tag) throws SQLException {
        putHead.setBytes(1, content);
        putHead.setBytes(2, tag);
        putHead.executeUpdate();
    }

    void insertEntry(long position, byte[] content, byte[] tag) throws SQLException {
        insertEntry.setLong(1, position);
        insertEntry.setBytes(2, content);
        insertEntry.setBytes(3, tag);
        insertEntry.executeUpdate();
    }

    byte[] entryTag(long position) throws SQLException, IOException {
        entryTag.setLong(1, position);
        try (var row = entryTag.executeQuery()) {
            if (!row.next()) {
                throw new IOException("entry " + position + " is gone from the journal");
            }
            return row.getBytes(1);
        }
    }

    void deleteEntriesFrom(long position) throws SQLException {
        deleteWhere(deleteEntriesFrom, position);
    }

    void deleteEntriesUntil(long position) throws SQLException {
        deleteWhere(deleteEntriesUntil, position);
    }

    void putChunk(long position, int part, byte[] content, byte[] tag) throws SQLException {
        putChunk.setLong(1, position);
        putChunk.setInt(2, part);
        putChunk.setBytes(3, content);
        putChunk.setBytes(4, tag);
        putChunk.executeUpdate();
    }

    List<byte[]> chunkTags(long position) throws SQLException {
        var tags = new ArrayList<byte[]>();
        chunkTags.setLong(1, position);
        try (var row = chunkTags.executeQuery()) {
            while (row.next()) {
                tags.add(row.getBytes(1));
            }
        }
        return tags;
    }

    void deleteChunksAt(long position) throws SQLException {
        deleteWhere(deleteChunksAt, position);
    }

    void deleteChunksBefore(long position) throws SQLException {
        deleteWhere(deleteChunksBefore, position);
    }

    private static void deleteWhere(PreparedStatement statement, long position) throws SQLException {
        statement.setLong(1, position);
        statement.executeUpdate();
    }
}
