package dev.strongroom.hsm.node.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TestEntropy;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassphraseSealTest {

    private final PassphraseSeal seal = seal("correct horse");

    @Test
    void theSamePassphraseOpens() throws WrongSealException {
        var rootKey = TestEntropy.key(1);
        try (var opened = seal("correct horse").unwrap(seal.wrap(rootKey))) {
            assertTrue(opened.sameAs(rootKey));
        }
    }

    @Test
    void anotherPassphraseIsRefusedInOneLine() {
        var wrapped = seal.wrap(TestEntropy.key(1));
        var refusal = assertThrows(
                WrongSealException.class, () -> seal("correct house").unwrap(wrapped));
        assertEquals(
                "the passphrase does not open this cluster: give the one that was chosen at hsm init",
                refusal.getMessage());
        assertEquals(0, refusal.getStackTrace().length);
    }

    @Test
    void aChangedSaltOrKeyIsRefused() {
        var wrapped = seal.wrap(TestEntropy.key(1));
        for (int at : new int[] {9, 24, 25, 26, 60, wrapped.length - 1}) {
            var changed = wrapped.clone();
            changed[at] ^= 1;
            assertThrows(WrongSealException.class, () -> seal.unwrap(changed), "byte " + at);
        }
    }

    /** None of these may cost memory or time: the refusal has to come before the stretching. */
    @ParameterizedTest
    @CsvSource({"65535, 3", "262145, 3", "2147483647, 3", "-1, 3", "65536, 2", "65536, 17", "65536, -1"})
    void parametersOutOfBoundsAreRefused(int memoryKib, int passes) {
        var wrapped = new byte[106];
        ByteBuffer.wrap(wrapped).put((byte) 1).putInt(memoryKib).putInt(passes);
        var refusal = assertThrows(WrongSealException.class, () -> seal.unwrap(wrapped));
        assertTrue(String.valueOf(refusal.getMessage()).contains("out of bounds"), refusal.toString());
    }

    @Test
    void anotherVersionOrNothingIsRefused() {
        assertThrows(WrongSealException.class, () -> seal.unwrap(new byte[0]));
        assertThrows(WrongSealException.class, () -> seal.unwrap(new byte[] {1}));
        assertThrows(WrongSealException.class, () -> seal.unwrap(new byte[106]));
    }

    @Test
    void thePassphraseIsTakenOverAndShownNowhere() {
        var typed = "correct horse".toCharArray();
        try (var taken = PassphraseSeal.of(typed, TestEntropy.shared())) {
            assertArrayEquals(new char[13], typed);
            assertFalse((taken + taken.describe()).contains("horse"));
        }
    }

    @Test
    void anEmptyOrMalformedPassphraseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> seal(""));
        assertThrows(IllegalArgumentException.class, () -> seal("half \ud83d"));
    }

    @Test
    void aClosedSealOpensNothing() {
        seal.close();
        assertThrows(IllegalStateException.class, () -> seal.wrap(TestEntropy.key(1)));
    }

    private static PassphraseSeal seal(String passphrase) {
        return PassphraseSeal.of(passphrase.toCharArray(), TestEntropy.shared());
    }
}
