package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCipherTest {

    private static final Bytes ID = Bytes.ofHex("00112233445566778899aabbccddeeff");
    private static final byte[] AAD = "context".getBytes(StandardCharsets.UTF_8);

    private final MessageCipher cipher = new MessageCipher(TestEntropy.shared());
    private final KeyMaterial key = TestEntropy.key(0x40);

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 32, 255, 4096})
    void aBlobOpensToWhatWasSealed(int bytes) throws InvalidCiphertextException {
        var plaintext = new byte[bytes];
        TestEntropy.shared().fill(plaintext);
        var blob = cipher.seal(key, ID, plaintext, AAD);
        assertEquals(92 + bytes, blob.length);
        assertEquals(Optional.of(ID), CiphertextBlob.backingKeyId(blob));
        assertArrayEquals(plaintext, cipher.open(key, blob, AAD));
    }

    /** Computed with a CRC-32C written out in Python, Python's hmac and OpenSSL's AES-GCM. Blobs of version 1 open like this for ever. */
    @Test
    void theLayoutNeverChanges() throws InvalidCiphertextException {
        var golden = HexFormat.of()
                .parseHex("5352010100112233445566778899aabbccddeeff101112131415161718191a1b1c1d1e1f202122232e3c4c9a"
                        + "e10ac6b63b491740d5d489f1d24bb5330f1f9f372aa3b2e4edf020b6bd6f327d"
                        + "8102e342bae4c915f888a10ec02c" + "e6ee24826074d49d85205a93874481a8");
        var plaintext = "attack at dawn".getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(golden, MessageCipher.sealWith(TestEntropy.counting(0x10, 20), key, ID, plaintext, AAD));
        assertArrayEquals(plaintext, cipher.open(key, golden, AAD));
    }

    /** The commitment is what stops a blob that GCM alone would open under two keys. */
    @Test
    void aBlobThatGcmWouldOpenIsRefusedIfItsCommitmentIsAnothers() {
        var blob = cipher.seal(key, ID, new byte[32], AAD);
        var other = TestEntropy.key(0x41);
        var context = new byte[40];
        System.arraycopy(blob, CiphertextBlob.NONCE_OFFSET, context, 0, 24);
        System.arraycopy(blob, CiphertextBlob.ID_OFFSET, context, 24, 16);
        var derived = Kbkdf.derive(other, "strongroom data v1", context, 64);
        AesGcm.seal(derived, blob, CiphertextBlob.HEADER_BYTES, AAD, new byte[32]);
        assertThrows(InvalidCiphertextException.class, () -> cipher.open(other, blob, AAD));
    }

    @Test
    void anotherKeyOrContextDoesNotOpenIt() {
        var blob = cipher.seal(key, ID, new byte[32], AAD);
        assertThrows(InvalidCiphertextException.class, () -> cipher.open(TestEntropy.key(0x41), blob, AAD));
        assertThrows(InvalidCiphertextException.class, () -> cipher.open(key, blob, new byte[0]));
    }

    @Test
    void anEmptyMessageIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> cipher.seal(key, ID, new byte[0], AAD));
    }

    @Test
    void aClosedKeySealsNothing() {
        key.close();
        assertThrows(IllegalStateException.class, () -> cipher.seal(key, ID, new byte[32], AAD));
    }

    @Test
    void theSameMessageNeverLooksTheSame() {
        var hex = HexFormat.of();
        var one = hex.formatHex(cipher.seal(key, ID, new byte[32], AAD));
        var two = hex.formatHex(cipher.seal(key, ID, new byte[32], AAD));
        for (int at = CiphertextBlob.NONCE_OFFSET; at + 16 <= one.length() / 2; at += 16) {
            assertEquals(-1, two.indexOf(one.substring(2 * at, 2 * at + 32)));
        }
    }
}
