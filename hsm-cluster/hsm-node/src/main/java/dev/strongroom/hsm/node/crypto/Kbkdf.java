package dev.strongroom.hsm.node.crypto;

import java.util.Arrays;

/**
 * Key derivation in counter mode with HMAC-SHA-256 (NIST SP 800-108r1, section 4.1): the only thing that ever touches a
 * long-lived key.
 *
 * <pre>
 * block i = HMAC-SHA-256(key, i (4 bytes) || label || 0x00 || context || length of the result in bits (4 bytes))
 * </pre>
 *
 * Integers are big-endian, i starts at 1. A label is ASCII without zeros and every use has its own, so results for
 * different purposes are independent as long as HMAC-SHA-256 is a pseudorandom function. The key has no copy on the heap
 * when a call returns.
 */
public final class Kbkdf {

    private static final int BLOCK_BYTES = 32;

    private static final ThreadLocal<Kbkdf> PER_THREAD = ThreadLocal.withInitial(Kbkdf::new);

    private final HmacEngine hmac = new HmacEngine(Providers.SHA_256.digest(), 64);
    private final byte[] last = new byte[BLOCK_BYTES];

    private Kbkdf() {}

    /**
     * Derives {@code bytes} bytes onto the heap: for one-time keys, commitments and check values, which the caller wipes.
     *
     * @param context may be empty; the caller keeps it unambiguous
     * @throws IllegalStateException if {@code key} is closed
     */
    public static byte[] derive(KeyMaterial key, String label, byte[] context, int bytes) {
        var result = new byte[bytes];
        try {
            PER_THREAD.get().fill(key, fixedInput(label, context, bytes), result);
            return result;
        } catch (IllegalStateException e) {
            Arrays.fill(result, (byte) 0);
            throw e;
        }
    }

    /**
     * As {@link #derive}, for a key that lives longer: the result goes off the heap, the caller closes it.
     *
     * @throws IllegalStateException if {@code key} is closed
     */
    public static KeyMaterial deriveKey(KeyMaterial key, String label, byte[] context, int bytes) {
        var input = fixedInput(label, context, bytes);
        var result = KeyMaterial.blank(bytes);
        try {
            PER_THREAD.get().fill(key, input, result);
            return result;
        } catch (IllegalStateException e) {
            result.close();
            throw e;
        }
    }

    private void fill(KeyMaterial key, byte[] input, byte[] result) {
        int at = 0;
        for (int counter = 1; at < result.length; counter++, at += BLOCK_BYTES) {
            writeInt(input, 0, counter);
            if (result.length - at >= BLOCK_BYTES) {
                hmac.tag(key, input, result, at);
            } else {
                hmac.tag(key, input, last, 0);
                System.arraycopy(last, 0, result, at, result.length - at);
                Arrays.fill(last, (byte) 0);
            }
        }
    }

    private void fill(KeyMaterial key, byte[] input, KeyMaterial result) {
        int at = 0;
        for (int counter = 1; at < result.length(); counter++, at += BLOCK_BYTES) {
            writeInt(input, 0, counter);
            hmac.tag(key, input, last, 0);
            result.write(at, last, Math.min(BLOCK_BYTES, result.length() - at));
            Arrays.fill(last, (byte) 0);
        }
    }

    /** Counter (still zero), label, separator, context, length: public, so it may lie on the heap. */
    private static byte[] fixedInput(String label, byte[] context, int bytes) {
        int labelBytes = label.length();
        var input = new byte[4 + labelBytes + 1 + context.length + 4];
        for (int i = 0; i < labelBytes; i++) {
            char c = label.charAt(i);
            if (c == 0 || c > 0x7e) {
                throw new IllegalArgumentException("a label is ASCII without zeros");
            }
            input[4 + i] = (byte) c;
        }
        System.arraycopy(context, 0, input, 4 + labelBytes + 1, context.length);
        writeInt(input, input.length - 4, Math.multiplyExact(bytes, 8));
        return input;
    }

    private static void writeInt(byte[] out, int at, int value) {
        out[at] = (byte) (value >>> 24);
        out[at + 1] = (byte) (value >>> 16);
        out[at + 2] = (byte) (value >>> 8);
        out[at + 3] = (byte) value;
    }
}
