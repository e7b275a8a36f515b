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

class RootKeyTest {

    private static final Bytes LINEAGE = Bytes.ofHex("000102030405060708090a0b0c0d0e0f");

    @Test
    void everyPurposeHasAKeyOfItsOwnThatNeverChanges() {
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
