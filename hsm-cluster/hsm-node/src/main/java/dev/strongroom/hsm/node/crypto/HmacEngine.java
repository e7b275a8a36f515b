package dev.strongroom.hsm.node.crypto;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * HMAC (RFC 2104, FIPS 198-1) over a hash of the JDK, with a key that stays off the heap. {@code javax.crypto.Mac} wants
 * its key as an array, keeps several copies and cannot wipe them; here the only heap form of the key is one padded block,
 * overwritten as soon as the hash has taken it in.
 *
 * <p>For one thread at a time.
 */
final class HmacEngine {

    private static final long INNER_PAD = 0x3636363636363636L;
    private static final long OUTER_PAD = 0x5c5c5c5c5c5c5c5cL;

    private final MessageDigest digest;
    private final byte[] block;
    private final byte[] inner;

    /** @param blockBytes the input block of the hash: 64 for SHA-224 and SHA-256, 128 for SHA-384 and SHA-512 */
    HmacEngine(MessageDigest digest, int blockBytes) {
        this.digest = digest;
        this.block = new byte[blockBytes];
        this.inner = new byte[digest.getDigestLength()];
    }

    /**
     * Writes the tag over {@code message}, as long as the hash, at {@code offset} of {@code out}.
     *
     * @throws IllegalStateException if the key was closed before or meanwhile; {@code out} is then wiped
     */
    void tag(KeyMaterial key, byte[] message, byte[] out, int offset) {
        try {
            absorb(key, INNER_PAD);
            digest.update(message);
            digest.digest(inner, 0, inner.length);
            absorb(key, OUTER_PAD);
            digest.update(inner);
            digest.digest(out, offset, inner.length);
            key.requireOpen();
        } catch (IllegalStateException e) {
            Arrays.fill(out, offset, offset + inner.length, (byte) 0);
            throw e;
        } catch (DigestException e) {
            throw new IllegalStateException("no room for a tag of " + inner.length + " bytes", e);
        } finally {
            // A JDK digest keeps its chaining value, here the tag itself, and parts of the message until it is reset.
            digest.reset();
            Arrays.fill(block, (byte) 0);
            Arrays.fill(inner, (byte) 0);
        }
    }

    private void absorb(KeyMaterial key, long pad) {
        if (key.length() <= block.length) {
            key.writePadded(block, pad);
        } else {
            writeHashed(key, (byte) pad);
        }
        digest.update(block);
        Arrays.fill(block, (byte) 0);
    }

    /** A key longer than a block is replaced by its hash. */
    private void writeHashed(KeyMaterial key, byte pad) {
        for (int at = 0; at < key.length(); at += block.length) {
            int count = Math.min(block.length, key.length() - at);
            key.read(at, block, count);
            digest.update(block, 0, count);
        }
        Arrays.fill(block, (byte) 0);
        try {
            digest.digest(block, 0, inner.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a hash is longer than its block", e);
        }
        for (int i = 0; i < block.length; i++) {
            block[i] ^= pad;
        }
    }
}
