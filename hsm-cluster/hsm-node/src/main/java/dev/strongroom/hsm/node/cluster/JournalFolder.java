package dev.strongroom.hsm.node.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The folder in which a node keeps what only it may write; held by one process at a time, closed to other users.
 *
 * <pre>
 * lock                  held while the node runs
 * first-start           made with the cluster, gone once the node has taken part
 * identity              who the node is, {@link FolderDisk}
 * journal/              {@link SqliteJournal}: log.db, log.db-wal, mark
 * journal.damaged-1/    one that was set aside, as it was found
 * native/               SQLite's library, unpacked
 * </pre>
 */
public final class JournalFolder implements AutoCloseable {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> OWNER_ONLY_FILE = PosixFilePermissions.fromString("rw-------");

    private static final String FIRST_START = "first-start";

    private final Path folder;

    private final FileChannel lock;

    private JournalFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Makes the folder if there is none and takes its lock, which ends with {@link #close} or with the process.
     *
     * @throws JournalRefusedException if another process, or another part of this one, holds it
     */
    public static JournalFolder lock(Path folder) throws IOException {
        makePrivate(folder);
        var channel = FileChannel.open(
                folder.resolve("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                ownerOnly(OWNER_ONLY_FILE));
        try {
            if (channel.tryLock() != null) {
                return new JournalFolder(folder, channel);
            }
        } catch (OverlappingFileLockException e) {
            // Another part of this process has it, which is refused like another process.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new JournalRefusedException(
                "the folder " + folder + " is in use; stop the node that runs on it, or give this one another folder");
    }

    /**
     * Makes the folder of a node that has never taken part. A folder that nobody made so, or that has taken part since, is
     * never taken for a new one: if its journal is not there, it is lost.
     *
     * @throws java.nio.file.FileAlreadyExistsException if it was made before
     */
    public static void makeForFirstStart(Path path) throws IOException {
        makePrivate(path);
        createPrivate(path.resolve(FIRST_START));
        sync(path);
    }

    /**
     * Moves the journal out of the way, as it is, so that the next opening finds none. To be called only when somebody
     * decided to let the node begin again as a new incarnation, and with no journal open.
     *
     * @return where it is now
     */
    public Path setAsideJournal() throws IOException {
        for (var n = 1; ; n++) {
            var aside = folder.resolve("journal.damaged-" + n);
            if (!Files.exists(aside)) {
                Files.move(journal(), aside, StandardCopyOption.ATOMIC_MOVE);
                sync(folder);
                return aside;
            }
        }
    }

    Path journal() {
        return folder.resolve("journal");
    }

    Path database() {
        return journal().resolve("log.db");
    }

    Path mark() {
        return journal().resolve("mark");
    }

    Path identity() {
        return folder.resolve("identity");
    }

    Path firstStart() {
        return folder.resolve(FIRST_START);
    }

    /** Durably; nothing happens if it is gone already. */
    void removeFirstStart() throws IOException {
        if (Files.deleteIfExists(firstStart())) {
            sync(folder);
        }
    }

    Path nativeLibrary() {
        return folder.resolve("native");
    }

    /** Makes a folder that only this user may enter, or makes it so, durably. */
    static void makePrivate(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, ownerOnly(OWNER_ONLY));
            var parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                sync(parent);
            }
        }
        Files.setPosixFilePermissions(folder, OWNER_ONLY);
    }

    /** Makes an empty file that only this user may read. */
    static void createPrivate(Path file) throws IOException {
        Files.createFile(file, ownerOnly(OWNER_ONLY_FILE));
    }

    /** Puts a file in place of another: after a crash there is the old content or the new, never a part. */
    static void replace(Path file, byte[] content) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        createPrivate(draft);
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        var folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            sync(folder);
        }
    }

    /** Makes the names in a folder durable. */
    static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> ownerOnly(Set<PosixFilePermission> permissions) {
        return PosixFilePermissions.asFileAttribute(permissions);
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
