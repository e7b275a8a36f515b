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
