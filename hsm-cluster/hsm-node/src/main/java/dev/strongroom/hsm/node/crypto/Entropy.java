package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.bouncycastle.crypto.prng.SP800SecureRandomBuilder;
import org.bouncycastle.crypto.prng.drbg.HashSP800DRBG;

/**
 * All randomness of a node: Hash_DRBG with SHA-256 at security strength 256 (NIST SP 800-90A, section 10.1.1), seeded by
 * the kernel. The mechanism is Bouncy Castle's, because it takes its seed from outside and so can be tested with known
 * answers; the hash is the JDK's, because it is fast.
 *
 * <p>Three uses. {@link #newKey} draws with prediction resistance and off the heap. {@link #fill} and {@link #newUuid}
 * draw from a generator of the calling thread, without locks. {@link #asSecureRandom} is for libraries, with prediction
 * resistance.
 *
 * <p>A machine that is cloned while it runs copies the generators' state. Three things part the clones: fresh seed every
 * {@value #RESEED_INTERVAL} draws of a thread, a tick counter and a sequence number in every draw, and the boot id in the
 * personalization, which parts machines that were cloned while they were off.
 *
 * <p>Safe for concurrent use.
 */
public final class Entropy {

    /** Cheap (about 2 us) compared with what two equal nonces would cost. */
    private static final int RESEED_INTERVAL = 256;

    /** SP 800-90A allows 2^19 bits per draw. */
    private static final int MAX_DRAW_BYTES = 1 << 15;

    private static final int STRENGTH = 256;

    private final SeedSource seeds = SeedSource.start();
    private final AtomicLong generators = new AtomicLong();
    private final Bytes bootId;
    private final LongSupplier ticks;
    private final SecureRandom forLibraries;
    private final ThreadLocal<Generator> perThread;

    private final Generator forKeys;
    private KeyMaterial pool;

    private Entropy(Bytes bootId, LongSupplier ticks) {
        this.bootId = bootId;
        this.ticks = ticks;
        this.forLibraries = new SP800SecureRandomBuilder(seeds)
                .setEntropyBitsRequired(SeedSource.SEED_BYTES * 8)
                .setSecurityStrength(STRENGTH)
                .setPersonalizationString(personalization("library"))
                .buildHash(new JdkSha256(), seeds.next(), true);
        this.perThread = ThreadLocal.withInitial(() -> new Generator("thread"));
        this.forKeys = new Generator("keys");
        var first = new byte[64];
        forKeys.drawFresh(first);
        this.pool = KeyMaterial.takeFrom(first);
    }

    /**
     * Starts the generators.
     *
     * @param bootId what tells this start of this node from any other start of any node; public
     * @param ticks a monotonic clock, as fine as the machine has one
     * @throws IllegalStateException if the seed source fails its health tests
     */
    public static Entropy start(Bytes bootId, LongSupplier ticks) {
        return new Entropy(bootId, ticks);
    }

    /**
     * New key material of {@code bytes} bytes, at most {@link KeyMaterial#MAX_BYTES}, with prediction resistance; the caller closes it.
     *
     * <p>The generator works on the heap and leaves copies of what it gives, so its output does not become the key itself:
     * the key is extracted from it by HMAC under a secret pool that stays off the heap (NIST SP 800-133r2, section 6.3),
     * and the pool moves on, so that no later state of the process leads back to the key.
     */
    public synchronized KeyMaterial newKey(int bytes) {
        var draw = new byte[64];
        forKeys.drawFresh(draw);
        try {
            var key = Kbkdf.deriveKey(pool, "strongroom new key v1", draw, bytes);
            var nextPool = Kbkdf.deriveKey(pool, "strongroom next pool v1", draw, pool.length());
            pool.close();
            pool = nextPool;
            return key;
        } finally {
            Arrays.fill(draw, (byte) 0);
        }
    }

    /** Fills {@code out} with random bytes: nonces, salts, data keys. */
    public void fill(byte[] out) {
        perThread.get().draw(out);
    }

    /** A random UUID (RFC 9562, version 4). */
    public UUID newUuid() {
        var octets = new byte[16];
        fill(octets);
        var words = ByteBuffer.wrap(octets);
        long high = (words.getLong() & ~0xf000L) | 0x4000L;
        long low = (words.getLong() & ~(3L << 62)) | (1L << 63);
        return new UUID(high, low);
    }

    /** For libraries that want a {@code SecureRandom}: key pairs, signatures, paddings. Every draw takes fresh seed. */
    public SecureRandom asSecureRandom() {
        return forLibraries;
    }

    private byte[] personalization(String purpose) {
        var name = purpose.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(8 + name.length + bootId.length())
                .putLong(generators.incrementAndGet())
                .put(name)
                .put(bootId.readOnlyArray())
                .array();
    }

    /** One DRBG, for one thread at a time. */
    private final class Generator {

        private final HashSP800DRBG drbg;
        private final ByteBuffer additional = ByteBuffer.allocate(2 * Long.BYTES);
        private long draws;

        Generator(String purpose) {
            this.drbg = new HashSP800DRBG(
                    new JdkSha256(), STRENGTH, seeds.get(STRENGTH), personalization(purpose), nonce());
        }

        private byte[] nonce() {
            return Arrays.copyOf(seeds.next(), SeedSource.SEED_BYTES / 2);
        }

        void draw(byte[] out) {
            if (draws % RESEED_INTERVAL == RESEED_INTERVAL - 1) {
                drbg.reseed(next());
            }
            if (out.length <= MAX_DRAW_BYTES) {
                generate(out, false);
                return;
            }
            for (int at = 0; at < out.length; at += MAX_DRAW_BYTES) {
                var part = new byte[Math.min(MAX_DRAW_BYTES, out.length - at)];
                generate(part, false);
                System.arraycopy(part, 0, out, at, part.length);
                Arrays.fill(part, (byte) 0);
            }
        }

        void drawFresh(byte[] out) {
            generate(out, true);
        }

        private void generate(byte[] out, boolean predictionResistant) {
            if (drbg.generate(out, next(), predictionResistant) != out.length * 8) {
                throw new IllegalStateException("the generator asks for a reseed that it should have had");
            }
        }

        private byte[] next() {
            return additional
                    .clear()
                    .putLong(draws++)
                    .putLong(ticks.getAsLong())
                    .array();
        }
    }
}
