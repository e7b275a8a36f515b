package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.security.KeyFactory;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a caller does with JCE and what we do with it: wrapping, unwrapping, and whether the content is a key. */
class ImportTest {

    private static final ImportWrapping WRAPPING = new ImportWrapping(TestEntropy.shared());
    private static final ImportedMaterial IMPORTED = new ImportedMaterial(TestEntropy.shared());
    private static final Map<WrappingKeySpec, KeyMaterial> KEYS = new EnumMap<>(WrappingKeySpec.class);

    static synchronized KeyMaterial key(WrappingKeySpec spec) {
        return KEYS.computeIfAbsent(spec, WRAPPING::generate);
    }

    @ParameterizedTest
    @MethodSource("wrappings")
    void whatWasWrappedElsewhereIsUnwrapped(WrappingAlgorithm algorithm, WrappingKeySpec spec) throws Exception {
        for (int bytes : new int[] {1, 32, 64}) {
            var material = TestEntropy.counting(5, bytes);
            var wrapped = wrap(algorithm, spec, material);
            assertArrayEquals(material, WRAPPING.unwrap(algorithm, spec, key(spec), wrapped));
        }
    }

    @ParameterizedTest
    @MethodSource("wrappings")
    void whatWasNotWrappedLikeThatIsRefused(WrappingAlgorithm algorithm, WrappingKeySpec spec) throws Exception {
        var wrapped = wrap(algorithm, spec, TestEntropy.counting(5, 32));
        for (int where : new int[] {0, 10, wrapped.length / 2, wrapped.length - 1}) {
            var changed = wrapped.clone();
            changed[where] ^= 1;
            refused(algorithm, spec, changed);
        }
        for (int length : new int[] {0, 1, wrapped.length - 1, wrapped.length - 8, wrapped.length + 1}) {
            refused(algorithm, spec, Arrays.copyOf(wrapped, length));
        }
        for (var other : WrappingAlgorithm.values()) {
            if (other != algorithm && (other == WrappingAlgorithm.SM2PKE) == (spec == WrappingKeySpec.SM2)) {
                refused(other, spec, wrapped);
            }
        }
    }

    private static void refused(WrappingAlgorithm algorithm, WrappingKeySpec spec, byte[] wrapped) {
        assertThrows(InvalidCiphertextException.class, () -> WRAPPING.unwrap(algorithm, spec, key(spec), wrapped));
    }

    static Stream<Arguments> wrappings() {
        return Stream.of(WrappingAlgorithm.values())
                .flatMap(algorithm -> Stream.of(WrappingKeySpec.values())
                        .filter(spec -> (spec == WrappingKeySpec.SM2) == (algorithm == WrappingAlgorithm.SM2PKE))
                        .map(spec -> Arguments.of(algorithm, spec)));
    }

    @Test
    void anAlgorithmForAnotherKindOfKeyIsOurFault() {
        assertThrows(
                IllegalArgumentException.class,
                () -> WRAPPING.unwrap(
                        WrappingAlgorithm.SM2PKE,
                        WrappingKeySpec.RSA_2048,
                        key(WrappingKeySpec.RSA_2048),
                        new byte[1]));
        assertThrows(
                UnsealException.class,
                () -> WRAPPING.unwrap(
                        WrappingAlgorithm.RSAES_OAEP_SHA_1,
                        WrappingKeySpec.RSA_3072,
                        key(WrappingKeySpec.RSA_2048),
                        new byte[1]));
    }

    @Test
    void anAesKeyOfAnotherLengthIsRefused() throws Exception {
        var publicKey = WRAPPING.publicKey(WrappingKeySpec.RSA_2048, key(WrappingKeySpec.RSA_2048));
        for (int bytes : new int[] {16, 24}) {
            var wrapped = wrapTwice(publicKey.toArray(), "SHA-256", TestEntropy.counting(1, bytes), new byte[32]);
            refused(WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256, WrappingKeySpec.RSA_2048, wrapped);
        }
    }

    /** The whole way of each key pair: PKCS#8 of another maker, wrapped, unwrapped, canonical, the same public key. */
    @ParameterizedTest
    @MethodSource("pairs")
    void aKeyPairComesInWrapped(KeySpec spec) throws Exception {
        var material = TestKeys.material(spec);
        var pkcs8 = new byte[material.length()];
        material.read(0, pkcs8, pkcs8.length);
        var wrapped = wrap(WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256, WrappingKeySpec.RSA_2048, pkcs8);
        var unwrapped = WRAPPING.unwrap(
                WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256,
                WrappingKeySpec.RSA_2048,
                key(WrappingKeySpec.RSA_2048),
                wrapped);
        try (var imported = IMPORTED.canonical(spec, unwrapped)) {
            assertTrue(imported.sameAs(material));
        }
        assertArrayEquals(pkcs8, unwrapped, "the caller's array is left alone");
    }

    static Stream<KeySpec> pairs() {
        return TestKeys.pairs().stream();
    }

    @ParameterizedTest
    @CsvSource({
        "SYMMETRIC_DEFAULT, 32, 32",
        "HMAC_224, 28, 64",
        "HMAC_256, 32, 64",
        "HMAC_384, 48, 128",
        "HMAC_512, 64, 128"
    })
    void aSecretKeyHasTheLengthsOfTheApi(KeySpec spec, int least, int most) throws Exception {
        for (int bytes : new int[] {least, (least + most) / 2, most}) {
            try (var material = IMPORTED.canonical(spec, TestEntropy.counting(1, bytes))) {
                assertEquals(bytes, material.length());
            }
        }
        for (int bytes : new int[] {0, least - 1, most + 1, 4096}) {
            assertThrows(InvalidKeyMaterialException.class, () -> IMPORTED.canonical(spec, new byte[bytes]));
        }
    }

    static byte[] wrap(WrappingAlgorithm algorithm, WrappingKeySpec spec, byte[] material) throws Exception {
        var publicKey = WRAPPING.publicKey(spec, key(spec)).toArray();
        var aesKey = TestEntropy.counting(77, 32);
        return switch (algorithm) {
            case RSAES_OAEP_SHA_1 -> oaep(publicKey, "SHA-1").doFinal(material);
            case RSAES_OAEP_SHA_256 -> oaep(publicKey, "SHA-256").doFinal(material);
            case RSA_AES_KEY_WRAP_SHA_1 -> wrapTwice(publicKey, "SHA-1", aesKey, material);
            case RSA_AES_KEY_WRAP_SHA_256 -> wrapTwice(publicKey, "SHA-256", aesKey, material);
            case SM2PKE -> {
                try (var pair = KeyPair.open(KeySpec.SM2, key(spec), TestEntropy.shared())) {
                    yield pair.encrypt(dev.strongroom.hsm.protocol.EncryptionAlgorithm.SM2PKE, material);
                }
            }
        };
    }

    private static byte[] wrapTwice(byte[] publicKey, String hash, byte[] aesKey, byte[] material) throws Exception {
        var wrapper = Cipher.getInstance("AES/KWP/NoPadding", "SunJCE");
        wrapper.init(Cipher.WRAP_MODE, new SecretKeySpec(aesKey, "AES"));
        var outer = oaep(publicKey, hash).doFinal(aesKey);
        var inner = wrapper.wrap(new SecretKeySpec(material, "any"));
        var joined = Arrays.copyOf(outer, outer.length + inner.length);
        System.arraycopy(inner, 0, joined, outer.length, inner.length);
        return joined;
    }

    private static Cipher oaep(byte[] publicKey, String hash) throws Exception {
        var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(publicKey)),
                new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT));
        return cipher;
    }
}
