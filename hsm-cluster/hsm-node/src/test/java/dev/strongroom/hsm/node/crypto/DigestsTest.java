package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.strongroom.hsm.protocol.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Golden values computed with Python's hmac and hashlib: ids are on disk and in answers, they never change. */
class DigestsTest {

    private final KeyMaterial key = TestEntropy.key(0x40);

    @Test
    void aKeyedIdIsWhatItAlwaysWas() {
        assertEquals("af0137b80e84a256658524dc548b6189", keyedId("abc", "", "d"));
    }

    @Test
    void partsDoNotRunTogether() {
        assertNotEquals(keyedId("abc", "d"), keyedId("ab", "cd"));
        assertNotEquals(keyedId("abc"), keyedId("abc", ""));
    }

    @Test
    void anotherKeyNamesThingsDifferently() {
        var other = HexFormat.of()
                .formatHex(Digests.keyedId(TestEntropy.key(0x41), "abc".getBytes(StandardCharsets.US_ASCII)));
        assertNotEquals(keyedId("abc"), other);
    }

    @Test
    void aMaterialIdHasTheFormOfTheApi() {
        assertEquals(
                "2c0f4dbab2aa8c403985a99035ce79f578298f2b21a9368f0ed700f7e14127a0",
                Digests.materialId(Bytes.ofHex("00112233445566778899aabbccddeeff")));
    }

    @Test
    void aHashIsOverTheConcatenationOfItsParts() {
        var hex = HexFormat.of();
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                hex.formatHex(Digests.sha256(new byte[] {'a'}, new byte[0], new byte[] {'b', 'c'})));
    }

    private String keyedId(String... parts) {
        var octets = new byte[parts.length][];
        for (int i = 0; i < parts.length; i++) {
            octets[i] = parts[i].getBytes(StandardCharsets.US_ASCII);
        }
        return HexFormat.of().formatHex(Digests.keyedId(key, octets));
    }
}
