package dev.strongroom.hsm.node.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a trail. Each start of the node and each {@code fileBytes} begin a new one; a file that was left is never
 * touched again, whatever its end looks like.
 *
 * <p>A reserve of some megabytes is given up when the disk is full, so that what was under way can still be recorded.
 *
 * <p>For one thread at a time, save for {@link #force}.
 */
final class TrailFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrailFolder.class);

    private static final String PREFIX = "trail-";
    private static final String SUFFIX = ".jsonl";

    /** Records of all commands that can be under way, several times over. */
    static final int RESERVE_BYTES = 4 << 20;

    private final Path folder;
    private final RandomAccessFile lock;
    private volatile @Nullable Open current;

    /** A file that is written to, with the length that holds whole records. */
    private static final class Open {
        private final RandomAccessFile file;
        private long length;

        private Open(RandomAccessFile file) {
            this.file = file;
        }
    }

    private TrailFolder(Path folder, RandomAccessFile lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Takes the folder, making it if there is none. Nothing is written before {@link #begin}.
     *
     * @throws IOException one line: another process has the folder, or it cannot be written
     */
    static TrailFolder take(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var lock = new RandomAccessFile(folder.resolve("lock").toFile(), "rw");
        try {
            if (lock.getChannel().tryLock() == null) {
                throw new IOException("the folder " + folder
                        + " is in use; stop the node that runs on it, or give this one another folder");
            }
            var opened = new TrailFolder(folder, lock);
            opened.restoreReserve();
            return opened;
        } catch (IOException e) {
            lock.close();
            throw e;
        } catch (OverlappingFileLockException e) {
            lock.close();
            throw new IOException("the folder " + folder + " is in use by this process already", e);
        }
    }

    /** The files of the trail in {@code folder}, oldest first. */
    static List<Path> files(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.filter(file -> {
                        var name = file.getFileName().toString();
                        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
                    })
                    .sorted()
                    .toList();
        }
    }

    private static Open create(Path folder, long seq) throws IOException {
        for (int attempt = 0; ; attempt++) {
            // A file of that name can only be one whose first record was never finished.
            var path = folder.resolve(String.format(Locale.ROOT, "%s%018d-%03d%s", PREFIX, seq, attempt, SUFFIX));
            try {
                var unused = Files.createFile(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } catch (FileAlreadyExistsException e) {
                continue;
            }
            forceNames(folder);
            return new Open(new RandomAccessFile(path.toFile(), "rw"));
        }
    }

    /** A new name is not durable before its folder is. */
    private static void forceNames(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Leaves the current file, flushed, and begins the next.
     *
     * @param seq of the first record that will be in it
     */
    void begin(long seq) throws IOException {
        var former = current;
        if (former != null) {
            former.file.getFD().sync();
        }
        current = create(folder, seq);
        if (former != null) {
            former.file.close();
        }
    }

    /** Of the current file. */
    long length() {
        return current().length;
    }

    private Open current() {
        var open = current;
        if (open == null) {
            throw new IllegalStateException("no file was begun");
        }
        return open;
    }

    /** What became of {@link #append}. */
    enum Room {
        ENOUGH,
        /** Written into what the reserve had held. */
        LAST
    }

    /** Gives the bytes to the operating system, whole or not at all. */
    Room append(byte[] octets, int count) throws IOException {
        var open = current();
        try {
            write(open, octets, count);
            return Room.ENOUGH;
        } catch (IOException e) {
            if (!Files.deleteIfExists(reserve())) {
                throw e;
            }
            LOG.error("the audit trail is using its reserve: {}", e.getMessage());
            write(open, octets, count);
            return Room.LAST;
        }
    }

    private static void write(Open open, byte[] octets, int count) throws IOException {
        try {
            open.file.write(octets, 0, count);
            open.length += count;
        } catch (IOException e) {
            // What was written of it must not stand before the next record.
            open.file.setLength(open.length);
            open.file.seek(open.length);
            throw e;
        }
    }

    /** When this returns, everything appended before the call survives a power cut. From any thread that nobody interrupts. */
    void force() throws IOException {
        var open = current();
        try {
            // Through the channel: unlike the descriptor's flush, Flight Recorder tells of it (jdk.FileForce), how long
            // it took too.
            open.file.getChannel().force(true);
        } catch (IOException e) {
            // A file that was left meanwhile was flushed before it was closed.
            if (open == current) {
                throw e;
            }
        }
    }

    private Path reserve() {
        return folder.resolve("reserve");
    }

    /** Sets room aside again, if there is enough. */
    void restoreReserve() throws IOException {
        if (Files.exists(reserve()) && Files.size(reserve()) >= RESERVE_BYTES) {
            return;
        }
        try (var file = new RandomAccessFile(reserve().toFile(), "rw")) {
            file.write(new byte[RESERVE_BYTES]);
            file.getFD().sync();
        } catch (IOException e) {
            var unused = Files.deleteIfExists(reserve());
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            var open = current;
            if (open != null) {
                try (var last = open.file) {
                    last.getFD().sync();
                }
            }
        }
    }
}
