package dev.strongroom.hsm.node.crypto;

import java.security.MessageDigest;
import java.security.SecureRandom;
import org.bouncycastle.crypto.prng.EntropySource;
import org.bouncycastle.crypto.prng.EntropySourceProvider;

/**
 * Fresh seed from the kernel's generator, watched by the two health tests of NIST SP 800-90B, section 4.4: a source that
 * is stuck or badly biased stops the node instead of making weak keys.
 *
 * <p>A byte is taken to carry 8 bits of min-entropy, since the kernel conditions its output. The cut-offs refuse a healthy
 * source with a chance below 2^-60 per position or window; the standard's 2^-30 would raise a false alarm every few days
 * at the rate at which a busy node takes seeds. Safe for concurrent use.
 */
final class SeedSource implements EntropySourceProvider {

    static final int SEED_BYTES = 48;

    /** Repetition count: 1 + 60 bits / 8 bits per byte, rounded up. */
    static final int MAX_REPETITIONS = 9;

    static final int WINDOW_BYTES = 512;

    /** Adaptive proportion: the smallest c for which 512 bytes hold the first one c times with a chance below 2^-60. */
    static final int MAX_IN_WINDOW = 26;

    private final SecureRandom kernel = Providers.SEED.random();
    private byte[] previousHash;

    private SeedSource() {
        this.previousHash = Digests.sha256(Providers.FIRST_SEED.random().generateSeed(SEED_BYTES));
        requireHealthy(kernel.generateSeed(8 * WINDOW_BYTES));
    }

    /**
     * Waits for the kernel's first seed and runs the start-up tests.
     *
     * @throws IllegalStateException if the source fails them
     */
    static SeedSource start() {
        return new SeedSource();
    }

    /**
     * 48 fresh bytes; the caller wipes them.
     *
     * @throws IllegalStateException if they fail a health test
     */
    synchronized byte[] next() {
        var seed = kernel.generateSeed(SEED_BYTES);
        requireHealthy(seed);
        // Compared by hash: what seeds a generator must not stay readable here.
        var hash = Digests.sha256(seed);
        if (MessageDigest.isEqual(hash, previousHash)) {
            throw new IllegalStateException("the seed source repeats itself");
        }
        previousHash = hash;
        return seed;
    }

    /** Both tests over {@code sample}; the proportion is tested in every full window. */
    static void requireHealthy(byte[] sample) {
        int run = 1;
        for (int i = 1; i < sample.length; i++) {
            run = sample[i] == sample[i - 1] ? run + 1 : 1;
            if (run >= MAX_REPETITIONS) {
                throw new IllegalStateException("the seed source is stuck: one byte came " + run + " times in a row");
            }
        }
        for (int from = 0; from + WINDOW_BYTES <= sample.length; from += WINDOW_BYTES) {
            int same = 0;
            for (int i = from; i < from + WINDOW_BYTES; i++) {
                same += sample[i] == sample[from] ? 1 : 0;
            }
            if (same >= MAX_IN_WINDOW) {
                throw new IllegalStateException(
                        "the seed source is biased: one byte came " + same + " times in " + WINDOW_BYTES);
            }
        }
    }

    @Override
    public EntropySource get(int bitsRequired) {
        if (bitsRequired > SEED_BYTES * 8) {
            throw new IllegalArgumentException("a seed has " + SEED_BYTES * 8 + " bits, not " + bitsRequired);
        }
        return new EntropySource() {
            @Override
            public boolean isPredictionResistant() {
                return true;
            }

            @Override
            public byte[] getEntropy() {
                return next();
            }

            @Override
            public int entropySize() {
                return SEED_BYTES * 8;
            }
        };
    }
}
