package dev.strongroom.hsm.node.crypto;

import static dev.strongroom.hsm.protocol.CiphertextBlob.COMMITMENT_BYTES;
import static dev.strongroom.hsm.protocol.CiphertextBlob.COMMITMENT_OFFSET;
import static dev.strongroom.hsm.protocol.CiphertextBlob.HEADER_BYTES;
import static dev.strongroom.hsm.protocol.CiphertextBlob.ID_BYTES;
import static dev.strongroom.hsm.protocol.CiphertextBlob.ID_OFFSET;
import static dev.strongroom.hsm.protocol.CiphertextBlob.NONCE_BYTES;
import static dev.strongroom.hsm.protocol.CiphertextBlob.NONCE_OFFSET;
import static dev.strongroom.hsm.protocol.CiphertextBlob.RANDOM_BYTES;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/**
 * Encrypts messages under a symmetric KMS key, in the layout of {@link CiphertextBlob} version 1.
 *
 * <pre>
 * key (32) || commitment (32) = KBKDF(backing key, "strongroom data v1", nonce (24) || backing-key id (16))
 * ciphertext || tag           = AES-256-GCM(key, IV = 0, AAD = header (76) || aad, plaintext)
 * </pre>
 *
 * <p>Every message has a key of its own, so a backing key may seal any number of messages on any number of nodes without
 * a shared counter: 20 bytes of the nonce are random and the other four follow from what stands before them, so after q
 * messages two nonces are equal with a chance of about q^2 / 2^161. The commitment ties a blob to one key: GCM alone lets
 * one ciphertext be made that opens under two keys. It is checked first.
 *
 * <p>Safe for concurrent use.
 */
public final class MessageCipher {

    private static final String LABEL = "strongroom data v1";
    private static final int DERIVED_BYTES = AesGcm.KEY_BYTES + COMMITMENT_BYTES;

    private final Entropy entropy;

    public MessageCipher(Entropy entropy) {
        this.entropy = entropy;
    }

    /**
     * Seals {@code plaintext} under fresh random bytes.
     *
     * @param backingKeyId 16 bytes, readable in the blob
     * @param plaintext at least one byte; stays the caller's
     * @param aad the canonical encryption context, may be empty
     * @throws IllegalStateException if {@code backingKey} is closed
     */
    public byte[] seal(KeyMaterial backingKey, Bytes backingKeyId, byte[] plaintext, byte[] aad) {
        var random = new byte[RANDOM_BYTES];
        entropy.fill(random);
        return sealWith(random, backingKey, backingKeyId, plaintext, aad);
    }

    /** With given random bytes, which must never have been used under this key: for known answers only. */
    static byte[] sealWith(byte[] random, KeyMaterial backingKey, Bytes backingKeyId, byte[] plaintext, byte[] aad) {
        if (plaintext.length == 0) {
            throw new IllegalArgumentException("a blob holds at least one byte");
        }
        var blob = new byte[HEADER_BYTES + plaintext.length + CiphertextBlob.TAG_BYTES];
        CiphertextBlob.begin(blob, backingKeyId, random);
        var derived = derive(backingKey, blob);
        try {
            System.arraycopy(derived, AesGcm.KEY_BYTES, blob, COMMITMENT_OFFSET, COMMITMENT_BYTES);
            AesGcm.seal(derived, blob, HEADER_BYTES, aad, plaintext);
            return blob;
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    /**
     * Opens a blob; the caller wipes the result.
     *
     * @param backingKey the key that {@link CiphertextBlob#backingKeyId} names
     * @throws InvalidCiphertextException if it is not a blob, or key, AAD or any byte of it is not what it was sealed with
     * @throws IllegalStateException if {@code backingKey} is closed
     */
    public byte[] open(KeyMaterial backingKey, byte[] blob, byte[] aad) throws InvalidCiphertextException {
        if (!CiphertextBlob.isWellFormed(blob)) {
            throw new InvalidCiphertextException();
        }
        var derived = derive(backingKey, blob);
        try {
            int difference = 0;
            for (int i = 0; i < COMMITMENT_BYTES; i++) {
                difference |= derived[AesGcm.KEY_BYTES + i] ^ blob[COMMITMENT_OFFSET + i];
            }
            if (difference != 0) {
                throw new InvalidCiphertextException();
            }
            return AesGcm.open(derived, blob, HEADER_BYTES, aad);
        } catch (AEADBadTagException e) {
            throw new InvalidCiphertextException();
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }

    private static byte[] derive(KeyMaterial backingKey, byte[] blob) {
        var context = new byte[NONCE_BYTES + ID_BYTES];
        System.arraycopy(blob, NONCE_OFFSET, context, 0, NONCE_BYTES);
        System.arraycopy(blob, ID_OFFSET, context, NONCE_BYTES, ID_BYTES);
        return Kbkdf.derive(backingKey, LABEL, context, DERIVED_BYTES);
    }
}
