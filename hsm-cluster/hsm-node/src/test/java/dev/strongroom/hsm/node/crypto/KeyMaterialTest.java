package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyMaterialTest {

    private static final byte[] CONTEXT = new byte[0];

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 31, 32, 64, 65, 128, 129, 511, 512, 2375, 2560})
    void takesAKeyOfAnyLengthAndWipesTheArray(int bytes) {
        var secret = TestEntropy.counting(1, bytes);
        var material = KeyMaterial.takeFrom(secret);
        assertArrayEquals(new byte[bytes], secret);
        assertEquals(bytes, material.length());
        var read = new byte[bytes];
        material.read(0, read, bytes);
        assertArrayEquals(TestEntropy.counting(1, bytes), read);
        assertTrue(material.sameAs(KeyMaterial.takeFrom(TestEntropy.counting(1, bytes))));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2561, 4096})
    void otherLengthsAreRefusedAndStillWiped(int bytes) {
        var secret = TestEntropy.counting(1, bytes);
        assertThrows(IllegalArgumentException.class, () -> KeyMaterial.takeFrom(secret));
        assertArrayEquals(new byte[bytes], secret);
    }

    @Test
    void oneDifferentBitAnywhereMakesAnotherKey() {
        for (int bit = 0; bit < 256; bit++) {
            var other = TestEntropy.counting(5, 32);
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(TestEntropy.key(5).sameAs(KeyMaterial.takeFrom(other)), "bit " + bit);
        }
        assertFalse(TestEntropy.key(5).sameAs(KeyMaterial.takeFrom(TestEntropy.counting(5, 31))));
    }

    @Test
    void aCopyLivesOnItsOwn() {
        var material = TestEntropy.key(5);
        var copy = material.copy();
        material.close();
        assertTrue(copy.sameAs(TestEntropy.key(5)));
        assertThrows(IllegalStateException.class, material::copy);
    }

    @Test
    void closingOverwritesAndMayBeRepeated() {
        var material = TestEntropy.key(5);
        material.close();
        material.close();
        var read = new byte[32];
        material.read(0, read, 32);
        assertArrayEquals(new byte[32], read);
        assertThrows(IllegalStateException.class, () -> material.sameAs(TestEntropy.key(5)));
        assertThrows(IllegalStateException.class, () -> TestEntropy.key(5).sameAs(material));
    }

    @Test
    void printsItsLengthOnly() {
        assertEquals("KeyMaterial[32 bytes]", TestEntropy.key(5).toString());
    }

    /** A key may be closed at any instant of a derivation: the result is right or there is none. */
    @Test
    void aKeyThatIsClosedDuringUseNeverGivesAWrongResult() throws Exception {
        var right = Kbkdf.derive(TestEntropy.key(5), "race", CONTEXT, 64);
        var threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 20_000; round++) {
                var material = TestEntropy.key(5);
                int delay = round % 64;
                var start = new CyclicBarrier(2);
                Callable<Boolean> reader = () -> {
                    start.await();
                    return derivesRightOrNothing(material, right);
                };
                var reading = threads.submit(reader);
                var closing = threads.submit(() -> {
                    start.await();
                    for (int i = 0; i < delay; i++) {
                        Thread.onSpinWait();
                    }
                    material.close();
                    return true;
                });
                assertTrue(closing.get());
                assertTrue(reading.get(), () -> "delay " + delay + ": derived from a half-wiped key");
            }
        } finally {
            threads.shutdown();
        }
    }

    private static boolean derivesRightOrNothing(KeyMaterial material, byte[] right) {
        try {
            return Arrays.equals(right, Kbkdf.derive(material, "race", CONTEXT, 64));
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
