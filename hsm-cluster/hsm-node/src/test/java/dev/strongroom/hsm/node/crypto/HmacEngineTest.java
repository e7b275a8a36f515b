package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class HmacEngineTest {

    @ParameterizedTest
    @CsvFileSource(resources = "hmac-rfc4231.csv", numLinesToSkip = 2)
    void agreesWithRfc4231(Providers hash, int block, String key, String message, String expected) {
        var hex = HexFormat.of();
        var tag = new byte[expected.length() / 2];
        try (var material = KeyMaterial.takeFrom(hex.parseHex(key))) {
            new HmacEngine(hash.digest(), block).tag(material, hex.parseHex(message), tag, 0);
        }
        assertEquals(expected, hex.formatHex(tag));
    }

    @Test
    void aClosedKeyGivesNoTag() {
        var key = TestEntropy.key(0);
        key.close();
        var out = new byte[32];
        var engine = new HmacEngine(Providers.SHA_256.digest(), 64);
        assertThrows(IllegalStateException.class, () -> engine.tag(key, new byte[1], out, 0));
        assertArrayEquals(new byte[32], out);
    }
}
