package dev.strongroom.hsm.node.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM (NIST SP 800-38D) under keys that are used for one message only, with a 128-bit tag.
 *
 * <p>The IV is 12 zero bytes. GCM breaks when a key meets an IV twice; here no key meets two messages, so any fixed IV
 * will do and none has to be stored. That is why keys come in as {@code oneTimeKey}, derived from fresh randomness.
 *
 * <p>The JCE keeps copies of such a key on the heap until they are overwritten. It opens one message, and nothing else
 * can be computed from it.
 */
final class AesGcm {

    static final int KEY_BYTES = 32;
    static final int TAG_BYTES = 16;

    private static final GCMParameterSpec ZERO_IV = new GCMParameterSpec(TAG_BYTES * 8, new byte[12]);
    private static final ThreadLocal<Cipher> CIPHERS = ThreadLocal.withInitial(Providers.AES_GCM::cipher);

    private AesGcm() {}

    /**
     * Encrypts {@code plaintext} and writes ciphertext and tag into {@code out} after its first {@code headerBytes} bytes,
     * which are authenticated, followed by {@code aad}.
     *
     * @param oneTimeKey its first 32 bytes are the key
     */
    static void seal(byte[] oneTimeKey, byte[] out, int headerBytes, byte[] aad, byte[] plaintext) {
        try {
            var cipher = begin(Cipher.ENCRYPT_MODE, oneTimeKey, out, headerBytes, aad);
            int written = cipher.doFinal(plaintext, 0, plaintext.length, out, headerBytes);
            if (written != plaintext.length + TAG_BYTES) {
                throw new IllegalStateException("AES-GCM wrote " + written + " bytes");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to encrypt", e);
        }
    }

    /**
     * Opens what {@link #seal} wrote.
     *
     * @throws AEADBadTagException if any byte of it, of the key or of the AAD differs
     */
    static byte[] open(byte[] oneTimeKey, byte[] sealed, int headerBytes, byte[] aad) throws AEADBadTagException {
        try {
            var cipher = begin(Cipher.DECRYPT_MODE, oneTimeKey, sealed, headerBytes, aad);
            return cipher.doFinal(sealed, headerBytes, sealed.length - headerBytes);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to decrypt", e);
        }
    }

    private static Cipher begin(int mode, byte[] key, byte[] header, int headerBytes, byte[] aad)
            throws GeneralSecurityException {
        var cipher = CIPHERS.get();
        cipher.init(mode, new SecretKeySpec(key, 0, KEY_BYTES, "AES"), ZERO_IV);
        cipher.updateAAD(header, 0, headerBytes);
        cipher.updateAAD(aad);
        return cipher;
    }
}
