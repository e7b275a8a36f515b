package dev.strongroom.gateway.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of lines that is set aside under a dated name when it has grown, and begun anew. Readable by its owner alone, and
 * written by one process at a time.
 *
 * <p>A line is given to the operating system before {@link #append} returns: a killed process loses none; a power cut may
 * cost what was not on disk yet. What a failed write left is cut off again, so that no line stands half. Each line goes to the
 * end that the file has at that moment, whoever cut it meanwhile.
 */
final class AuditFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Whoever can write this much can write the records of the requests that are under way. */
    private static final byte[] PROBE = new byte[1 << 16];

    private final Path path;
    private final AuditSettings settings;
    private final InstantSource clock;
    private Opened file;
    /** What file it is, whatever its name; absent where the file system does not tell. */
    private @Nullable Object key;

    private long length;
    private long limit;
    private volatile boolean isBroken;

    /**
     * An open file.
     *
     * @param whole holds the lock, reads and cuts
     * @param end writes behind the last byte, wherever that is by now
     */
    private record Opened(RandomAccessFile whole, FileOutputStream end) implements AutoCloseable {

        // Both at once: a process that closes a file in any way gives up all its locks of it.
        @Override
        public void close() throws IOException {
            try (whole) {
                end.close();
            }
        }
    }

    private AuditFile(Path path, AuditSettings settings, InstantSource clock) throws IOException {
        this.path = path;
        this.settings = settings;
        this.limit = settings.maxBytes();
        this.clock = clock;
        this.file = open(path);
        this.key = key(path);
        endTornLine(Files.size(path));
    }

    /** Opens the file, or makes it and its folder. */
    static AuditFile open(Path path, AuditSettings settings, InstantSource clock) throws IOException {
        return new AuditFile(path.toAbsolutePath(), settings, clock);
    }

    private static Opened open(Path path) throws IOException {
        var folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (!Files.exists(path)) {
            var unused = Files.createFile(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        var whole = new RandomAccessFile(path.toFile(), "rw");
        Opened opened = null;
        try {
            if (whole.getChannel().tryLock() == null) {
                throw new IOException(path + " is in use; stop the gateway that writes it, or name another file");
            }
            opened = new Opened(whole, new FileOutputStream(path.toFile(), true));
            return opened;
        } finally {
            if (opened == null) {
                whole.close();
            }
        }
    }

    /** A machine that stopped, or somebody, cut it within a line: that stays for whoever looks, on a line of its own. */
    private void endTornLine(long size) throws IOException {
        length = size;
        if (size > 0) {
            file.whole().seek(size - 1);
            if (file.whole().read() != '\n') {
                file.end().write('\n');
                length++;
            }
        }
    }

    /** Appends the first {@code count} bytes of {@code line}, whole or not at all. */
    synchronized void append(byte[] line, int count) throws IOException {
        try {
            follow();
            if (length > 0 && length + count > limit) {
                rotate();
            }
            file.end().write(line, 0, count);
            length += count;
        } catch (IOException e) {
            if (!isBroken) {
                LOG.error("{} cannot be written, nothing is done until it can: {}", path, e.getMessage());
            }
            isBroken = true;
            takeBack();
            throw e;
        }
        isBroken = false;
    }

    /**
     * Looks whether what is written still goes to where it is looked for: somebody may have moved the file or removed it, and
     * then it is begun anew, or cut it short. Before each line, since a line that is written to a removed file is lost; who
     * removes the file after this look removes it with the line, as if it had been written long before.
     */
    private void follow() throws IOException {
        var now = attributes(path);
        if (key != null && (now == null || !key.equals(now.fileKey()))) {
            LOG.warn("{} was moved or removed by somebody else, a new one is begun", path);
            var former = file;
            file = open(path);
            key = key(path);
            limit = settings.maxBytes();
            endTornLine(Files.size(path));
            former.close();
        } else if (now != null && now.size() != length) {
            // What is no file of bytes, such as /dev/null, has no size.
            if (now.isRegularFile()) {
                LOG.warn("{} was cut or written to by somebody else: {} bytes, not {}", path, now.size(), length);
            }
            limit = settings.maxBytes();
            endTornLine(now.size());
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        var now = attributes(path);
        return now == null ? null : now.fileKey();
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Cheap while all is well; after a failure, tries whether there is room again. */
    void requireWritable() throws IOException {
        if (isBroken) {
            probe();
        }
    }

    private synchronized void probe() throws IOException {
        try {
            follow();
            file.end().write(PROBE);
            isBroken = false;
            LOG.info("{} can be written again", path);
        } finally {
            takeBack();
        }
    }

    private void takeBack() {
        try {
            if (file.whole().length() > length) {
                file.whole().setLength(length);
            }
        } catch (IOException e) {
            LOG.error("{} cannot be cut back to its last whole line", path, e);
        }
    }

    /** A file that cannot be set aside goes on growing: that is no reason to stop. */
    private void rotate() {
        try {
            file.whole().getFD().sync();
            var aside = free(path.getFileName() + "." + STAMP.format(clock.instant()));
            var unused = Files.move(path, aside);
            var former = file;
            file = open(path);
            key = key(path);
            length = 0;
            limit = settings.maxBytes();
            former.close();
            dropOldest();
        } catch (IOException e) {
            limit = length + settings.maxBytes();
            LOG.error("{} cannot be set aside, it goes on growing", path, e);
        }
    }

    private Path free(String name) {
        var candidate = path.resolveSibling(name);
        for (int number = 1; Files.exists(candidate); number++) {
            candidate = path.resolveSibling(name + "-" + number);
        }
        return candidate;
    }

    private void dropOldest() throws IOException {
        if (settings.keep() == AuditSettings.KEEP_ALL) {
            return;
        }
        var aside = setAside(path);
        for (var old : aside.subList(0, Math.max(0, aside.size() - settings.keep()))) {
            Files.delete(old);
        }
    }

    /** The files that were set aside beside one, oldest first. */
    static List<Path> setAside(Path path) throws IOException {
        var folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            return new ArrayList<>();
        }
        try (var siblings = Files.list(folder)) {
            return siblings.filter(file -> file.getFileName().toString().startsWith(path.getFileName() + "."))
                    .sorted()
                    .collect(Collectors.toCollection(ArrayList::new));
        }
    }

    @Override
    public synchronized void close() {
        try (var last = file) {
            last.whole().getFD().sync();
        } catch (IOException e) {
            LOG.error("{} did not close in order: {}", path, e.getMessage());
        }
    }
}
