package dev.strongroom.hsm.node.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Plaintext;
import org.junit.jupiter.api.Test;

class CredentialVerifierTest {

    private final CredentialVerifier verifier = CredentialVerifier.of(credential(), TestEntropy.shared());

    private static Plaintext credential() {
        return Plaintext.wrap(TestEntropy.counting(1, 32));
    }

    @Test
    void acceptsTheCredentialAndNoOther() {
        assertTrue(verifier.accepts(credential()));
        for (int i = 0; i < 32 * 8; i++) {
            var other = TestEntropy.counting(1, 32);
            other[i / 8] ^= (byte) (1 << i % 8);
            assertFalse(verifier.accepts(Plaintext.wrap(other)));
        }
        assertFalse(verifier.accepts(Plaintext.none()));
        assertFalse(verifier.accepts(Plaintext.wrap(TestEntropy.counting(1, 33))));
    }

    @Test
    void twoUsersWithOneCredentialDoNotShowIt() {
        assertNotEquals(verifier, CredentialVerifier.of(credential(), TestEntropy.shared()));
    }

    @Test
    void noneAcceptsNothing() {
        assertFalse(CredentialVerifier.NONE.accepts(credential()));
        assertFalse(CredentialVerifier.NONE.accepts(Plaintext.wrap(new byte[32])));
        assertFalse(CredentialVerifier.NONE.accepts(Plaintext.none()));
    }

    @Test
    void aCredentialIsNeverAPassword() {
        assertThrows(
                IllegalArgumentException.class,
                () -> CredentialVerifier.of(Plaintext.wrap(new byte[8]), TestEntropy.shared()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new CredentialVerifier(Bytes.wrap(new byte[15]), Bytes.wrap(new byte[32])));
    }

    @Test
    void showsNothingOfItself() {
        assertEquals("CredentialVerifier[salt=Bytes[16], hash=Bytes[32]]", verifier.toString());
    }
}
