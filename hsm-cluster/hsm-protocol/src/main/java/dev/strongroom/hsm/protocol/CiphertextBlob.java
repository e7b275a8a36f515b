package dev.strongroom.hsm.protocol;

import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The layout of what Encrypt and GenerateDataKey give out under a symmetric KMS key, version 1. It can be read for ever.
 *
 * <pre>
 * offset  bytes  content
 *      0      2  magic 0x53 0x52 ("SR")
 *      2      1  version 0x01
 *      3      1  algorithm 0x01: AES-256-GCM, key and commitment derived per message
 *      4     16  backing-key id
 *     20     20  random
 *     40      4  check: CRC-32C (RFC 3720, appendix B.4) of the 40 bytes before it, big-endian
 *     44     32  key commitment
 *     76      n  ciphertext, as long as the plaintext
 *   76+n     16  tag
 * </pre>
 *
 * The first 76 bytes are part of the AAD, so no byte of a blob can be changed unnoticed. Random and check together are the
 * nonce of the message.
 *
 * <p>The check is no protection: anybody can compute it. It tells a damaged blob from the blob of another key before
 * anybody looks for that key, so that damage has one answer. Up to five flipped bits, and any damage within four bytes, it
 * finds with certainty (CRC-32C has a Hamming distance of 6 at this length), anything else but once in 2^32.
 */
public final class CiphertextBlob {

    public static final int ID_OFFSET = 4;
    public static final int ID_BYTES = 16;
    public static final int NONCE_OFFSET = 20;
    public static final int NONCE_BYTES = 24;
    public static final int RANDOM_BYTES = 20;
    public static final int COMMITMENT_OFFSET = 44;
    public static final int COMMITMENT_BYTES = 32;
    public static final int HEADER_BYTES = 76;
    public static final int TAG_BYTES = 16;

    private static final int CHECK_OFFSET = NONCE_OFFSET + RANDOM_BYTES;
    private static final byte[] PREFIX = {0x53, 0x52, 0x01, 0x01};

    private CiphertextBlob() {}

    /**
     * Writes all that comes before the commitment at the start of {@code blob}.
     *
     * @param backingKeyId 16 bytes
     * @param random 20 bytes
     */
    public static void begin(byte[] blob, Bytes backingKeyId, byte[] random) {
        if (backingKeyId.length() != ID_BYTES || random.length != RANDOM_BYTES) {
            throw new IllegalArgumentException(
                    "an id has " + ID_BYTES + " bytes, what is random " + RANDOM_BYTES + " bytes");
        }
        System.arraycopy(PREFIX, 0, blob, 0, PREFIX.length);
        System.arraycopy(backingKeyId.readOnlyArray(), 0, blob, ID_OFFSET, ID_BYTES);
        System.arraycopy(random, 0, blob, NONCE_OFFSET, RANDOM_BYTES);
        int check = check(blob);
        for (int i = CHECK_OFFSET; i < COMMITMENT_OFFSET; i++) {
            blob[i] = (byte) (check >>> (8 * (COMMITMENT_OFFSET - 1 - i)));
        }
    }

    /** Whether {@code blob} has the form of version 1 and its check fits. Says nothing about whether it opens. */
    public static boolean isWellFormed(byte[] blob) {
        if (blob.length <= HEADER_BYTES + TAG_BYTES) {
            return false;
        }
        for (int i = 0; i < PREFIX.length; i++) {
            if (blob[i] != PREFIX[i]) {
                return false;
            }
        }
        int written = 0;
        for (int i = CHECK_OFFSET; i < COMMITMENT_OFFSET; i++) {
            written = (written << 8) | (blob[i] & 0xff);
        }
        return written == check(blob);
    }

    private static int check(byte[] blob) {
        var crc = new CRC32C();
        crc.update(blob, 0, CHECK_OFFSET);
        return (int) crc.getValue();
    }

    /** The backing key that a blob says it was made under, 16 bytes; empty if it is no blob of ours, or a damaged one. */
    public static Optional<Bytes> backingKeyId(byte[] blob) {
        if (!isWellFormed(blob)) {
            return Optional.empty();
        }
        var id = new byte[ID_BYTES];
        System.arraycopy(blob, ID_OFFSET, id, 0, ID_BYTES);
        return Optional.of(Bytes.wrap(id));
    }
}
