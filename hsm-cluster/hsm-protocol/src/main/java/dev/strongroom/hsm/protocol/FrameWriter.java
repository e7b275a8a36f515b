package dev.strongroom.hsm.protocol;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;

/**
 * Collects the frames that leave on one connection. A secret is copied once, straight into the frame. Not safe for
 * concurrent use.
 */
public final class FrameWriter implements AutoCloseable {

    private static final int RETAINED_BYTES = 16 * 1024;

    private byte[] held = new byte[RETAINED_BYTES];
    private int length;

    /** Adds a frame that asks for {@code command} on behalf of {@code servedRequest}. */
    public void append(long requestId, int deadlineMillis, UUID servedRequest, Command<?> command)
            throws MalformedFrameException {
        append(requestId, deadlineMillis, servedRequest, CommandCodec.encode(command), command.secret());
    }

    /** Adds a frame that answers with {@code reply}. */
    public void append(long requestId, Reply reply) throws MalformedFrameException {
        append(requestId, 0, Hsm.NO_REQUEST, ReplyCodec.encode(reply), reply.secret());
    }

    /** Adds a frame that answers with a no. */
    public void append(long requestId, Refused refused) throws MalformedFrameException {
        append(requestId, 0, Hsm.NO_REQUEST, ReplyCodec.encode(refused), Plaintext.none());
    }

    /** Bytes waiting to be drained. */
    public int length() {
        return length;
    }

    /** All frames added since the last call, in one buffer; whoever writes it out overwrites it afterwards. */
    public Buffer drain() {
        var buffer = Buffer.buffer(length).appendBytes(held, 0, length);
        close();
        return buffer;
    }

    /** Overwrites and forgets what was not drained. */
    @Override
    public void close() {
        Arrays.fill(held, 0, length, (byte) 0);
        length = 0;
        if (held.length > RETAINED_BYTES) {
            held = new byte[RETAINED_BYTES];
        }
    }

    private void append(long requestId, int deadlineMillis, UUID servedRequest, MessageLite message, Plaintext secret)
            throws MalformedFrameException {
        var messageBytes = message.getSerializedSize();
        var frameBytes = (long) FrameCodec.HEADER_BYTES + messageBytes + secret.length();
        if (frameBytes > FrameCodec.MAX_FRAME_BYTES) {
            throw MalformedFrameException.broken("too long for a frame");
        }
        makeRoom((int) frameBytes);
        ByteBuffer.wrap(held, length, FrameCodec.HEADER_BYTES)
                .putInt((int) frameBytes - FrameCodec.LENGTH_BYTES)
                .put(FrameCodec.VERSION)
                .putLong(requestId)
                .putInt(deadlineMillis)
                .putLong(servedRequest.getMostSignificantBits())
                .putLong(servedRequest.getLeastSignificantBits())
                .putInt(messageBytes);
        var messageStart = length + FrameCodec.HEADER_BYTES;
        try {
            var output = CodedOutputStream.newInstance(held, messageStart, messageBytes);
            message.writeTo(output);
            output.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new IllegalStateException("an array cannot fail to take what it has room for", e);
        }
        var secretStart = messageStart + messageBytes;
        length = secretStart
                + secret.use(octets -> {
                    System.arraycopy(octets, 0, held, secretStart, octets.length);
                    return octets.length;
                });
    }

    private void makeRoom(int bytes) {
        if (held.length - length < bytes) {
            var roomier = Arrays.copyOf(held, Math.max(held.length * 2, length + bytes));
            Arrays.fill(held, (byte) 0);
            held = roomier;
        }
    }
}
