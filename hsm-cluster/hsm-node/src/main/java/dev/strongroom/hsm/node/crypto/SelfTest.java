package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import org.bouncycastle.crypto.prng.EntropySource;
import org.bouncycastle.crypto.prng.drbg.HashSP800DRBG;

/**
 * Known answers at start: a platform whose primitives do not compute what the standards say must not touch a key. Runs
 * each primitive once, through the code that the node uses, with the providers that it uses.
 */
public final class SelfTest {

    private static final byte[] NOTHING = new byte[0];

    /** One primitive and what it has to give. */
    record KnownAnswer(String primitive, Bytes expected, Supplier<byte[]> computed) {}

    private SelfTest() {}

    /**
     * Runs all known answers.
     *
     * @throws IllegalStateException with the name of the first primitive that gives a wrong answer
     */
    public static void run() {
        run(knownAnswers());
    }

    /**
     * Runs the known answers of key pairs too, which otherwise are run before the first is made or opened; loads the
     * providers that will serve them.
     *
     * @return which providers those are, and why if they are not the fastest; one line for the log
     * @throws IllegalStateException with the name of the first primitive that gives a wrong answer
     */
    public static String runForKeyPairs(Entropy entropy) {
        return ProviderSuite.best(entropy).toString();
    }

    static void run(List<KnownAnswer> answers) {
        for (var answer : answers) {
            if (!Bytes.wrap(answer.computed().get()).equals(answer.expected())) {
                throw new IllegalStateException("self-test failed: " + answer.primitive() + " gives a wrong answer");
            }
        }
    }

    static List<KnownAnswer> knownAnswers() {
        return List.of(
                // FIPS 180-4, example "abc".
                answer(
                        "SHA-256",
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                        () -> Digests.sha256("abc".getBytes(StandardCharsets.US_ASCII))),
                // RFC 4231, test case 1.
                answer(
                        "HMAC-SHA-256",
                        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                        SelfTest::hmac),
                // Computed by an independent implementation; see kbkdf-hmac-sha256.csv among the tests.
                answer(
                        "KBKDF",
                        "911e1931f63870df8fbd52d82916709618c752d234d3eb083de02646b480aa6d"
                                + "9518641ed792878c105081f5924bb8439964f48c4acad8daf7cecd95e7e2a3a8",
                        SelfTest::kbkdf),
                // The GCM specification of McGrew and Viega, test case 14.
                answer(
                        "AES-256-GCM",
                        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
                        SelfTest::gcmSeal),
                answer("AES-256-GCM tag", "01", SelfTest::gcmRefusesAChangedTag),
                // NIST CAVP, Hash_DRBG, SHA-256, no prediction resistance, first of its file.
                answer(
                        "Hash_DRBG",
                        "d3e160c35b99f340b2628264d1751060e0045da383ff57a57d73a673d2b8d80d"
                                + "aaf6a6c35a91bb4579d73fd0c8fed111b0391306828adfed528f018121b3febd"
                                + "c343e797b87dbb63db1333ded9d1ece177cfa6b71fe8ab1da46624ed6415e51c"
                                + "cde2c7ca86e283990eeaeb91120415528b2295910281b02dd431f4c9f70427df",
                        SelfTest::drbg));
    }

    private static KnownAnswer answer(String primitive, String expected, Supplier<byte[]> computed) {
        return new KnownAnswer(primitive, Bytes.ofHex(expected), computed);
    }

    private static byte[] hmac() {
        var tag = new byte[32];
        try (var key = KeyMaterial.takeFrom(HexFormat.of().parseHex("0b".repeat(20)))) {
            new HmacEngine(Providers.SHA_256.digest(), 64)
                    .tag(key, "Hi There".getBytes(StandardCharsets.US_ASCII), tag, 0);
        }
        return tag;
    }

    private static byte[] kbkdf() {
        try (var key = KeyMaterial.takeFrom(counting(0x40, 32))) {
            var context = new byte[40];
            System.arraycopy(counting(0x10, 24), 0, context, 0, 24);
            System.arraycopy(counting(0xa0, 16), 0, context, 24, 16);
            return Kbkdf.derive(key, "strongroom data v1", context, 64);
        }
    }

    private static byte[] gcmSeal() {
        var sealed = new byte[16 + AesGcm.TAG_BYTES];
        // The JDK's cipher refuses a key that it has just sealed with: another one first, so that the test can run
        // again.
        AesGcm.seal(counting(1, AesGcm.KEY_BYTES), sealed, 0, NOTHING, new byte[16]);
        AesGcm.seal(new byte[AesGcm.KEY_BYTES], sealed, 0, NOTHING, new byte[16]);
        return sealed;
    }

    private static byte[] gcmRefusesAChangedTag() {
        var sealed = knownAnswers().get(3).expected().toArray();
        sealed[sealed.length - 1] ^= 1;
        try {
            return AesGcm.open(new byte[AesGcm.KEY_BYTES], sealed, 0, NOTHING);
        } catch (AEADBadTagException e) {
            return new byte[] {1};
        }
    }

    private static byte[] drbg() {
        var hex = HexFormat.of();
        var drbg = new HashSP800DRBG(
                new JdkSha256(),
                256,
                new FixedSeed(hex.parseHex("a65ad0f345db4e0effe875c3a2e71f42c7129d620ff5c119a9ef55f05185e0fb")),
                null,
                hex.parseHex("8581f9317517276e06e9607ddbcbcc2e"));
        var drawn = new byte[128];
        // The vector is the second draw.
        int bits = drbg.generate(drawn, null, false);
        bits += drbg.generate(drawn, null, false);
        return bits == 2 * 8 * drawn.length ? drawn : NOTHING;
    }

    private static byte[] counting(int first, int bytes) {
        var octets = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            octets[i] = (byte) (first + i);
        }
        return octets;
    }

    /** The seed of a known answer. */
    private static final class FixedSeed implements EntropySource {

        private final byte[] seed;

        FixedSeed(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public boolean isPredictionResistant() {
            return false;
        }

        @Override
        public byte[] getEntropy() {
            return seed.clone();
        }

        @Override
        public int entropySize() {
            return seed.length * 8;
        }
    }
}
