package dev.strongroom.hsm.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.UUID;

/** Frames as plain arrays, for tests. */
final class Frames {

    static final UUID SERVED = new UUID(0x0123_4567_89ab_cdefL, 0x1032_5476_98ba_dcfeL);

    private Frames() {}

    static byte[] of(Command<?> command) throws MalformedFrameException {
        var writer = new FrameWriter();
        writer.append(7, 1_500, SERVED, command);
        return writer.drain().getBytes();
    }

    static byte[] of(Reply reply) throws MalformedFrameException {
        var writer = new FrameWriter();
        writer.append(7, reply);
        return writer.drain().getBytes();
    }

    static byte[] of(Refused refused) throws MalformedFrameException {
        var writer = new FrameWriter();
        writer.append(7, refused);
        return writer.drain().getBytes();
    }

    static Optional<Frame> read(byte[] octets) throws MalformedFrameException {
        var reader = new FrameReader();
        reader.append(Buffer.buffer(octets));
        return reader.next();
    }

    static Command<?> command(byte[] octets) throws MalformedFrameException {
        return CommandCodec.decode(read(octets).orElseThrow());
    }

    static Answer answer(byte[] octets) throws MalformedFrameException {
        return ReplyCodec.decode(read(octets).orElseThrow());
    }
}
