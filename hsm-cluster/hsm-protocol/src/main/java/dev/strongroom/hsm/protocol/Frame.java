package dev.strongroom.hsm.protocol;

import com.google.protobuf.CodedInputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.UUID;

/**
 * One frame where it lies in the buffer of a {@link FrameReader}: on loan until the reader is asked for the next, which
 * overwrites it.
 */
public final class Frame {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] octets;
    private final int start;
    private final int messageBytes;
    private final int secretBytes;

    /**
     * @param octets holds the whole frame from {@code start} on
     * @param frameBytes at least {@link FrameCodec#HEADER_BYTES}
     */
    Frame(byte[] octets, int start, int frameBytes) throws MalformedFrameException {
        this.octets = octets;
        this.start = start;
        this.messageBytes = intAt(octets, start + FrameCodec.MESSAGE_LENGTH_OFFSET);
        if (messageBytes < 0 || messageBytes > frameBytes - FrameCodec.HEADER_BYTES) {
            throw MalformedFrameException.broken("a message longer than its frame");
        }
        this.secretBytes = frameBytes - FrameCodec.HEADER_BYTES - messageBytes;
        if (requestId() == 0) {
            throw MalformedFrameException.broken("request id 0");
        }
    }

    public long requestId() {
        return (long) LONG.get(octets, start + FrameCodec.REQUEST_ID_OFFSET);
    }

    /** The request that the client serves with this; {@link Hsm#NO_REQUEST} if there is none. */
    public UUID servedRequest() {
        var high = (long) LONG.get(octets, start + FrameCodec.SERVED_REQUEST_OFFSET);
        var low = (long) LONG.get(octets, start + FrameCodec.SERVED_REQUEST_OFFSET + Long.BYTES);
        return high == 0 && low == 0 ? Hsm.NO_REQUEST : new UUID(high, low);
    }

    /** How long the client will still wait, counted from arrival; not positive if it has given up already. */
    public int deadlineMillis() {
        return intAt(octets, start + FrameCodec.DEADLINE_OFFSET);
    }

    /** The number in the four bytes from {@code offset} on. */
    static int intAt(byte[] octets, int offset) {
        return (int) INT.get(octets, offset);
    }

    int secretBytes() {
        return secretBytes;
    }

    CodedInputStream message() {
        return CodedInputStream.newInstance(octets, start + FrameCodec.HEADER_BYTES, messageBytes);
    }

    /** A copy of the secret section; the caller owns it. */
    Plaintext secret() {
        var from = start + FrameCodec.HEADER_BYTES + messageBytes;
        return Plaintext.wrap(Arrays.copyOfRange(octets, from, from + secretBytes));
    }
}
