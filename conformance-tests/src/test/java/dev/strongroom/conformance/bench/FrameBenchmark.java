package dev.strongroom.conformance.bench;

import dev.strongroom.hsm.protocol.Answer;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.CommandCodec;
import dev.strongroom.hsm.protocol.FrameReader;
import dev.strongroom.hsm.protocol.FrameWriter;
import dev.strongroom.hsm.protocol.MalformedFrameException;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.ReplyCodec;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.List;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A frame of the HSM protocol from one end to the other: written, drained, read, decoded. */
@State(Scope.Thread)
public class FrameBenchmark {

    private static final UUID REQUEST = new UUID(7, 8);

    private final FrameWriter writer = new FrameWriter();
    private final FrameReader reader = new FrameReader();
    private final Command<?> encrypt = new UseCommand.Encrypt(
            new Authority(new Stamp(1, 2, 3), List.of(new Stamp(4, 5, 6))),
            Plaintext.wrap(new byte[32]),
            Bytes.copyOf(new byte[64]));
    private final Reply encrypted = new Reply.Encrypted(Bytes.copyOf(new byte[124]), "0123456789abcdef".repeat(4));

    @Benchmark
    public Command<?> command() throws MalformedFrameException {
        writer.append(1, 10_000, REQUEST, encrypt);
        reader.append(writer.drain());
        return CommandCodec.decode(reader.next().orElseThrow());
    }

    @Benchmark
    public Answer reply() throws MalformedFrameException {
        writer.append(1, encrypted);
        reader.append(writer.drain());
        return ReplyCodec.decode(reader.next().orElseThrow());
    }
}
