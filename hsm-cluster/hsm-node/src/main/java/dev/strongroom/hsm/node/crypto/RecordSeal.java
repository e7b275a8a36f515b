package dev.strongroom.hsm.node.crypto;

import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/**
 * Seals the payload of a record under a domain key.
 *
 * <pre>
 * offset  bytes  content
 *      0      1  version 0x01
 *      1     16  N, random
 *     17      n  ciphertext, as long as the plaintext
 *   17+n     16  tag
 *
 * key               = KBKDF(domain key, "strongroom record v1", version || N || SHA-256(aad)), 32 bytes
 * ciphertext || tag = AES-256-GCM(key, IV = 0, AAD = version || N || aad, plaintext)
 * </pre>
 *
 * <p>The AAD is the record's place (id, base revision, kind), so a payload that was moved elsewhere does not open; it also
 * goes into the key, so N need only be fresh among the seals of one place. Even over all places of one domain key, 2^28
 * seals meet with a chance of about 2^-73. For symmetric keys use {@link MaterialSeal}: the JCE leaves copies of what it
 * opens here.
 *
 * <p>Safe for concurrent use.
 */
public final class RecordSeal {

    static final byte VERSION = 1;
    static final int NONCE_BYTES = 16;
    static final int HEADER_BYTES = 1 + NONCE_BYTES;

    private static final String LABEL = "strongroom record v1";

    private final Entropy entropy;

    public RecordSeal(Entropy entropy) {
        this.entropy = entropy;
    }

    /**
     * Seals {@code plaintext}, which stays the caller's and may be empty, as may {@code aad}.
     *
     * @throws IllegalStateException if {@code domainKey} is closed
     */
    public byte[] seal(KeyMaterial domainKey, byte[] aad, byte[] plaintext) {
        var nonce = new byte[NONCE_BYTES];
        entropy.fill(nonce);
        return sealWith(nonce, domainKey, aad, plaintext);
    }

    /** With a given N, which must never have been used for this key and AAD: for known answers only. */
    static byte[] sealWith(byte[] nonce, KeyMaterial domainKey, byte[] aad, byte[] plaintext) {
        var sealed = new byte[HEADER_BYTES + plaintext.length + AesGcm.TAG_BYTES];
        sealed[0] = VERSION;
        System.arraycopy(nonce, 0, sealed, 1, NONCE_BYTES);
        var key = derive(domainKey, sealed, aad);
        try {
            AesGcm.seal(key, sealed, HEADER_BYTES, aad, plaintext);
            return sealed;
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /**
     * Opens a sealed payload; the caller wipes the result.
     *
     * @throws UnsealException if it was not sealed in this place under this key, or was changed
     * @throws IllegalStateException if {@code domainKey} is closed
     */
    public byte[] open(KeyMaterial domainKey, byte[] aad, byte[] sealed) throws UnsealException {
        if (sealed.length < HEADER_BYTES + AesGcm.TAG_BYTES || sealed[0] != VERSION) {
            throw new UnsealException("not a sealed record of version " + VERSION);
        }
        var key = derive(domainKey, sealed, aad);
        try {
            return AesGcm.open(key, sealed, HEADER_BYTES, aad);
        } catch (AEADBadTagException e) {
            throw new UnsealException("a sealed record does not open in this place under this key");
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] derive(KeyMaterial domainKey, byte[] sealed, byte[] aad) {
        var context = Arrays.copyOf(sealed, HEADER_BYTES + 32);
        System.arraycopy(Digests.sha256(aad), 0, context, HEADER_BYTES, 32);
        return Kbkdf.derive(domainKey, LABEL, context, AesGcm.KEY_BYTES);
    }
}
