package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class ProtobufPeerCodecProperties {

    private static final int KINDS = 10;

    private final ProtobufPeerCodec codec = new ProtobufPeerCodec();

    private static PeerMessage message(int kind, Random random) {
        var arbitraries = new RaftArbitraries(random);
        var member = arbitraries.member();
        var members = random.nextBoolean() ? List.of(member, new Member("z", 1)) : List.<Member>of();
        var id = random.nextLong();
        var index = random.nextLong() >>> 1;
        var count = random.nextInt() >>> 1;
        return switch (kind) {
            case 0 -> new PeerMessage.Raft(member, arbitraries.message(random.nextInt(RaftArbitraries.MESSAGE_KINDS)));
            case 1 -> new PeerMessage.Propose(arbitraries.transaction());
            case 2 -> new PeerMessage.Ask(id);
            case 3 -> new PeerMessage.Answer(id, index);
            case 4 -> new PeerMessage.AwaitApplied(id, index);
            case 5 -> new PeerMessage.HasApplied(id);
            case 6 -> new PeerMessage.Census(id, members, index);
            case 7 -> new PeerMessage.Present(id, member);
            case 8 -> new PeerMessage.Hello(member, count, id, random.nextBoolean(), count / 2, index);
            default ->
                new PeerMessage.Welcome(
                        id, member, random.nextBoolean(), random.nextBoolean(), count % 2 == 0 ? "" : "b", members);
        };
    }

    @Property(tries = 1_000)
    void whatWasEncodedIsDecoded(@ForAll long seed, @ForAll @IntRange(max = KINDS - 1) int kind) {
        var message = message(kind, new Random(seed));
        var octets = codec.encode(message);
        var decoded = codec.decode(octets).orElseThrow();
        if (kind == 0) {
            // Messages of MicroRaft have no equals.
            assertEquals(message.toString(), decoded.toString());
            assertArrayEquals(octets, codec.encode(decoded));
        } else {
            assertEquals(message, decoded);
        }
    }

    @Property(tries = 1_000)
    void brokenMessagesAreDecodedOrDropped(@ForAll long seed, @ForAll @IntRange(max = KINDS - 1) int kind) {
        var random = new Random(seed);
        var octets = codec.encode(message(kind, random));
        assertEquals(Optional.empty(), codec.decode(Arrays.copyOf(octets, octets.length + 1)));
        decodesOrDrops(Arrays.copyOf(octets, random.nextInt(octets.length)));
        for (var flips = 0; flips < 3; flips++) {
            octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
            decodesOrDrops(octets);
        }
    }

    @Property(tries = 1_000)
    void arbitraryBytesAreDecodedOrDropped(@ForAll @Size(min = 1, max = 200) byte[] octets) {
        octets[0] = 1;
        decodesOrDrops(octets);
    }

    private void decodesOrDrops(byte[] octets) {
        codec.decode(octets).ifPresent(message -> assertArrayEquals(octets, codec.encode(message)));
    }
}
