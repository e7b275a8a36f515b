package dev.strongroom.hsm.protocol;

import java.util.Optional;

/**
 * The layout of what Encrypt and GenerateDataKey give out under a symmetric KMS key, version 1. It can be read for ever.
 *
 * <pre>
 * offset  bytes  content
 *      0      2  magic 0x53 0x52 ("SR")
 *      2      1  version 0x01
 *      3      1  algorithm 0x01: AES-256-GCM, key and commitment derived per message
 *      4     16  backing-key id
 *     20     24  nonce, random
 *     44     32  key commitment
 *     76      n  ciphertext, as long as the plaintext
 *   76+n     16  tag
 * </pre>
 *
 * The first 76 bytes are part of the AAD, so no byte of a blob can be changed unnoticed.
 */
public final class CiphertextBlob {

    public static final int ID_OFFSET = 4;
    public static final int ID_BYTES = 16;
    public static final int NONCE_OFFSET = 20;
    public static final int NONCE_BYTES = 24;
    public static final int COMMITMENT_OFFSET = 44;
    public static final int COMMITMENT_BYTES = 32;
    public static final int HEADER_BYTES = 76;
    public static final int TAG_BYTES = 16;

    private static final byte[] PREFIX = {0x53, 0x52, 0x01, 0x01};

    private CiphertextBlob() {}

    /** Writes magic, version and algorithm at the start of {@code blob}. */
    public static void writePrefix(byte[] blob) {
        System.arraycopy(PREFIX, 0, blob, 0, PREFIX.length);
    }

    /** Whether {@code blob} has the form of version 1. Says nothing about whether it opens. */
    public static boolean isWellFormed(byte[] blob) {
        if (blob.length <= HEADER_BYTES + TAG_BYTES) {
            return false;
        }
        for (int i = 0; i < PREFIX.length; i++) {
            if (blob[i] != PREFIX[i]) {
                return false;
            }
        }
        return true;
    }

    /** The backing key that a blob says it was made under, 16 bytes; empty if it is no blob of ours. */
    public static Optional<Bytes> backingKeyId(byte[] blob) {
        if (!isWellFormed(blob)) {
            return Optional.empty();
        }
        var id = new byte[ID_BYTES];
        System.arraycopy(blob, ID_OFFSET, id, 0, ID_BYTES);
        return Optional.of(Bytes.wrap(id));
    }
}
