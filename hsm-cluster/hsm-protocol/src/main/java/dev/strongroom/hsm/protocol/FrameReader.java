package dev.strongroom.hsm.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts what arrives on one connection into frames. Memory grows with what has arrived, never with what a length field
 * announces, and every byte is overwritten once its frame was read. Not safe for concurrent use.
 */
public final class FrameReader implements AutoCloseable {

    /** What an idle connection holds on to. */
    private static final int RETAINED_BYTES = 16 * 1024;

    private byte[] held = new byte[RETAINED_BYTES];
    private int start;
    private int end;
    private int lent;

    /** Takes the content of {@code chunk} over and overwrites it there. */
    public void append(Buffer chunk) {
        takeBack();
        makeRoom(chunk.length());
        chunk.getBytes(held, end);
        end += chunk.length();
        FrameCodec.wipe(chunk);
    }

    /**
     * The next whole frame, on loan until the next call of any method here; empty if more bytes must arrive first.
     *
     * @throws MalformedFrameException if the bytes cannot be a frame; nothing after them can be read either
     */
    public Optional<Frame> next() throws MalformedFrameException {
        takeBack();
        if (end - start <= FrameCodec.VERSION_OFFSET) {
            return Optional.empty();
        }
        var rest = Frame.intAt(held, start);
        if (rest < FrameCodec.HEADER_BYTES - FrameCodec.LENGTH_BYTES
                || rest > FrameCodec.MAX_FRAME_BYTES - FrameCodec.LENGTH_BYTES) {
            throw MalformedFrameException.broken("a frame of illegal length");
        }
        if (held[start + FrameCodec.VERSION_OFFSET] != FrameCodec.VERSION) {
            throw MalformedFrameException.broken("a protocol version that is not spoken here");
        }
        var frameBytes = FrameCodec.LENGTH_BYTES + rest;
        if (end - start < frameBytes) {
            return Optional.empty();
        }
        var frame = new Frame(held, start, frameBytes);
        lent = frameBytes;
        return Optional.of(frame);
    }

    /** Overwrites whatever is left. */
    @Override
    public void close() {
        Arrays.fill(held, (byte) 0);
        start = 0;
        end = 0;
        lent = 0;
    }

    private void takeBack() {
        Arrays.fill(held, start, start + lent, (byte) 0);
        start += lent;
        lent = 0;
        if (start == end) {
            start = 0;
            end = 0;
            if (held.length > RETAINED_BYTES) {
                held = new byte[RETAINED_BYTES];
            }
        }
    }

    private void makeRoom(int bytes) {
        if (held.length - end >= bytes) {
            return;
        }
        var used = end - start;
        var roomier = used + bytes > held.length ? new byte[Math.max(held.length * 2, used + bytes)] : held;
        System.arraycopy(held, start, roomier, 0, used);
        // The old array, or the part of the same one that the content moved away from.
        Arrays.fill(held, roomier == held ? used : 0, roomier == held ? end : held.length, (byte) 0);
        held = roomier;
        start = 0;
        end = used;
    }
}
