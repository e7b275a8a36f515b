package dev.strongroom.hsm.node.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.crypto.UnsealException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DomainKeyringTest {

    private static final byte[] HERE = {1, 2, 3};
    private static final byte[] ELSEWHERE = {1, 2, 4};
    private static final byte[] PAYLOAD = {9, 8, 7, 6};

    private final KeyMaterial wrapKey = TestEntropy.key(0x10);
    private final DomainKeyring keyring = DomainKeyring.create(TestEntropy.shared());

    @Test
    void recordsAndMaterialsOpenInTheirPlaceOnly() throws UnsealException {
        var record = keyring.sealRecord(HERE, PAYLOAD);
        var material = keyring.sealMaterial(HERE, TestEntropy.key(0x20));
        assertArrayEquals(PAYLOAD, keyring.openRecord(HERE, record));
        try (var opened = keyring.openMaterial(HERE, material)) {
            assertTrue(opened.sameAs(TestEntropy.key(0x20)));
        }
        assertThrows(UnsealException.class, () -> keyring.openRecord(ELSEWHERE, record));
        assertThrows(UnsealException.class, () -> keyring.openMaterial(ELSEWHERE, material));
        assertThrows(UnsealException.class, () -> keyring.openMaterial(HERE, record));
        assertThrows(UnsealException.class, () -> keyring.openRecord(HERE, material));
    }

    @Test
    void afterRotationOldPayloadsOpenAndNewOnesUseTheNewKey() throws UnsealException {
        var before = keyring.sealRecord(HERE, PAYLOAD);
        try (var rotated = keyring.rotated()) {
            keyring.close();
            assertArrayEquals(PAYLOAD, rotated.openRecord(HERE, before));
            assertEquals(1, DomainKeyring.numberOf(before));
            assertEquals(2, DomainKeyring.numberOf(rotated.sealRecord(HERE, PAYLOAD)));
            assertEquals(2, rotated.activeNumber());
        }
    }

    @Test
    void theNumberOfAPayloadCannotBeChanged() {
        var rotated = keyring.rotated();
        var sealed = rotated.sealRecord(HERE, PAYLOAD);
        sealed[3] = 1;
        assertThrows(UnsealException.class, () -> rotated.openRecord(HERE, sealed));
        sealed[3] = 3;
        var refusal = assertThrows(UnsealException.class, () -> rotated.openRecord(HERE, sealed));
        assertEquals("sealed under domain key 3, which this keyring does not hold", refusal.getMessage());
    }

    @Test
    void aDestroyedKeyOpensNothingAnyMore() {
        var before = keyring.sealRecord(HERE, PAYLOAD);
        var remaining = keyring.rotated().without(1);
        assertThrows(UnsealException.class, () -> remaining.openRecord(HERE, before));
        assertThrows(IllegalArgumentException.class, () -> remaining.without(2));
        assertThrows(IllegalArgumentException.class, () -> remaining.without(1));
    }

    @Test
    void aSealedKeyringOpensToTheSameKeys() throws UnsealException {
        var rotated = keyring.rotated().rotated().without(2);
        var payload = rotated.sealRecord(HERE, PAYLOAD);
        var old = keyring.sealMaterial(HERE, TestEntropy.key(0x20));
        var sealed = rotated.seal(wrapKey, HERE);
        try (var opened = DomainKeyring.open(wrapKey, HERE, sealed, TestEntropy.shared())) {
            assertEquals("DomainKeyring[1, 3]", opened.toString());
            assertArrayEquals(PAYLOAD, opened.openRecord(HERE, payload));
            opened.openMaterial(HERE, old).close();
        }
    }

    @Test
    void aSealedKeyringOpensOnlyUnchangedAndInItsPlace() {
        var sealed = keyring.rotated().seal(wrapKey, HERE);
        for (int at = 0; at < sealed.length; at++) {
            var changed = sealed.clone();
            changed[at] ^= 0x40;
            assertThrows(UnsealException.class, () -> open(wrapKey, HERE, changed), "byte " + at);
            var cut = Arrays.copyOf(sealed, at);
            assertThrows(UnsealException.class, () -> open(wrapKey, HERE, cut), "length " + at);
        }
        assertThrows(UnsealException.class, () -> open(wrapKey, ELSEWHERE, sealed));
        assertThrows(UnsealException.class, () -> open(TestEntropy.key(0x11), HERE, sealed));
    }

    @Test
    void aClosedKeyringSealsNothing() {
        keyring.close();
        assertThrows(IllegalStateException.class, () -> keyring.sealRecord(HERE, PAYLOAD));
    }

    private static DomainKeyring open(KeyMaterial key, byte[] aad, byte[] sealed) throws UnsealException {
        return DomainKeyring.open(key, aad, sealed, TestEntropy.shared());
    }
}
