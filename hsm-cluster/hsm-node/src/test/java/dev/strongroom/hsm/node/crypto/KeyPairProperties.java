package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TestKeys.Way;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeySpec;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** For any message: what was made verifies or opens, what was changed in any bit does not. */
class KeyPairProperties {

    @Provide
    Arbitrary<KeySpec> hmacs() {
        return Arbitraries.of(KeySpec.HMAC_224, KeySpec.HMAC_256, KeySpec.HMAC_384, KeySpec.HMAC_512);
    }

    @Provide
    Arbitrary<KeySpec> kems() {
        return Arbitraries.of(KeySpec.ML_KEM_512, KeySpec.ML_KEM_768, KeySpec.ML_KEM_1024);
    }

    @Provide
    Arbitrary<Way> ways() {
        // RSA of 2,048 bits stands for the others, which only take longer.
        return Arbitraries.of(TestKeys.ways().stream()
                .filter(way -> way.spec() != KeySpec.RSA_3072 && way.spec() != KeySpec.RSA_4096)
                .toList());
    }

    @Property(tries = 300)
    void aSignatureVerifiesUnchangedOnly(
            @ForAll("ways") Way way,
            @ForAll @Size(min = 1, max = 4096) byte[] anything,
            @ForAll @IntRange(min = 0) int where) {
        var message = way.bytes() == 0 ? anything : Arrays.copyOf(anything, way.bytes());
        var pair = TestKeys.pair(way.spec());
        var signature = pair.sign(way.algorithm(), way.type(), message);
        assertTrue(pair.verify(way.algorithm(), way.type(), message, signature));
        assertFalse(pair.verify(way.algorithm(), way.type(), message, flipped(signature, where)));
        assertFalse(pair.verify(way.algorithm(), way.type(), flipped(message, where), signature));
    }

    @Property(tries = 300)
    void noBytesMakeTheVerifierThrow(@ForAll("ways") Way way, @ForAll @Size(max = 6144) byte[] anything) {
        var message = new byte[way.bytes() == 0 ? 10 : way.bytes()];
        assertFalse(TestKeys.pair(way.spec()).verify(way.algorithm(), way.type(), message, anything));
    }

    @Property(tries = 200)
    void aCiphertextOfAKeyPairOpensUnchangedOnly(
            @ForAll boolean sm2,
            @ForAll @Size(min = 1, max = 190) byte[] plaintext,
            @ForAll @Size(max = 1200) byte[] anything,
            @ForAll @IntRange(min = 0) int where)
            throws InvalidCiphertextException {
        var pair = TestKeys.pair(sm2 ? KeySpec.SM2 : KeySpec.RSA_2048);
        var algorithm = sm2 ? EncryptionAlgorithm.SM2PKE : EncryptionAlgorithm.RSAES_OAEP_SHA_256;
        var ciphertext = pair.encrypt(algorithm, plaintext);
        assertArrayEquals(plaintext, pair.decrypt(algorithm, ciphertext));
        assertThrows(InvalidCiphertextException.class, () -> pair.decrypt(algorithm, flipped(ciphertext, where)));
        assertThrows(InvalidCiphertextException.class, () -> pair.decrypt(algorithm, anything));
    }

    @Property(tries = 300)
    void aTagVerifiesUnchangedOnly(
            @ForAll("hmacs") KeySpec spec,
            @ForAll @Size(min = 1, max = 4096) byte[] message,
            @ForAll @IntRange(min = 0) int where) {
        var key = TestKeys.material(spec);
        var tag = HmacKeys.mac(spec, key, message);
        assertTrue(HmacKeys.verify(spec, key, message, tag));
        assertFalse(HmacKeys.verify(spec, key, message, flipped(tag, where)));
        assertFalse(HmacKeys.verify(spec, key, flipped(message, where), tag));
    }

    @Property(tries = 100)
    void aChangedBlobGivesAnotherSecret(@ForAll("kems") KeySpec spec, @ForAll @IntRange(min = 0) int where)
            throws InvalidCiphertextException {
        var pair = TestKeys.pair(spec);
        var made = pair.encapsulate();
        assertArrayEquals(made.secret(), pair.decapsulate(made.blob()));
        assertFalse(Arrays.equals(made.secret(), pair.decapsulate(flipped(made.blob(), where))));
    }

    @Property(tries = 300)
    void noBytesArePeersOrKeysByChance(@ForAll @Size(max = 300) byte[] anything) {
        assertThrows(
                InvalidPublicKeyException.class,
                () -> TestKeys.pair(KeySpec.ECC_NIST_P256).agree(anything));
        for (var spec : TestKeys.pairs()) {
            assertThrows(InvalidKeyMaterialException.class, () -> PrivateKeys.parse(spec, anything));
        }
    }

    private static byte[] flipped(byte[] octets, int where) {
        var changed = octets.clone();
        int bit = where % (8 * octets.length);
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        return changed;
    }
}
