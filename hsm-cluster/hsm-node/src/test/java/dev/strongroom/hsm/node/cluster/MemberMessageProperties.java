package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.internal.nio.Packet;
import java.io.IOException;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MemberMessageProperties {

    private final MemberMessage messages = new MemberMessage("one");

    @Property
    void readsWhatItWrote(@ForAll byte[] message) throws IOException {
        var packet = messages.write(message);
        assertTrue(MemberMessage.isMessage(packet));
        assertArrayEquals(message, messages.read(packet));
    }

    @Property
    void aByteThatChangedInTheHeaderIsRefused(
            @ForAll byte[] message,
            @ForAll @IntRange(max = MemberMessage.HEADER_BYTES - 1) int at,
            @ForAll @IntRange(min = 1, max = 255) int change) {
        var packet = messages.write(message);
        packet.toByteArray()[at] ^= (byte) change;
        assertThrows(IOException.class, () -> messages.read(packet));
    }

    @Property
    void aCutMessageIsRefused(@ForAll byte[] message, @ForAll @IntRange(min = 1, max = 16) int missing) {
        var payload = messages.write(message).toByteArray();
        // Hazelcast's packets are empty or have at least eight bytes.
        int left = Math.max(8, payload.length - missing);
        var cut = new Packet(Arrays.copyOf(payload, left));
        assertThrows(IOException.class, () -> messages.read(cut));
        assertThrows(IOException.class, () -> messages.read(new Packet()));
    }

    @Property
    void aMessageOfAnotherLineageIsRefused(@ForAll byte[] message) {
        assertThrows(IOException.class, () -> new MemberMessage("two").read(messages.write(message)));
    }
}
