package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.protocol.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a trail ended when its node last stopped: the last record that is whole, and what lies behind it.
 *
 * @param last empty if there is none
 * @param torn bytes behind it, of a record that was being written; they stay where they are
 * @param tornHash SHA-256 of those bytes
 */
record TrailEnd(Optional<TrailRecord> last, long torn, Bytes tornHash) {

    /** Longest record by far; a whole one is found within twice as much of the end, or the trail is damaged. */
    private static final int LOOK_BACK = 1 << 20;

    /**
     * Looks for it, in the last file first.
     *
     * @throws IOException if there are records but none is readable: this is not what a crash leaves behind
     */
    static TrailEnd of(Path folder) throws IOException {
        var files = new ArrayList<>(TrailFolder.files(folder));
        var behind = new ArrayList<byte[]>();
        while (!files.isEmpty()) {
            var file = files.remove(files.size() - 1);
            var end = readEnd(file);
            int after = end.length;
            for (int stop = lastLineFeed(end, end.length); stop >= 0; stop = lastLineFeed(end, stop)) {
                int begin = lastLineFeed(end, stop) + 1;
                var record = whole(Arrays.copyOfRange(end, begin, stop));
                if (record.isPresent()) {
                    behind.add(0, Arrays.copyOfRange(end, stop + 1, after));
                    return new TrailEnd(record, total(behind), hash(behind));
                }
            }
            if (end.length == LOOK_BACK) {
                throw new IOException(
                        "the audit trail " + file + " is damaged: its end holds no record; look at it with"
                                + " strongroom hsm audit verify, then move the folder away to begin a new trail");
            }
            behind.add(0, end);
        }
        return new TrailEnd(Optional.empty(), total(behind), hash(behind));
    }

    private static Bytes hash(List<byte[]> parts) {
        return Bytes.wrap(Digests.sha256(parts.toArray(new byte[0][])));
    }

    private static long total(List<byte[]> parts) {
        return parts.stream().mapToLong(part -> part.length).sum();
    }

    private static byte[] readEnd(Path path) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - LOOK_BACK));
            var out = new ByteArrayOutputStream();
            var chunk = new byte[1 << 16];
            for (int read = file.read(chunk); read > 0; read = file.read(chunk)) {
                out.write(chunk, 0, read);
            }
            return out.toByteArray();
        }
    }

    /** Index of the last line feed before {@code end}; -1 if there is none. */
    private static int lastLineFeed(byte[] octets, int end) {
        for (int at = end - 1; at >= 0; at--) {
            if (octets[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private static Optional<TrailRecord> whole(byte[] line) {
        try {
            return Optional.of(TrailRecord.read(line));
        } catch (MalformedTrailException e) {
            return Optional.empty();
        }
    }
}
