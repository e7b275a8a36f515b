package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TestKeys.Way;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyPairTest {

    private static final byte[] MESSAGE = TestEntropy.counting(3, 200);

    /** The sizes that AWS documents and that were measured there. */
    @ParameterizedTest
    @CsvSource({
        "RSA_2048, 294",
        "RSA_3072, 422",
        "RSA_4096, 550",
        "ECC_NIST_P256, 91",
        "ECC_NIST_P384, 120",
        "ECC_NIST_P521, 158",
        "ECC_SECG_P256K1, 88",
        "ECC_NIST_EDWARDS25519, 44",
        "SM2, 91",
        "ML_DSA_44, 1334",
        "ML_DSA_65, 1974",
        "ML_DSA_87, 2614",
        "ML_KEM_512, 822",
        "ML_KEM_768, 1206",
        "ML_KEM_1024, 1590"
    })
    void aPublicKeyHasTheSizeThatKmsShows(KeySpec spec, int bytes) {
        assertEquals(bytes, TestKeys.pair(spec).publicKey().length());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void signsAndVerifiesInEveryWayThatTheSpecHas(Way way) {
        var pair = TestKeys.pair(way.spec());
        var message = way.bytes() == 0 ? MESSAGE : Arrays.copyOf(MESSAGE, way.bytes());
        var signature = pair.sign(way.algorithm(), way.type(), message);
        assertTrue(pair.verify(way.algorithm(), way.type(), message, signature));
        message[0] ^= 1;
        assertFalse(pair.verify(way.algorithm(), way.type(), message, signature));
        message[0] ^= 1;
        for (var malformed : malformed(signature)) {
            assertFalse(pair.verify(way.algorithm(), way.type(), message, malformed));
        }
    }

    private static List<byte[]> malformed(byte[] signature) {
        var first = signature.clone();
        first[0] ^= 1;
        var last = signature.clone();
        last[last.length - 1] ^= 1;
        var all = new byte[signature.length];
        Arrays.fill(all, (byte) 0xff);
        return List.of(
                new byte[0],
                new byte[1],
                new byte[signature.length],
                all,
                first,
                last,
                Arrays.copyOf(signature, signature.length - 1),
                Arrays.copyOf(signature, signature.length + 1),
                Arrays.copyOf(signature, 6144));
    }

    static List<Way> ways() {
        return TestKeys.ways();
    }

    @ParameterizedTest
    @MethodSource("hashing")
    void aMessageAndItsDigestHaveTheSameSignatures(KeySpec spec, SigningAlgorithm algorithm) throws Exception {
        var pair = TestKeys.pair(spec);
        var name = algorithm.name();
        var digest = java.security.MessageDigest.getInstance("SHA-" + name.substring(name.length() - 3))
                .digest(MESSAGE);
        assertTrue(pair.verify(algorithm, MessageType.DIGEST, digest, pair.sign(algorithm, MessageType.RAW, MESSAGE)));
        assertTrue(pair.verify(algorithm, MessageType.RAW, MESSAGE, pair.sign(algorithm, MessageType.DIGEST, digest)));
    }

    static Stream<Arguments> hashing() {
        return TestKeys.ways().stream()
                .filter(way -> way.type() == MessageType.DIGEST)
                .filter(way -> way.spec() != KeySpec.SM2 && way.spec() != KeySpec.ECC_NIST_EDWARDS25519)
                .map(way -> Arguments.of(way.spec(), way.algorithm()));
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048, RSAES_OAEP_SHA_1, 214, 256",
        "RSA_2048, RSAES_OAEP_SHA_256, 190, 256",
        "RSA_3072, RSAES_OAEP_SHA_1, 342, 384",
        "RSA_3072, RSAES_OAEP_SHA_256, 318, 384",
        "RSA_4096, RSAES_OAEP_SHA_1, 470, 512",
        "RSA_4096, RSAES_OAEP_SHA_256, 446, 512"
    })
    void encryptsWhatFitsIntoTheModulus(KeySpec spec, EncryptionAlgorithm algorithm, int most, int bytes)
            throws Exception {
        var pair = TestKeys.pair(spec);
        for (int length : new int[] {0, 1, most}) {
            var plaintext = TestEntropy.counting(7, length);
            var ciphertext = pair.encrypt(algorithm, plaintext);
            assertEquals(bytes, ciphertext.length);
            assertArrayEquals(plaintext, pair.decrypt(algorithm, ciphertext));
        }
        assertThrows(IllegalArgumentException.class, () -> pair.encrypt(algorithm, new byte[most + 1]));
    }

    @ParameterizedTest
    @CsvSource({"RSA_2048, RSAES_OAEP_SHA_1", "RSA_2048, RSAES_OAEP_SHA_256", "SM2, SM2PKE"})
    void nothingButACiphertextDecrypts(KeySpec spec, EncryptionAlgorithm algorithm) {
        var pair = TestKeys.pair(spec);
        var ciphertext = pair.encrypt(algorithm, MESSAGE.clone().length > 100 ? new byte[100] : MESSAGE);
        for (var malformed : malformed(ciphertext)) {
            var refused = assertThrows(InvalidCiphertextException.class, () -> pair.decrypt(algorithm, malformed));
            assertEquals("invalid ciphertext", refused.getMessage());
        }
    }

    @Test
    void sm2EncryptsUpTo1024Bytes() throws Exception {
        var pair = TestKeys.pair(KeySpec.SM2);
        for (int length : new int[] {1, 1024}) {
            var plaintext = TestEntropy.counting(7, length);
            var ciphertext = pair.encrypt(EncryptionAlgorithm.SM2PKE, plaintext);
            assertArrayEquals(plaintext, pair.decrypt(EncryptionAlgorithm.SM2PKE, ciphertext));
        }
    }

    @ParameterizedTest
    @CsvSource({"ECC_NIST_P256, 32", "ECC_NIST_P384, 48", "ECC_NIST_P521, 66", "SM2, 32"})
    void bothSidesAgreeOnTheSameSecret(KeySpec spec, int bytes) throws Exception {
        var one = TestKeys.pair(spec);
        try (var material = new KeyGeneration(TestEntropy.shared()).generate(spec);
                var other = KeyPair.open(spec, material, TestEntropy.shared())) {
            var secret = one.agree(other.publicKey().toArray());
            assertEquals(bytes, secret.length);
            assertArrayEquals(secret, other.agree(one.publicKey().toArray()));
        }
    }

    @ParameterizedTest
    @CsvSource({"ML_KEM_512, 768", "ML_KEM_768, 1088", "ML_KEM_1024, 1568"})
    void aBlobGivesTheSecretItWasMadeWith(KeySpec spec, int bytes) throws Exception {
        var pair = TestKeys.pair(spec);
        var made = pair.encapsulate();
        assertEquals(bytes, made.blob().length);
        assertEquals(32, made.secret().length);
        assertArrayEquals(made.secret(), pair.decapsulate(made.blob()));
        made.blob()[0] ^= 1;
        var rejected = pair.decapsulate(made.blob());
        assertEquals(32, rejected.length);
        assertFalse(Arrays.equals(made.secret(), rejected));
        assertArrayEquals(rejected, pair.decapsulate(made.blob()));
        for (int wrong : new int[] {0, 1, bytes - 1, bytes + 1}) {
            assertThrows(InvalidCiphertextException.class, () -> pair.decapsulate(new byte[wrong]));
        }
    }

    @ParameterizedTest
    @EnumSource(KeySpec.class)
    void whatTheSpecCannotDoIsOurFault(KeySpec spec) {
        if (!TestKeys.pairs().contains(spec)) {
            var material = TestEntropy.key(1);
            assertThrows(IllegalArgumentException.class, () -> KeyPair.open(spec, material, TestEntropy.shared()));
            return;
        }
        var pair = TestKeys.pair(spec);
        for (var algorithm : SigningAlgorithm.values()) {
            if (!TestKeys.algorithms(spec).contains(algorithm)) {
                assertThrows(IllegalArgumentException.class, () -> pair.sign(algorithm, MessageType.RAW, MESSAGE));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> pair.verify(algorithm, MessageType.RAW, MESSAGE, new byte[64]));
            }
        }
        for (var algorithm : EncryptionAlgorithm.values()) {
            boolean fits = (algorithm.name().startsWith("RSA") && spec.name().startsWith("RSA"))
                    || (algorithm == EncryptionAlgorithm.SM2PKE && spec == KeySpec.SM2);
            if (!fits) {
                assertThrows(IllegalArgumentException.class, () -> pair.encrypt(algorithm, MESSAGE));
                assertThrows(IllegalArgumentException.class, () -> pair.decrypt(algorithm, MESSAGE));
            }
        }
        if (!spec.name().startsWith("ECC_NIST_P") && !spec.name().startsWith("ECC_SECG") && spec != KeySpec.SM2) {
            assertThrows(IllegalArgumentException.class, () -> pair.agree(MESSAGE));
        }
        if (!spec.name().startsWith("ML_KEM")) {
            assertThrows(IllegalArgumentException.class, pair::encapsulate);
            assertThrows(IllegalArgumentException.class, () -> pair.decapsulate(MESSAGE));
        }
    }

    @Test
    void aDigestOfAnotherLengthIsOurFault() {
        for (var way : ways()) {
            if (way.bytes() != 0) {
                var pair = TestKeys.pair(way.spec());
                assertThrows(
                        IllegalArgumentException.class,
                        () -> pair.sign(way.algorithm(), way.type(), new byte[way.bytes() + 1]));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theMaterialOfAnotherSpecDoesNotOpen(KeySpec spec) {
        for (var other : TestKeys.pairs()) {
            if (other != spec) {
                var refused = assertThrows(
                        UnsealException.class,
                        () -> KeyPair.open(other, TestKeys.material(spec), TestEntropy.shared()));
                assertTrue(refused.toString().contains("a sealed key is not a " + other), refused.toString());
            }
        }
    }

    static List<KeySpec> pairs() {
        return TestKeys.pairs();
    }

    @Test
    void aClosedPairDoesNothingMoreAndSaysNothing() throws Exception {
        var pair = KeyPair.open(KeySpec.ECC_NIST_P256, TestKeys.material(KeySpec.ECC_NIST_P256), TestEntropy.shared());
        assertEquals("KeyPair[Bytes[91]]", pair.toString());
        pair.close();
        pair.close();
        assertEquals(91, pair.publicKey().length());
        assertThrows(
                IllegalStateException.class, () -> pair.sign(SigningAlgorithm.ECDSA_SHA_256, MessageType.RAW, MESSAGE));
    }
}
