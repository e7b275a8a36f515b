package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class KbkdfTest {

    /** Vectors of another implementation, over keys that are shorter and longer than a block of the hash. */
    @ParameterizedTest
    @CsvFileSource(resources = "kbkdf-hmac-sha256.csv", numLinesToSkip = 5)
    void agreesWithTheVectors(String key, String label, String context, String expected) {
        var hex = HexFormat.of();
        var contextBytes = hex.parseHex(context.equals("-") ? "" : context);
        int bytes = expected.length() / 2;
        try (var material = KeyMaterial.takeFrom(hex.parseHex(key));
                var derived = Kbkdf.deriveKey(material, label, contextBytes, bytes);
                var reference = KeyMaterial.takeFrom(hex.parseHex(expected))) {
            assertEquals(expected, hex.formatHex(Kbkdf.derive(material, label, contextBytes, bytes)));
            assertTrue(derived.sameAs(reference));
        }
    }

    /** NIST CAVP, KDFCTR_gen, HMAC_SHA256, counter before fixed input, 32 bits, first of L = 128. One block, no label. */
    @Test
    void oneBlockAgreesWithNist() {
        var hex = HexFormat.of();
        var key =
                KeyMaterial.takeFrom(hex.parseHex("dd1d91b7d90b2bd3138533ce92b272fbf8a369316aefe242e659cc0ae238afe0"));
        var input = hex.parseHex(
                "00000001" + "01322b96b30acd197979444e468e1c5c6859bf1b1cf951b7e725303e237e46b864a145fab25e517b"
                        + "08f8683d0315bb2911d80a0e8aba17f3b413faac");
        var block = new byte[32];
        new HmacEngine(Providers.SHA_256.digest(), 64).tag(key, input, block, 0);
        assertEquals("10621342bfb0fd40046c0e29f2cfdbf0", hex.formatHex(block, 0, 16));
    }

    @Test
    void theLengthIsPartOfTheInput() {
        var key = TestEntropy.key(0);
        var hex = HexFormat.of();
        var longer = hex.formatHex(Kbkdf.derive(key, "label", new byte[0], 64));
        assertTrue(!longer.startsWith(hex.formatHex(Kbkdf.derive(key, "label", new byte[0], 32))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\u00e4", "\n\u007f"})
    void aLabelIsAsciiWithoutZeros(String label) {
        var key = TestEntropy.key(0);
        assertThrows(IllegalArgumentException.class, () -> Kbkdf.derive(key, label, new byte[0], 32));
    }

    @Test
    void aClosedKeyDerivesNothing() {
        var key = TestEntropy.key(0);
        key.close();
        assertThrows(IllegalStateException.class, () -> Kbkdf.derive(key, "label", new byte[0], 32));
        assertThrows(IllegalStateException.class, () -> Kbkdf.deriveKey(key, "label", new byte[0], 32));
    }
}
