package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.protocol.KeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DataKeyPairsTest {

    private final DataKeyPairs pairs = new DataKeyPairs(TestEntropy.shared());

    /** Sizes of PKCS#8; RSA's varies by a few bytes with the numbers. */
    @ParameterizedTest
    @CsvSource({
        "RSA_2048, 1210, 1222",
        "RSA_3072, 1786, 1798",
        "RSA_4096, 2364, 2376",
        "ECC_NIST_P256, 138, 138",
        "ECC_NIST_P384, 185, 185",
        "ECC_NIST_P521, 241, 241",
        "ECC_SECG_P256K1, 135, 135",
        "ECC_NIST_EDWARDS25519, 48, 48",
        "SM2, 138, 138",
        "ML_KEM_512, 86, 86",
        "ML_KEM_768, 86, 86",
        "ML_KEM_1024, 86, 86"
    })
    void theHalvesBelongTogether(KeySpec spec, int least, int most) throws Exception {
        var made = pairs.generate(spec);
        try (made) {
            int bytes = made.privateKey().length;
            assertEquals(true, least <= bytes && bytes <= most, spec + " has " + bytes);
            try (var material = KeyMaterial.takeFrom(made.privateKey().clone());
                    var opened = KeyPair.open(spec, material, TestEntropy.shared())) {
                assertEquals(opened.publicKey(), made.publicKey());
            }
        }
        assertArrayEquals(new byte[made.privateKey().length], made.privateKey());
    }

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"SYMMETRIC_DEFAULT", "HMAC_.*", "ML_DSA_.*"},
            mode = EnumSource.Mode.MATCH_ANY)
    void otherSpecsAreNotForDataKeyPairs(KeySpec spec) {
        assertThrows(IllegalArgumentException.class, () -> pairs.generate(spec));
    }
}
