package dev.strongroom.hsm.protocol;

import io.vertx.core.buffer.Buffer;

/**
 * The layout of frames, the same in both directions. All numbers are big-endian.
 *
 * <pre>
 * offset  bytes    content
 *      0  4        N: length of all that follows, 33 to 1,048,572
 *      4  1        protocol version, 0x01
 *      5  8        request id: chosen by the client, not 0, once per connection; the answer carries the same
 *     13  4        deadline: milliseconds the client will still wait, counted from arrival; 0 in an answer
 *     17  16       served request: the UUID under which the client's own caller knows what the command is for, so that
 *                  both ends' records of it can be joined; zeros if there is none, and in an answer
 *     33  4        P: length of the protobuf message
 *     37  P        protobuf: {@code Command} from the client, {@code Answer} from the node ({@code hsm.proto})
 *   37+P  N-33-P   the one secret of the message, empty for a message without one
 * </pre>
 *
 * The secret stands outside protobuf because protobuf keeps bytes in objects that cannot be overwritten. {@link
 * FrameWriter} and {@link FrameReader} overwrite every array of their own that held a frame, and the Vert.x buffers that
 * they filled or emptied. What they do not reach: Netty's pooled buffers and those of the TLS engine, where plaintext of
 * the connection stays until the pool uses the memory again.
 */
public final class FrameCodec {

    /** The longest frame, its length field included. */
    public static final int MAX_FRAME_BYTES = 1 << 20;

    static final int LENGTH_BYTES = 4;
    static final int HEADER_BYTES = 37;
    static final byte VERSION = 0x01;
    static final int VERSION_OFFSET = 4;
    static final int REQUEST_ID_OFFSET = 5;
    static final int DEADLINE_OFFSET = 13;
    static final int SERVED_REQUEST_OFFSET = 17;
    static final int MESSAGE_LENGTH_OFFSET = 33;

    private static final byte[] ZEROS = new byte[16 * 1024];

    private FrameCodec() {}

    /** Overwrites all of {@code buffer}. */
    static void wipe(Buffer buffer) {
        for (var at = 0; at < buffer.length(); at += ZEROS.length) {
            buffer.setBytes(at, ZEROS, 0, Math.min(ZEROS.length, buffer.length() - at));
        }
    }
}
