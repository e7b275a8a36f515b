package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.KeySpec;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HmacKeysTest {

    private static final byte[] MESSAGE = TestEntropy.counting(9, 4096);

    @ParameterizedTest
    @CsvSource({"HMAC_224, 28, 28, 64", "HMAC_256, 32, 32, 64", "HMAC_384, 48, 48, 128", "HMAC_512, 64, 64, 128"})
    void agreesWithTheJdkForEveryLengthThatAKeyMayHave(KeySpec spec, int tagBytes, int least, int most)
            throws Exception {
        for (int length = least; length <= most; length++) {
            var octets = TestEntropy.counting(length, length);
            var name = "HmacSHA" + spec.name().substring(5);
            var reference = Mac.getInstance(name);
            reference.init(new SecretKeySpec(octets.clone(), name));
            try (var key = KeyMaterial.takeFrom(octets)) {
                var tag = HmacKeys.mac(spec, key, MESSAGE);
                assertEquals(tagBytes, tag.length);
                assertArrayEquals(reference.doFinal(MESSAGE), tag);
                assertTrue(HmacKeys.verify(spec, key, MESSAGE, tag));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"})
    void onlyTheWholeTagVerifies(KeySpec spec) {
        var key = TestKeys.material(spec);
        assertEquals(HmacKeys.tagBytes(spec), key.length());
        var tag = HmacKeys.mac(spec, key, MESSAGE);
        for (int bit = 0; bit < 8 * tag.length; bit++) {
            var changed = tag.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(HmacKeys.verify(spec, key, MESSAGE, changed));
        }
        assertFalse(HmacKeys.verify(spec, key, MESSAGE, new byte[0]));
        assertFalse(HmacKeys.verify(spec, key, MESSAGE, Arrays.copyOf(tag, tag.length - 1)));
        assertFalse(HmacKeys.verify(spec, key, MESSAGE, Arrays.copyOf(tag, tag.length + 1)));
    }

    @Test
    void aClosedKeyAndAnotherSpecGiveNothing() {
        var key = TestEntropy.key(1);
        assertThrows(IllegalArgumentException.class, () -> HmacKeys.mac(KeySpec.RSA_2048, key, MESSAGE));
        key.close();
        assertThrows(IllegalStateException.class, () -> HmacKeys.mac(KeySpec.HMAC_256, key, MESSAGE));
    }
}
