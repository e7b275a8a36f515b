package dev.strongroom.hsm.protocol;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.UUID;

/**
 * A connection that carries frames. What is sent within one turn of the event loop leaves in one write; every buffer is
 * overwritten once it was written or read.
 *
 * <p>Lives on the event loop of its context: all methods are called there, and the peer is called there.
 */
public final class FramedSocket {

    /** Answers that may wait to be written before the other side must wait, too. */
    private static final int MAX_UNWRITTEN_BYTES = FrameCodec.MAX_FRAME_BYTES;

    private final NetSocket socket;
    private final Context context;
    private final Reading reading;
    private final Peer peer;
    private final FrameReader reader = new FrameReader();
    private final FrameWriter writer = new FrameWriter();
    private int unwritten;
    private boolean flushScheduled;
    private boolean paused;
    private boolean closed;
    private String fault = "the connection ended";

    /** What hears of the connection. */
    public interface Peer {

        /** Bytes have arrived; the frames they complete follow, at once or when there is room for their answers. */
        void heard();

        /**
         * A frame, on loan for the length of this call.
         *
         * @throws MalformedFrameException ends the connection
         */
        void frame(Frame frame) throws MalformedFrameException;

        /** The connection is gone, for whatever reason; said once, the last that is heard. */
        void closed(String reason);
    }

    /** When to read on. */
    public enum Reading {
        /** A client: what it may wait for is bounded by its window. */
        ALWAYS,
        /** A node: while its answers leave. If both sides waited for the other to read, neither ever would. */
        WHILE_ANSWERS_LEAVE
    }

    private FramedSocket(NetSocket socket, Context context, Reading reading, Peer peer) {
        this.socket = socket;
        this.context = context;
        this.reading = reading;
        this.peer = peer;
    }

    /** Takes {@code socket} over; called on {@code context}. */
    public static FramedSocket open(NetSocket socket, Context context, Reading reading, Peer peer) {
        var framed = new FramedSocket(socket, context, reading, peer);
        socket.handler(framed::arrived)
                .exceptionHandler(e -> framed.fault = String.valueOf(e.getMessage()))
                .closeHandler(unused -> framed.finish(framed.fault));
        return framed;
    }

    /** Sends a command; nothing happens if the connection is gone. */
    public void send(long requestId, int deadlineMillis, UUID servedRequest, Command<?> command)
            throws MalformedFrameException {
        if (!closed) {
            writer.append(requestId, deadlineMillis, servedRequest, command);
            scheduleFlush();
        }
    }

    /** Sends a reply; its secret may be closed afterwards. */
    public void answer(long requestId, Reply reply) throws MalformedFrameException {
        if (!closed) {
            writer.append(requestId, reply);
            scheduleFlush();
        }
    }

    public void answer(long requestId, Refused refused) throws MalformedFrameException {
        if (!closed) {
            writer.append(requestId, refused);
            scheduleFlush();
        }
    }

    /** Writes out what was sent and ends the connection. The peer is told before this returns. */
    public void close(String reason) {
        if (!closed) {
            flush();
            var unused = socket.close();
            finish(reason);
        }
    }

    private void arrived(Buffer chunk) {
        if (closed) {
            FrameCodec.wipe(chunk);
        } else {
            peer.heard();
            reader.append(chunk);
            readOn();
        }
    }

    private void readOn() {
        try {
            Optional<Frame> frame = mustWait() ? Optional.empty() : reader.next();
            while (frame.isPresent()) {
                peer.frame(frame.get());
                frame = closed || mustWait() ? Optional.empty() : reader.next();
            }
        } catch (MalformedFrameException e) {
            close("malformed frame: " + e.getMessage());
        }
        if (!closed && mustWait() != paused) {
            paused = !paused;
            var unused = paused ? socket.pause() : socket.resume();
        }
    }

    private boolean mustWait() {
        return reading == Reading.WHILE_ANSWERS_LEAVE && writer.length() + unwritten > MAX_UNWRITTEN_BYTES;
    }

    private void scheduleFlush() {
        if (!flushScheduled) {
            flushScheduled = true;
            context.runOnContext(unused -> flush());
        }
    }

    private void flush() {
        flushScheduled = false;
        if (closed || writer.length() == 0) {
            return;
        }
        var buffer = writer.drain();
        unwritten += buffer.length();
        socket.write(buffer).onComplete(written -> {
            FrameCodec.wipe(buffer);
            unwritten -= buffer.length();
            if (written.failed()) {
                close("a write failed");
            } else if (!closed && paused) {
                readOn();
            }
        });
    }

    private void finish(String reason) {
        if (!closed) {
            closed = true;
            reader.close();
            writer.close();
            peer.closed(reason);
        }
    }
}
