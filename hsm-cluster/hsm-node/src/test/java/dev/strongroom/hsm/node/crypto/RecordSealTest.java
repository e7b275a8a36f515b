package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The formats of {@link RecordSeal} and {@link MaterialSeal}, bit by bit. */
class RecordSealTest {

    private static final byte[] AAD = "context".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PLAINTEXT = "attack at dawn".getBytes(StandardCharsets.UTF_8);

    /** Computed with Python's hmac and OpenSSL's AES-GCM. */
    private static final String GOLDEN_RECORD =
            "01101112131415161718191a1b1c1d1e1fb81fd492ad31eafd37ded64a8090a92813f21b68aaea377c888210240b40";

    /** Computed with Python's hmac: the 40 bytes 80 81 .. a7. */
    private static final String GOLDEN_MATERIAL =
            "01101112131415161718191a1b1c1d1e1f5f8d7d63157853d801569b92be910832c36df2510858ef66df87f8c0c788d555a24240f90f"
                    + "0f23118e5a141ad86310c691f34ff62832a7d840495663f977660b0dc8019e6fe93404";

    private final RecordSeal recordSeal = new RecordSeal(TestEntropy.shared());
    private final MaterialSeal materialSeal = new MaterialSeal(TestEntropy.shared());
    private final KeyMaterial domainKey = TestEntropy.key(0x40);
    private final KeyMaterial material = KeyMaterial.takeFrom(TestEntropy.counting(0x80, 40));
    private final byte[] nonce = TestEntropy.counting(0x10, 16);

    @Test
    void theFormatOfRecordsNeverChanges() throws UnsealException {
        var golden = HexFormat.of().parseHex(GOLDEN_RECORD);
        assertArrayEquals(golden, RecordSeal.sealWith(nonce, domainKey, AAD, PLAINTEXT));
        assertArrayEquals(PLAINTEXT, recordSeal.open(domainKey, AAD, golden));
    }

    @Test
    void theFormatOfMaterialNeverChanges() throws UnsealException {
        var golden = HexFormat.of().parseHex(GOLDEN_MATERIAL);
        assertArrayEquals(golden, MaterialSeal.sealWith(nonce, domainKey, AAD, material));
        assertTrue(materialSeal.open(domainKey, AAD, golden).sameAs(material));
    }

    @Test
    void everySingleBitCounts() {
        var record = HexFormat.of().parseHex(GOLDEN_RECORD);
        for (int bit = 0; bit < 8 * record.length; bit++) {
            record[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(UnsealException.class, () -> recordSeal.open(domainKey, AAD, record), "bit " + bit);
            record[bit / 8] ^= (byte) (1 << bit % 8);
        }
        var sealed = HexFormat.of().parseHex(GOLDEN_MATERIAL);
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            sealed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(UnsealException.class, () -> materialSeal.open(domainKey, AAD, sealed), "bit " + bit);
            sealed[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void everyOtherLengthIsRefused() {
        var record = HexFormat.of().parseHex(GOLDEN_RECORD);
        var sealed = HexFormat.of().parseHex(GOLDEN_MATERIAL);
        for (int length = 0; length < 600; length++) {
            var otherRecord = Arrays.copyOf(record, length == record.length ? 0 : length);
            assertThrows(UnsealException.class, () -> recordSeal.open(domainKey, AAD, otherRecord));
            var otherMaterial = Arrays.copyOf(sealed, length == sealed.length ? 0 : length);
            assertThrows(UnsealException.class, () -> materialSeal.open(domainKey, AAD, otherMaterial));
        }
    }

    @Test
    void anotherDomainKeyOpensNothing() {
        var other = TestEntropy.key(0x41);
        var record = recordSeal.seal(domainKey, AAD, PLAINTEXT);
        var sealed = materialSeal.seal(domainKey, AAD, material);
        var refusal = assertThrows(UnsealException.class, () -> recordSeal.open(other, AAD, record));
        assertEquals(0, refusal.getStackTrace().length);
        assertThrows(UnsealException.class, () -> materialSeal.open(other, AAD, sealed));
    }

    @Test
    void closedKeysSealAndOpenNothing() {
        var sealed = materialSeal.seal(domainKey, AAD, material);
        material.close();
        assertThrows(IllegalStateException.class, () -> materialSeal.seal(domainKey, AAD, material));
        domainKey.close();
        assertThrows(IllegalStateException.class, () -> materialSeal.open(domainKey, AAD, sealed));
        assertThrows(IllegalStateException.class, () -> recordSeal.seal(domainKey, AAD, PLAINTEXT));
    }
}
