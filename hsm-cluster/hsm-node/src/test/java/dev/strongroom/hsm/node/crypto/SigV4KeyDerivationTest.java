package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigV4KeyDerivationTest {

    private static final String EXAMPLE = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /** The two signing keys that the documentation of AWS Signature Version 4 shows for its example secret. */
    @ParameterizedTest
    @CsvSource({
        "20150830, c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9",
        "20120215, f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d",
    })
    void agreesWithThePublishedExamples(String date, String expected) {
        assertEquals(expected, derive(EXAMPLE, date, "us-east-1", "iam"));
    }

    /** Computed with Python's hmac: "AWS4" and the secret within one block of the hash, just within, and beyond it. */
    @ParameterizedTest
    @CsvSource({
        "1, 26f00ced31952a761cae4ba4788c5d95eef3747f24b8d4cb6857cb5f46f50b69",
        "60, 145f397981d72fe204bde83adc9bdc86c5a3031df12b538d2aeaeed4ad797444",
        "61, 089e3b573c2d044f5641971ee64b28795f21f98c2ea2c7cd2538444e0e4a6b11",
        "100, eb5b28d70c435209de7eb5b835f27ec11501c896b4b3860ab9ac3ca158a29441",
    })
    void takesSecretsOfAnyLength(int length, String expected) {
        assertEquals(expected, derive("k".repeat(length), "20240101", "eu-central-1", "kms"));
    }

    @Test
    void aClosedSecretDerivesNothing() {
        var secret = TestEntropy.key(0);
        secret.close();
        assertThrows(
                IllegalStateException.class,
                () -> SigV4KeyDerivation.derive(secret, "20240101", "eu-central-1", "kms"));
    }

    private static String derive(String secret, String date, String region, String service) {
        try (var material = KeyMaterial.takeFrom(secret.getBytes(StandardCharsets.US_ASCII))) {
            return HexFormat.of().formatHex(SigV4KeyDerivation.derive(material, date, region, service));
        }
    }
}
