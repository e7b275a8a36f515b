package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntropyTest {

    private final Entropy entropy = TestEntropy.shared();

    @Test
    void noncesOfManyThreadsNeverRepeat() throws InterruptedException {
        var seen = ConcurrentHashMap.<String>newKeySet();
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 4; t++) {
            threads.add(new Thread(() -> {
                var nonce = new byte[24];
                for (int i = 0; i < 5_000; i++) {
                    entropy.fill(nonce);
                    seen.add(HexFormat.of().formatHex(nonce));
                }
            }));
        }
        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }
        assertEquals(20_000, seen.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 33, 4096, 32_768, 32_769, 100_000})
    void fillsArraysOfAnyLengthToTheEnd(int bytes) {
        var seenAtTheEnd = new HashSet<Byte>();
        for (int i = 0; i < 20; i++) {
            var out = new byte[bytes];
            entropy.fill(out);
            seenAtTheEnd.add(out[bytes - 1]);
        }
        // 20 equal last bytes by chance: 2^-152.
        assertTrue(seenAtTheEnd.size() > 1);
    }

    @Test
    void anEmptyArrayIsFine() {
        entropy.fill(new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32, 64, 128, 512})
    void newKeysHaveTheLengthAskedForAndDiffer(int bytes) {
        try (var one = entropy.newKey(bytes);
                var two = entropy.newKey(bytes)) {
            assertEquals(bytes, one.length());
            if (bytes > 1) {
                assertFalse(one.sameAs(two));
            }
        }
    }

    @Test
    void uuidsAreRandomOnesOfVersionFour() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 1_000; i++) {
            var uuid = entropy.newUuid();
            assertEquals(4, uuid.version());
            assertEquals(2, uuid.variant());
            seen.add(uuid.toString());
        }
        assertEquals(1_000, seen.size());
    }

    @Test
    void librariesGetAGeneratorToo() {
        var random = entropy.asSecureRandom();
        var one = new byte[32];
        var two = new byte[32];
        random.nextBytes(one);
        random.nextBytes(two);
        assertFalse(Arrays.equals(one, two));
    }

    /** Bits are set about half the time; eight standard deviations of doubt. */
    @Test
    void everyBitOfANonceIsFair() {
        int draws = 10_000;
        var set = new int[192];
        var nonce = new byte[24];
        for (int i = 0; i < draws; i++) {
            entropy.fill(nonce);
            for (int bit = 0; bit < set.length; bit++) {
                set[bit] += nonce[bit / 8] >> bit % 8 & 1;
            }
        }
        for (int bit = 0; bit < set.length; bit++) {
            assertEquals(draws / 2.0, set[bit], 8 * Math.sqrt(draws) / 2, "bit " + bit);
        }
    }

    @Test
    void aHealthySourcePasses() {
        var sample = new byte[1 << 16];
        entropy.fill(sample);
        SeedSource.requireHealthy(sample);
    }

    @Test
    void aStuckSourceIsRefused() {
        var sample = new byte[48];
        entropy.fill(sample);
        Arrays.fill(sample, 20, 20 + SeedSource.MAX_REPETITIONS - 1, (byte) 7);
        sample[19] = 1;
        sample[28] = 2;
        SeedSource.requireHealthy(sample);
        sample[28] = 7;
        assertThrows(IllegalStateException.class, () -> SeedSource.requireHealthy(sample));
    }

    @Test
    void aBiasedSourceIsRefused() {
        var sample = TestEntropy.counting(0, SeedSource.WINDOW_BYTES);
        // 512 bytes that count up hold the first one twice already.
        for (int i = 0; i < SeedSource.MAX_IN_WINDOW - 3; i++) {
            sample[2 * i + 3] = sample[0];
        }
        SeedSource.requireHealthy(sample);
        sample[101] = sample[0];
        assertThrows(IllegalStateException.class, () -> SeedSource.requireHealthy(sample));
    }

    @Test
    void seedsAreFresh() {
        var seeds = SeedSource.start();
        assertFalse(Arrays.equals(seeds.next(), seeds.next()));
        assertThrows(IllegalArgumentException.class, () -> seeds.get(8 * SeedSource.SEED_BYTES + 1));
    }
}
