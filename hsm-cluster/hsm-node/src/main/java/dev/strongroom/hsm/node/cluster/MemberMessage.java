package dev.strongroom.hsm.node.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hazelcast.internal.nio.Packet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Messages between members of one lineage as payloads of Hazelcast packets. They never meet Hazelcast's serialization: the
 * packet type is one that Hazelcast does not use, and both ends take them out of the stream before Hazelcast looks at
 * them.
 *
 * <pre>
 * offset  bytes  content
 *      0      4  "SRM", format version 1
 *      4      4  length of the message, big endian
 *      8      8  first bytes of SHA-256 of the lineage: one CA may serve a cluster and what was restored from its backup
 *     16      n  the message
 * </pre>
 */
final class MemberMessage {

    static final int HEADER_BYTES = 16;

    private static final Packet.Type TYPE = Packet.Type.UNDEFINED7;
    private static final int FORMAT = 'S' << 24 | 'R' << 16 | 'M' << 8 | 1;

    private final long lineageTag;

    MemberMessage(String lineage) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(lineage.getBytes(UTF_8));
            this.lineageTag = ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether it is ours, and not Hazelcast's. */
    static boolean isMessage(Packet packet) {
        return packet.getPacketType() == TYPE;
    }

    /** A packet with a copy of {@code message}, so that the caller may reuse its array. */
    Packet write(byte[] message) {
        var payload = ByteBuffer.allocate(HEADER_BYTES + message.length)
                .putInt(FORMAT)
                .putInt(message.length)
                .putLong(lineageTag)
                .put(message)
                .array();
        return new Packet(payload).setPacketType(TYPE);
    }

    /**
     * The message in {@code packet}.
     *
     * @throws IOException if it is not as {@link #write} makes it for this lineage
     */
    byte[] read(Packet packet) throws IOException {
        var payload = packet.toByteArray();
        if (payload == null || payload.length < HEADER_BYTES) {
            throw new IOException("a message without header");
        }
        var header = ByteBuffer.wrap(payload);
        if (header.getInt() != FORMAT || header.getInt() != payload.length - HEADER_BYTES) {
            throw new IOException("a message of unknown format");
        }
        if (header.getLong() != lineageTag) {
            throw new IOException("a message of another lineage");
        }
        return Arrays.copyOfRange(payload, HEADER_BYTES, payload.length);
    }
}
