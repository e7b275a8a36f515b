package dev.strongroom.hsm.node.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.protocol.Bytes;
import java.util.HashSet;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootKeyTest {

    private static final Bytes LINEAGE = Bytes.ofHex("000102030405060708090a0b0c0d0e0f");

    @Test
    void everyPurposeHasAKeyOfItsOwn() {
        var seen = new HashSet<String>();
        for (var purpose : Purpose.values()) {
            try (var rootKey = new RootKey(LINEAGE, TestEntropy.key(0x40));
                    var again = new RootKey(LINEAGE, TestEntropy.key(0x40));
                    var key = rootKey.purpose(purpose);
                    var same = again.purpose(purpose)) {
                assertTrue(key.sameAs(same));
                assertTrue(seen.add(HexFormat.of().formatHex(Digests.checkValue(key))), purpose.name());
            }
        }
    }

    /** Check values computed with Python's hmac. A changed label would make everything sealed unreadable. */
    @ParameterizedTest
    @CsvSource({
        "DOMAIN_WRAP, 5dfd18e5c5436fbdc361e901268b500c",
        "RECORD_ID, deccd5c376a6e6d4e00bb62c1dc4f8e1",
        "JOURNAL_MAC, f2909aa021988babe38719c24a3fc9ec",
        "BACKUP, 4852dbc244058ccc0cd03f95c9d78d5c",
        "AUDIT, 2b26832bc20d1dfdfd37da17502e10b4",
        "USERDB, 5adf1ea91033fd9fcdf95f2281f66b10",
        "JOIN, 7006c2f1d13be987109727a6f0a6e6a2",
    })
    void theKeyOfAPurposeIsWhatItAlwaysWas(Purpose purpose, String checkValue) {
        try (var rootKey = new RootKey(LINEAGE, TestEntropy.key(0x40));
                var key = rootKey.purpose(purpose)) {
            assertEquals(checkValue, HexFormat.of().formatHex(Digests.checkValue(key)));
            assertEquals(
                    "41cd49e3a519ff0b050d876f7ca02778", rootKey.checkValue().toHex());
        }
    }

    @Test
    void anotherLineageSharesNoKey() {
        try (var rootKey = new RootKey(LINEAGE, TestEntropy.key(0x40));
                var other = new RootKey(Bytes.wrap(new byte[16]), TestEntropy.key(0x40))) {
            for (var purpose : Purpose.values()) {
                assertFalse(rootKey.purpose(purpose).sameAs(other.purpose(purpose)));
            }
        }
    }

    @Test
    void aClosedRootKeyGivesNoKeys() {
        var rootKey = RootKey.create(TestEntropy.shared());
        rootKey.close();
        assertThrows(IllegalStateException.class, () -> rootKey.purpose(Purpose.AUDIT));
        assertEquals("RootKey[lineage " + rootKey.lineage().toHex() + "]", rootKey.toString());
    }
}
