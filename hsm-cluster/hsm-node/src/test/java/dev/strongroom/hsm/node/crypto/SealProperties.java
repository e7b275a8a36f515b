package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.Bytes;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** For each of the three formats: what was sealed opens, what was changed in any bit does not. */
class SealProperties {

    private static final Bytes ID = Bytes.wrap(new byte[16]);

    private final MessageCipher cipher = new MessageCipher(TestEntropy.shared());
    private final RecordSeal recordSeal = new RecordSeal(TestEntropy.shared());
    private final MaterialSeal materialSeal = new MaterialSeal(TestEntropy.shared());
    private final KeyMaterial key = TestEntropy.key(0x40);

    @Property(tries = 300)
    void aMessageOpensUnchangedOnly(
            @ForAll @Size(min = 1, max = 4096) byte[] plaintext,
            @ForAll @Size(max = 200) byte[] aad,
            @ForAll @IntRange(min = 0) int where)
            throws InvalidCiphertextException {
        var blob = cipher.seal(key, ID, plaintext, aad);
        assertArrayEquals(plaintext, cipher.open(key, blob, aad));
        var changed = flipped(blob, where);
        assertThrows(InvalidCiphertextException.class, () -> cipher.open(key, changed, aad));
        var moved = Arrays.copyOf(aad, aad.length + 1);
        assertThrows(InvalidCiphertextException.class, () -> cipher.open(key, blob, moved));
    }

    @Property(tries = 300)
    void aRecordOpensUnchangedOnly(
            @ForAll @Size(max = 4096) byte[] plaintext,
            @ForAll @Size(max = 200) byte[] aad,
            @ForAll @IntRange(min = 0) int where)
            throws UnsealException {
        var sealed = recordSeal.seal(key, aad, plaintext);
        assertArrayEquals(plaintext, recordSeal.open(key, aad, sealed));
        var changed = flipped(sealed, where);
        assertThrows(UnsealException.class, () -> recordSeal.open(key, aad, changed));
        var moved = Arrays.copyOf(aad, aad.length + 1);
        assertThrows(UnsealException.class, () -> recordSeal.open(key, moved, sealed));
    }

    @Property(tries = 300)
    void aMaterialOpensUnchangedOnly(
            @ForAll @Size(min = 1, max = 2560) byte[] secret,
            @ForAll @Size(max = 200) byte[] aad,
            @ForAll @IntRange(min = 0) int where)
            throws UnsealException {
        var material = KeyMaterial.takeFrom(secret);
        var sealed = materialSeal.seal(key, aad, material);
        assertTrue(materialSeal.open(key, aad, sealed).sameAs(material));
        var changed = flipped(sealed, where);
        assertThrows(UnsealException.class, () -> materialSeal.open(key, aad, changed));
        var moved = Arrays.copyOf(aad, aad.length + 1);
        assertThrows(UnsealException.class, () -> materialSeal.open(key, moved, sealed));
    }

    @Property(tries = 300)
    void anyBytesAreRefusedAndNothingElseIsThrown(@ForAll @Size(max = 2700) byte[] anything) {
        assertThrows(InvalidCiphertextException.class, () -> cipher.open(key, anything, new byte[0]));
        assertThrows(UnsealException.class, () -> recordSeal.open(key, new byte[0], anything));
        assertThrows(UnsealException.class, () -> materialSeal.open(key, new byte[0], anything));
    }

    /** Two implementations of AES-GCM that share no code. */
    @Property(tries = 300)
    void aesGcmAgreesWithBouncyCastle(
            @ForAll @Size(32) byte[] oneTimeKey,
            @ForAll @Size(max = 100) byte[] header,
            @ForAll @Size(max = 100) byte[] aad,
            @ForAll @Size(max = 300) byte[] plaintext)
            throws InvalidCipherTextException {
        // What was drawn before, smallest samples first, may come again; the JDK's cipher refuses a key it has just
        // used.
        System.arraycopy(Digests.sha256(oneTimeKey, header, aad, plaintext), 0, oneTimeKey, 0, 32);
        var all = new byte[header.length + aad.length];
        System.arraycopy(header, 0, all, 0, header.length);
        System.arraycopy(aad, 0, all, header.length, aad.length);
        var reference = GCMBlockCipher.newInstance(AESEngine.newInstance());
        reference.init(true, new AEADParameters(new KeyParameter(oneTimeKey), 128, new byte[12], all));
        var expected = Arrays.copyOf(header, header.length + plaintext.length + 16);
        int written = reference.processBytes(plaintext, 0, plaintext.length, expected, header.length);
        written += reference.doFinal(expected, header.length + written);
        assertTrue(written == plaintext.length + 16);
        var sealed = Arrays.copyOf(header, expected.length);
        AesGcm.seal(oneTimeKey, sealed, header.length, aad, plaintext);
        assertArrayEquals(expected, sealed);
    }

    private static byte[] flipped(byte[] sealed, int where) {
        var changed = sealed.clone();
        int bit = where % (8 * sealed.length);
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        return changed;
    }
}
