package dev.strongroom.hsm.node.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteLimits;
import org.sqlite.SQLiteOpenMode;

/** SQLite as the journal uses it: how it is opened, its tables, and what its errors mean. */
final class JournalDatabase {

    static final int FORMAT = 1;

    /** Above the longest row there is, and a bound on what a damaged length can make SQLite allocate. */
    private static final int MAX_ROW_BYTES = RaftMessageCodec.MAX_MESSAGE_BYTES;

    private static final String[] TABLES = {
        "CREATE TABLE identity (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, lineage TEXT NOT NULL,"
                + " node TEXT NOT NULL, tag BLOB NOT NULL) STRICT",
        "CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), content BLOB NOT NULL, tag BLOB NOT NULL) STRICT",
        "CREATE TABLE entry (position INTEGER PRIMARY KEY, content BLOB NOT NULL, tag BLOB NOT NULL) STRICT",
        "CREATE TABLE chunk (position INTEGER NOT NULL, part INTEGER NOT NULL, content BLOB NOT NULL,"
                + " tag BLOB NOT NULL, PRIMARY KEY (position, part)) STRICT"
    };

    /** Errors that say something about the machine and nothing about the content of the file. */
    private static final Set<SQLiteErrorCode> OF_THE_MACHINE = Set.of(
            SQLiteErrorCode.SQLITE_PERM,
            SQLiteErrorCode.SQLITE_BUSY,
            SQLiteErrorCode.SQLITE_LOCKED,
            SQLiteErrorCode.SQLITE_NOMEM,
            SQLiteErrorCode.SQLITE_INTERRUPT,
            SQLiteErrorCode.SQLITE_IOERR,
            SQLiteErrorCode.SQLITE_FULL,
            SQLiteErrorCode.SQLITE_CANTOPEN,
            SQLiteErrorCode.SQLITE_PROTOCOL,
            SQLiteErrorCode.SQLITE_AUTH);

    private JournalDatabase() {}

    /**
     * For looking without touching: neither recovery nor {@link Connection#close} writes to the database or its
     * write-ahead log, so what turns out to be damaged stays as it was found.
     */
    static Connection openForReading(JournalFolder folder) throws SQLException, IOException {
        Files.deleteIfExists(sharedMemory(folder));
        var properties = new Properties();
        properties.setProperty("open_mode", Integer.toString(SQLiteOpenMode.READONLY.flag));
        return open(folder, properties);
    }

    /** For the one writer. Holds SQLite's own lock too, which keeps other tools from the file while the node runs. */
    static Connection openForWriting(JournalFolder folder) throws SQLException, IOException {
        Files.deleteIfExists(sharedMemory(folder));
        var connection = open(folder, new Properties());
        try {
            // Before the first access, so that the index of the write-ahead log lives in memory of this process.
            require(connection, "PRAGMA locking_mode = EXCLUSIVE", "exclusive");
            require(connection, "PRAGMA journal_mode = WAL", "wal");
            execute(connection, "PRAGMA synchronous = FULL");
            require(connection, "PRAGMA synchronous", "2");
            // On macOS an fsync alone leaves the data in the drive's cache; elsewhere this changes nothing.
            execute(connection, "PRAGMA fullfsync = ON");
            execute(connection, "PRAGMA journal_size_limit = " + (16 << 20));
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static Connection open(JournalFolder folder, Properties properties) throws SQLException, IOException {
        unpackLibraryInto(folder);
        // As a URI, in which nothing of the path can be taken for a parameter.
        var url = "jdbc:sqlite:file:" + folder.database().toUri().getRawPath();
        SQLiteConnection connection = JDBC.createConnection(url, properties);
        try {
            connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, MAX_ROW_BYTES);
            execute(connection, "PRAGMA trusted_schema = OFF");
            execute(connection, "PRAGMA cell_size_check = ON");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * SQLite's library is unpacked where only this user can write, and not into a temporary folder that others share or
     * that may not exist. What a killed process left there is removed; one still in use stays mapped.
     */
    private static void unpackLibraryInto(JournalFolder folder) throws IOException {
        var target = folder.nativeLibrary();
        if (System.getProperty("org.sqlite.tmpdir") != null) {
            return;
        }
        JournalFolder.makePrivate(target);
        try (var leftovers = Files.newDirectoryStream(target)) {
            for (var leftover : leftovers) {
                Files.delete(leftover);
            }
        }
        System.setProperty("org.sqlite.tmpdir", target.toString());
    }

    private static Path sharedMemory(JournalFolder folder) {
        return folder.journal().resolve("log.db-shm");
    }

    /** Makes tables and identity in one transaction, so that there are all of them or none. */
    static void createTables(Connection connection, JournalIdentity identity, JournalTags tags) throws SQLException {
        for (var table : TABLES) {
            execute(connection, table);
        }
        try (var insert = connection.prepareStatement("INSERT INTO identity VALUES (1, ?, ?, ?, ?)")) {
            insert.setInt(1, FORMAT);
            insert.setString(2, identity.lineageId());
            insert.setString(3, identity.nodeId());
            insert.setBytes(4, tags.identity(FORMAT));
            insert.executeUpdate();
        }
        connection.commit();
    }

    static String ask(Connection connection, String question) throws SQLException {
        try (var statement = connection.createStatement();
                var answer = statement.executeQuery(question)) {
            return answer.next() ? String.valueOf(answer.getString(1)) : "";
        }
    }

    private static void require(Connection connection, String pragma, String answer) throws SQLException {
        var actual = ask(connection, pragma);
        if (!actual.equals(answer)) {
            throw new SQLException(pragma + " was answered by " + actual);
        }
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (var prepared = connection.createStatement()) {
            prepared.execute(statement);
        }
    }

    /**
     * What an error on opening says about the journal.
     *
     * @throws IOException if it says nothing about it, because the machine failed
     */
    static MalformedMessageException damage(JournalFolder folder, SQLException error) throws IOException {
        if (!(error instanceof SQLiteException ofSqlite)) {
            throw new IOException("cannot open the journal in " + folder.journal(), error);
        }
        var code = ofSqlite.getResultCode();
        var primary = SQLiteErrorCode.getErrorCode(code.code & 0xFF);
        var isDamage = code == SQLiteErrorCode.SQLITE_IOERR_SHORT_READ
                || (primary == SQLiteErrorCode.SQLITE_READONLY
                        // The first page says who may write; if the file system does not agree, that page is damaged.
                        ? Files.isWritable(folder.database())
                        : !OF_THE_MACHINE.contains(primary));
        if (!isDamage) {
            throw new IOException("cannot open the journal in " + folder.journal(), error);
        }
        return new MalformedMessageException("SQLite says " + code, error);
    }
}
