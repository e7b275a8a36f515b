package dev.strongroom.hsm.node.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Seals key material without ever having it on the heap: root key, domain keys, backing keys.
 *
 * <pre>
 * offset  bytes  content
 *      0      1  version 0x01
 *      1     16  N, random
 *     17      n  ciphertext, 1 to 2560 bytes, as long as the material
 *   17+n     32  tag
 *
 * place      = version || N || SHA-256(aad)
 * ciphertext = material XOR KBKDF(key, "strongroom material stream v1", place)
 * tag        = KBKDF(key, "strongroom material tag v1", place || ciphertext), 32 bytes
 * </pre>
 *
 * <p>Why this is safe. HMAC-SHA-256 under a uniform 256-bit key is a pseudorandom function, and the two labels keep the
 * inputs for stream and tag apart, so stream and tag behave as outputs of two independent random functions. For a fresh
 * place the stream is a one-time pad. Places repeat with a chance of about q^2 / 2^129 over q seals of one domain key
 * (2^28 of them: 2^-73), and not at all between different records, as the AAD is hashed into them. The tag is a PRF over
 * an injective encoding of place and ciphertext, checked before anything is decrypted: encrypt-then-MAC, hence
 * confidential and authentic against chosen ciphertexts. The 32-byte tag is collision-resistant, so it also commits to
 * the key.
 *
 * <p>Safe for concurrent use.
 */
public final class MaterialSeal {

    /** How much longer a sealed material is than the material. */
    public static final int OVERHEAD_BYTES = 1 + 16 + 32;

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 16;
    private static final int HEADER_BYTES = 1 + NONCE_BYTES;
    private static final int HASH_BYTES = 32;
    private static final int TAG_BYTES = 32;
    private static final String STREAM_LABEL = "strongroom material stream v1";
    private static final String TAG_LABEL = "strongroom material tag v1";

    private final Entropy entropy;

    public MaterialSeal(Entropy entropy) {
        this.entropy = entropy;
    }

    /**
     * Seals {@code material}, which stays the caller's.
     *
     * @param aad the place it belongs to, may be empty
     * @throws IllegalStateException if one of the keys is closed
     */
    public byte[] seal(KeyMaterial domainKey, byte[] aad, KeyMaterial material) {
        var nonce = new byte[NONCE_BYTES];
        entropy.fill(nonce);
        return sealWith(nonce, domainKey, aad, material);
    }

    /** With a given N, which must never have been used for this key and AAD: for known answers only. */
    static byte[] sealWith(byte[] nonce, KeyMaterial domainKey, byte[] aad, KeyMaterial material) {
        var sealed = new byte[OVERHEAD_BYTES + material.length()];
        sealed[0] = VERSION;
        System.arraycopy(nonce, 0, sealed, 1, NONCE_BYTES);
        try (var stream = Kbkdf.deriveKey(domainKey, STREAM_LABEL, place(sealed, aad, 0), material.length())) {
            material.xorTo(stream, sealed, HEADER_BYTES);
            material.requireOpen();
        }
        var tag = tag(domainKey, sealed, aad);
        System.arraycopy(tag, 0, sealed, sealed.length - TAG_BYTES, TAG_BYTES);
        return sealed;
    }

    /**
     * Opens a sealed material; the caller closes it.
     *
     * @throws UnsealException if it was not sealed in this place under this key, or was changed
     * @throws IllegalStateException if {@code domainKey} is closed
     */
    public KeyMaterial open(KeyMaterial domainKey, byte[] aad, byte[] sealed) throws UnsealException {
        int length = sealed.length - OVERHEAD_BYTES;
        if (length < 1 || length > KeyMaterial.MAX_BYTES || sealed[0] != VERSION) {
            throw new UnsealException("not a sealed key of version " + VERSION);
        }
        var stored = Arrays.copyOfRange(sealed, sealed.length - TAG_BYTES, sealed.length);
        if (!MessageDigest.isEqual(tag(domainKey, sealed, aad), stored)) {
            throw new UnsealException("a sealed key does not open in this place under this key");
        }
        try (var stream = Kbkdf.deriveKey(domainKey, STREAM_LABEL, place(sealed, aad, 0), length)) {
            var material = KeyMaterial.blank(length);
            material.xorFrom(sealed, HEADER_BYTES, stream);
            return material;
        }
    }

    private static byte[] tag(KeyMaterial domainKey, byte[] sealed, byte[] aad) {
        int length = sealed.length - OVERHEAD_BYTES;
        var input = place(sealed, aad, length);
        System.arraycopy(sealed, HEADER_BYTES, input, HEADER_BYTES + HASH_BYTES, length);
        return Kbkdf.derive(domainKey, TAG_LABEL, input, TAG_BYTES);
    }

    /** Version, N and the hash of the AAD, with room for {@code extra} bytes behind. */
    private static byte[] place(byte[] sealed, byte[] aad, int extra) {
        var place = new byte[HEADER_BYTES + HASH_BYTES + extra];
        System.arraycopy(sealed, 0, place, 0, HEADER_BYTES);
        System.arraycopy(Digests.sha256(aad), 0, place, HEADER_BYTES, HASH_BYTES);
        return place;
    }
}
