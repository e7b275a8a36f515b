package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.strongroom.hsm.node.store.Transaction;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class RaftMessageCodecProperties {

    @Property(tries = 500)
    void whatWasEncodedIsDecoded(@ForAll long seed) throws MalformedMessageException {
        for (var kind = 0; kind < RaftArbitraries.MESSAGE_KINDS; kind++) {
            var message = new RaftArbitraries(new Random(seed)).message(kind);
            var octets = RaftMessageCodec.encode(message);
            var decoded = RaftMessageCodec.decode(octets);
            assertEquals(message.toString(), decoded.toString());
            assertArrayEquals(octets, RaftMessageCodec.encode(decoded));
        }
    }

    @Property(tries = 500)
    void aTransactionKeepsAllItsContent(@ForAll long seed) throws MalformedMessageException {
        Transaction transaction = new RaftArbitraries(new Random(seed)).transaction();
        assertEquals(transaction, TransactionCodec.decode(TransactionCodec.encode(transaction)));
    }

    @Property(tries = 2_000)
    void arbitraryBytesAreDecodedOrMalformed(@ForAll @Size(max = 300) byte[] octets) {
        decodeEverythingFrom(octets);
        if (octets.length > 0) {
            // Past the first gate, which would stop 255 of 256 inputs.
            var versioned = octets.clone();
            versioned[0] = 1;
            decodeEverythingFrom(versioned);
        }
    }

    @Property(tries = 1_000)
    void brokenMessagesAreDecodedOrMalformed(
            @ForAll long seed, @ForAll @IntRange(max = RaftArbitraries.MESSAGE_KINDS - 1) int kind) {
        var random = new Random(seed);
        var arbitraries = new RaftArbitraries(random);
        breakAndDecode(RaftMessageCodec.encode(arbitraries.message(kind)), random);
        breakAndDecode(TransactionCodec.encode(arbitraries.transaction()), random);
        breakAndDecode(LogCodec.encode(arbitraries.entry(7, 3)), random);
        breakAndDecode(LogCodec.encode(arbitraries.chunk(7, 3, 1, 2, arbitraries.groupMembers(4))), random);
    }

    private static void breakAndDecode(byte[] octets, Random random) {
        decodeEverythingFrom(Arrays.copyOf(octets, random.nextInt(octets.length)));
        decodeEverythingFrom(Arrays.copyOf(octets, octets.length + 1 + random.nextInt(9)));
        for (var flips = 1; flips <= 3; flips++) {
            octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
            decodeEverythingFrom(octets);
        }
    }

    /** Whatever comes out is lawful enough to be encoded again, into the same bytes. */
    private static void decodeEverythingFrom(byte[] octets) {
        attempt(octets, in -> RaftMessageCodec.encode(RaftMessageCodec.decode(in)));
        attempt(octets, in -> TransactionCodec.encode(TransactionCodec.decode(in)));
        attempt(octets, in -> LogCodec.encode(LogCodec.decodeEntry(in)));
        attempt(octets, in -> LogCodec.encode(LogCodec.decodeChunk(in)));
    }

    private interface Codec {
        byte[] decodeAndEncode(byte[] octets) throws MalformedMessageException;
    }

    private static void attempt(byte[] octets, Codec codec) {
        try {
            assertArrayEquals(octets, codec.decodeAndEncode(octets));
        } catch (MalformedMessageException expected) {
            assertEquals(MalformedMessageException.class, expected.getClass());
        } catch (RuntimeException e) {
            fail("for " + Arrays.toString(octets), e);
        }
    }
}
