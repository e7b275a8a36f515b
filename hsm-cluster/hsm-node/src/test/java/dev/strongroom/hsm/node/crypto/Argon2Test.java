package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Argon2Test {

    private static final byte[] SALT = "somesalt".getBytes(StandardCharsets.US_ASCII);

    private final KeyMaterial passphrase = KeyMaterial.takeFrom("password".getBytes(StandardCharsets.US_ASCII));

    /** From the test suite of the reference implementation (P-H-C/phc-winner-argon2), Argon2id 0x13, t=2, m=2^16, p=1. */
    @Test
    void agreesWithTheReferenceImplementation() {
        var expected = KeyMaterial.takeFrom(
                HexFormat.of().parseHex("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"));
        assertTrue(Argon2.derive(passphrase, SALT, 1 << 16, 2).sameAs(expected));
    }

    @Test
    void aClosedPassphraseDerivesNothing() {
        passphrase.close();
        assertThrows(IllegalStateException.class, () -> Argon2.derive(passphrase, SALT, 64, 1));
    }
}
