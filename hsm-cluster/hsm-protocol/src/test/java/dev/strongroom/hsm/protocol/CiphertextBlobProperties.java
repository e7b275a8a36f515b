package dev.strongroom.hsm.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CiphertextBlobProperties {

    private static final int CHECKED_BITS = CiphertextBlob.COMMITMENT_OFFSET * 8;

    private static byte[] blob(byte[] id, byte[] random) {
        var blob = new byte[CiphertextBlob.HEADER_BYTES + CiphertextBlob.TAG_BYTES + 1];
        CiphertextBlob.begin(blob, Bytes.wrap(id), random);
        return blob;
    }

    /** The check was computed by a CRC-32C written out in Python. */
    @Example
    void theHeadNeverChanges() {
        var head = "53520101" + "00112233445566778899aabbccddeeff" + "101112131415161718191a1b1c1d1e1f20212223"
                + "2e3c4c9a";
        var blob = blob(
                HexFormat.of().parseHex("00112233445566778899aabbccddeeff"),
                HexFormat.of().parseHex("101112131415161718191a1b1c1d1e1f20212223"));
        assertEquals(head, HexFormat.of().formatHex(blob, 0, CiphertextBlob.COMMITMENT_OFFSET));
    }

    @Property
    void aBlobNamesItsBackingKey(
            @ForAll @Size(CiphertextBlob.ID_BYTES) byte[] id,
            @ForAll @Size(CiphertextBlob.RANDOM_BYTES) byte[] random) {
        assertEquals(Optional.of(Bytes.wrap(id)), CiphertextBlob.backingKeyId(blob(id, random)));
    }

    @Property
    void noFewFlippedBitsLeadToAnotherKey(
            @ForAll @Size(CiphertextBlob.ID_BYTES) byte[] id,
            @ForAll @Size(CiphertextBlob.RANDOM_BYTES) byte[] random,
            @ForAll @Size(min = 1, max = 5) Set<@IntRange(max = CHECKED_BITS - 1) Integer> flipped) {
        var blob = blob(id, random);
        for (int bit : flipped) {
            blob[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertEquals(Optional.empty(), CiphertextBlob.backingKeyId(blob));
    }

    @Property
    void noDamageWithinFourBytesLeadsToAnotherKey(
            @ForAll @IntRange(max = CiphertextBlob.COMMITMENT_OFFSET - 4) int at, @ForAll int damage) {
        var blob = blob(new byte[CiphertextBlob.ID_BYTES], new byte[CiphertextBlob.RANDOM_BYTES]);
        for (int i = 0; i < 4; i++) {
            blob[at + i] ^= (byte) (damage >>> (8 * i));
        }
        assertEquals(damage == 0, CiphertextBlob.isWellFormed(blob));
    }

    @Example
    void anIdOrRandomBytesOfAnotherLengthAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> blob(new byte[15], new byte[20]));
        assertThrows(IllegalArgumentException.class, () -> blob(new byte[16], new byte[24]));
    }
}
