package dev.strongroom.gateway.operation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The id of the event that the audit log records of a request. It follows from the request's id, so that whoever knows
 * which request used a key last can name the event.
 */
public final class EventId {

    private static final byte[] LABEL = "strongroom audit event v1\0".getBytes(US_ASCII);

    private EventId() {}

    /** The event of {@code request}. */
    public static UUID of(UUID request) {
        return UUID.nameUUIDFromBytes(ByteBuffer.allocate(LABEL.length + 2 * Long.BYTES)
                .put(LABEL)
                .putLong(request.getMostSignificantBits())
                .putLong(request.getLeastSignificantBits())
                .array());
    }
}
