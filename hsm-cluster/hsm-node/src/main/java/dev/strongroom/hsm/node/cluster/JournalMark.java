package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.crypto.MacKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.OptionalLong;

/**
 * How many flushes a journal has acknowledged, beside the database. SQLite takes the first frame of its write-ahead log
 * that does not verify for the end of the log: right after a crash, but rot in that file, or its loss, would silently
 * take acknowledged flushes back. The mark betrays that.
 *
 * <p>It is written after each commit and never synced. It costs a microsecond, outlives the process, and the kernel
 * brings it to disk within its usual half minute. Since a flush is on disk before its mark is written, a mark ahead of
 * the database is proof that the database lost something, whatever the order in which a power cut left the two.
 *
 * <pre>
 * at 0 and at 4096, in turn, so that a write cut short leaves the other:  8 generation · 32 tag
 * </pre>
 */
final class JournalMark implements AutoCloseable {

    private static final int SLOT_BYTES = Long.BYTES + MacKey.TAG_BYTES;

    /** A sector, and a page of the cache, for each slot. */
    private static final int STRIDE = 4_096;

    private final FileChannel file;

    private final JournalTags tags;

    private JournalMark(FileChannel file, JournalTags tags) {
        this.file = file;
        this.tags = tags;
    }

    /** Makes the mark of a journal that has acknowledged nothing, durably. */
    static void create(Path file, JournalTags tags) throws IOException {
        JournalFolder.replace(file, slot(0, tags));
    }

    static JournalMark open(Path file, JournalTags tags) throws IOException {
        return new JournalMark(FileChannel.open(file, StandardOpenOption.WRITE), tags);
    }

    /** The highest generation that stands in the file under a fitting tag; empty if none does. */
    static OptionalLong read(Path file, JournalTags tags) throws IOException {
        var newest = OptionalLong.empty();
        try (var in = Files.newByteChannel(file)) {
            for (var slot = 0; slot < 2; slot++) {
                var buffer = ByteBuffer.allocate(SLOT_BYTES);
                in.position((long) slot * STRIDE);
                while (buffer.hasRemaining() && in.read(buffer) >= 0) {
                    // Until the slot is full or the file ends.
                }
                var generation = buffer.getLong(0);
                if (!buffer.hasRemaining()
                        && MessageDigest.isEqual(buffer.array(), slot(generation, tags))
                        && generation >= newest.orElse(0)) {
                    newest = OptionalLong.of(generation);
                }
            }
        }
        return newest;
    }

    void write(long generation) throws IOException {
        var buffer = ByteBuffer.wrap(slot(generation, tags));
        var position = (generation & 1) * STRIDE;
        while (buffer.hasRemaining()) {
            file.write(buffer, position + buffer.position());
        }
    }

    private static byte[] slot(long generation, JournalTags tags) {
        return ByteBuffer.allocate(SLOT_BYTES)
                .putLong(generation)
                .put(tags.mark(generation))
                .array();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
