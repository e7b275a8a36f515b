package dev.strongroom.hsm.node.store;

import dev.strongroom.hsm.node.store.Outcome.Applied;
import dev.strongroom.hsm.node.store.Outcome.Conflict;
import dev.strongroom.hsm.protocol.Bytes;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The byte form of a {@link RecordState}, the same for equal states, cut into chunks at fixed lengths so that every node
 * cuts it alike and a follower may take the chunks of one snapshot from two leaders. Integers are big-endian.
 *
 * <pre>
 * 1        version, 1
 * 4        number of records; then each, ordered by id as unsigned number:
 *   16 id · 8 revision · 8 base · 4 kind · 4 length · payload
 * 4        number of remembered commands; then each, oldest first:
 *   16 command id · 1 tag · tag 0, applied: 8 revision · tag 1, conflict: 16 id · 8 actual revision
 * </pre>
 *
 * <p>Integrity is the journal's and the connection's affair; here only the form is checked.
 */
final class StateImage {

    static final int CHUNK_BYTES = 1 << 20;

    private static final int VERSION = 1;
    private static final int APPLIED = 0;
    private static final int CONFLICT = 1;

    private static final Comparator<SealedRecord> BY_ID = Comparator.<SealedRecord>comparingLong(
                    item -> item.id().high() ^ Long.MIN_VALUE)
            .thenComparingLong(item -> item.id().low() ^ Long.MIN_VALUE);

    private StateImage() {}

    record Content(List<SealedRecord> records, Map<UUID, Outcome> outcomes) {}

    static List<Bytes> write(Collection<SealedRecord> records, Map<UUID, Outcome> outcomes) {
        var chunks = new Chunks();
        try (var out = new DataOutputStream(chunks)) {
            out.writeByte(VERSION);
            var sorted = new ArrayList<>(records);
            sorted.sort(BY_ID);
            out.writeInt(sorted.size());
            for (var item : sorted) {
                writeRecord(out, item);
            }
            out.writeInt(outcomes.size());
            for (var entry : outcomes.entrySet()) {
                out.writeLong(entry.getKey().getMostSignificantBits());
                out.writeLong(entry.getKey().getLeastSignificantBits());
                writeOutcome(out, entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return chunks.finished();
    }

    static Content read(List<Bytes> chunks) {
        var streams = chunks.stream()
                .<InputStream>map(chunk -> new ByteArrayInputStream(chunk.readOnlyArray()))
                .toList();
        try (var in = new DataInputStream(new SequenceInputStream(Collections.enumeration(streams)))) {
            if (in.readUnsignedByte() != VERSION) {
                throw new IllegalArgumentException("a snapshot of an unknown version");
            }
            var records = new ArrayList<SealedRecord>();
            for (var left = in.readInt(); left > 0; left--) {
                records.add(readRecord(in));
            }
            var outcomes = new LinkedHashMap<UUID, Outcome>();
            for (var left = in.readInt(); left > 0; left--) {
                outcomes.put(new UUID(in.readLong(), in.readLong()), readOutcome(in));
            }
            if (in.read() >= 0) {
                throw new IllegalArgumentException("a snapshot goes on after its end");
            }
            return new Content(records, outcomes);
        } catch (IOException e) {
            throw new IllegalArgumentException("a snapshot is cut short", e);
        }
    }

    static Bytes digest(List<Bytes> chunks) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            for (var chunk : chunks) {
                sha.update(chunk.readOnlyArray());
            }
            return Bytes.wrap(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void writeRecord(DataOutputStream out, SealedRecord item) throws IOException {
        out.writeLong(item.id().high());
        out.writeLong(item.id().low());
        out.writeLong(item.revision());
        out.writeLong(item.base());
        out.writeInt(item.kind());
        out.writeInt(item.payload().length());
        out.write(item.payload().readOnlyArray());
    }

    private static SealedRecord readRecord(DataInputStream in) throws IOException {
        var id = new RecordId(in.readLong(), in.readLong());
        var revision = in.readLong();
        var base = in.readLong();
        var kind = in.readInt();
        var length = in.readInt();
        if (length < 0) {
            throw new IllegalArgumentException("a snapshot holds a payload of negative length");
        }
        // readNBytes grows as it reads: a false length costs no more memory than there are bytes.
        var payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new IllegalArgumentException("a snapshot is cut short");
        }
        return new SealedRecord(id, revision, base, kind, Bytes.wrap(payload));
    }

    private static void writeOutcome(DataOutputStream out, Outcome outcome) throws IOException {
        if (outcome instanceof Applied done) {
            out.writeByte(APPLIED);
            out.writeLong(done.revision());
        } else if (outcome instanceof Conflict conflict) {
            out.writeByte(CONFLICT);
            out.writeLong(conflict.id().high());
            out.writeLong(conflict.id().low());
            out.writeLong(conflict.actual());
        }
    }

    private static Outcome readOutcome(DataInputStream in) throws IOException {
        return switch (in.readUnsignedByte()) {
            case APPLIED -> new Applied(in.readLong());
            case CONFLICT -> new Conflict(new RecordId(in.readLong(), in.readLong()), in.readLong());
            default -> throw new IllegalArgumentException("a snapshot holds an outcome of an unknown kind");
        };
    }

    /** Fills one chunk after the other. */
    private static final class Chunks extends OutputStream {

        private final List<Bytes> full = new ArrayList<>();
        private byte[] open = new byte[512];
        private int used;

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int from, int count) {
            var offset = from;
            var left = count;
            while (left > 0) {
                if (used == CHUNK_BYTES) {
                    full.add(Bytes.wrap(open));
                    open = new byte[512];
                    used = 0;
                }
                var part = Math.min(left, CHUNK_BYTES - used);
                if (used + part > open.length) {
                    open = Arrays.copyOf(open, Math.min(CHUNK_BYTES, Math.max(used + part, 2 * open.length)));
                }
                System.arraycopy(octets, offset, open, used, part);
                used += part;
                offset += part;
                left -= part;
            }
        }

        List<Bytes> finished() {
            full.add(Bytes.wrap(Arrays.copyOf(open, used)));
            return List.copyOf(full);
        }
    }
}
