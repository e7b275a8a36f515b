package dev.strongroom.hsm.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameReaderTest {

    /** The table of {@link FrameCodec}, byte by byte. */
    @Test
    void aFrameIsLaidOutAsTheTableSays() throws Exception {
        var login = new SessionCommand.Login("gw", Plaintext.wrap(new byte[] {(byte) 0xaa, (byte) 0xbb, (byte) 0xcc}));
        assertEquals(
                "0000002a" // 33 + 6 + 3 bytes follow
                        + "01" // version
                        + "0000000000000007" // request id
                        + "000005dc" // 1,500 ms
                        + "0123456789abcdef1032547698badcfe" // served request
                        + "00000006" // length of the message
                        + "0a040a026777" // Command { login { user: "gw" } }
                        + "aabbcc", // the secret
                HexFormat.of().formatHex(Frames.of(login)));
    }

    @ParameterizedTest
    @CsvSource({
        "shorter than a header,           00000020 01 0000000000000007 00000000 00000000000000000000000000000000 000000",
        "longer than a mebibyte,          000ffffd 01",
        "of negative length,              ffffffff 01",
        "of the largest length,           7fffffff 01",
        "of version 0,                    00000021 00 0000000000000007 00000000 00000000000000000000000000000000 00000000",
        "of version 2,                    00000021 02",
        "with request id 0,               00000021 01 0000000000000000 00000000 00000000000000000000000000000000 00000000",
        "with a message beyond its end,   00000021 01 0000000000000007 00000000 00000000000000000000000000000000 00000001",
        "with a message of negative size, 00000021 01 0000000000000007 00000000 00000000000000000000000000000000 80000000",
        "that is HTTP,                    474554202f20485454502f312e310d0a",
    })
    void aFrameIsRefusedThatIs(String what, String hex) {
        var octets = HexFormat.of().parseHex(hex.replace(" ", ""));
        var e = assertThrows(MalformedFrameException.class, () -> Frames.read(octets), what);
        assertTrue(!e.isUnsupported());
    }

    @Test
    void theLongestFramePassesAndOneByteMoreIsNotWritten() throws Exception {
        var overhead = Frames.of(new Reply.Random(Plaintext.none())).length;
        var longest = new Reply.Random(Plaintext.wrap(new byte[FrameCodec.MAX_FRAME_BYTES - overhead]));
        assertEquals(new Answer.Given(longest), Frames.answer(Frames.of(longest)));
        var tooLong = new Reply.Random(Plaintext.wrap(new byte[FrameCodec.MAX_FRAME_BYTES - overhead + 1]));
        assertThrows(MalformedFrameException.class, () -> Frames.of(tooLong));
    }

    @Property(tries = 300)
    void framesAreFoundHoweverTheStreamIsCut(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 40_000) Integer> sizes,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 30_000) Integer> cuts)
            throws Exception {
        var stream = Buffer.buffer();
        var sent = new ArrayList<Answer>();
        for (var size : sizes) {
            var octets = new byte[size];
            java.util.Arrays.fill(octets, (byte) size.intValue());
            var reply = new Reply.Random(Plaintext.wrap(octets));
            sent.add(new Answer.Given(reply));
            stream.appendBytes(Frames.of(reply));
        }
        var received = new ArrayList<Answer>();
        var reader = new FrameReader();
        for (int at = 0, turn = 0; at < stream.length(); turn++) {
            var end = Math.min(stream.length(), at + cuts.get(turn % cuts.size()));
            reader.append(stream.getBuffer(at, end));
            for (var frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                received.add(ReplyCodec.decode(frame.get()));
            }
            at = end;
        }
        assertEquals(sent, received);
        assertEquals(16 * 1024, held(reader).length, "an idle connection holds on to little");
    }

    @Test
    void everyBufferThatHeldASecretIsOverwritten() throws Exception {
        var canary = "canary in a coal mine".getBytes(StandardCharsets.US_ASCII);
        var writer = new FrameWriter();
        for (var i = 0; i < 3; i++) {
            writer.append(7, 100, Frames.SERVED, new SessionCommand.Login("gw", Plaintext.wrap(canary.clone())));
        }
        var ofWriter = held(writer);
        var chunk = writer.drain();
        assertArrayEquals(new byte[ofWriter.length], ofWriter);

        var reader = new FrameReader();
        var cut = chunk.length() - 5;
        var first = chunk.getBuffer(0, cut);
        reader.append(first);
        assertArrayEquals(new byte[cut], first.getBytes());
        assertTrue(reader.next().isPresent());
        assertTrue(reader.next().isPresent());
        assertTrue(reader.next().isEmpty());
        reader.append(chunk.getBuffer(cut, chunk.length()));
        assertTrue(reader.next().isPresent());
        assertTrue(reader.next().isEmpty());
        assertArrayEquals(new byte[held(reader).length], held(reader));

        reader.append(chunk.getBuffer(0, cut));
        reader.close();
        assertArrayEquals(new byte[held(reader).length], held(reader));
        FrameCodec.wipe(chunk);
        assertArrayEquals(new byte[chunk.length()], chunk.getBytes());
    }

    private static byte[] held(Object readerOrWriter) throws ReflectiveOperationException {
        var field = readerOrWriter.getClass().getDeclaredField("held");
        field.setAccessible(true);
        return (byte[]) field.get(readerOrWriter);
    }
}
