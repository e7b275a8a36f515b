package dev.strongroom.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The canonical bytes of an encryption context, which every ciphertext blob authenticates.
 *
 * <p>The form never changes: a blob of today must open in many years. A new form would be a new version beside this one.
 *
 * <table>
 * <caption>Version 1; integers are big-endian and unsigned</caption>
 * <tr><th>Bytes</th><th>Meaning</th></tr>
 * <tr><td>1</td><td>version, 1</td></tr>
 * <tr><td>4</td><td>number of pairs; 0 if there is no context, be it absent or empty</td></tr>
 * <tr><td colspan="2">then each pair, in the order of the UTF-8 bytes (unsigned) of its key:</td></tr>
 * <tr><td>4</td><td>length of the key</td></tr>
 * <tr><td>…</td><td>key in UTF-8</td></tr>
 * <tr><td>4</td><td>length of the value</td></tr>
 * <tr><td>…</td><td>value in UTF-8</td></tr>
 * </table>
 *
 * <p>Two contexts have the same bytes only if they are equal: every part has its length before it, the order is fixed,
 * and a string without a faithful UTF-8 form is refused. The context is not secret; it is logged in clear.
 */
public final class EncryptionContext {

    /** Most UTF-8 bytes of all keys and values together. The service documents 8 KB; how it counts is not confirmed. */
    public static final int MAX_BYTES = 8192;

    private static final byte VERSION = 1;

    private EncryptionContext() {}

    /**
     * The canonical bytes.
     *
     * @throws KmsException {@link KmsError#VALIDATION} if the context is too long or holds half a surrogate pair
     */
    public static byte[] canonical(Map<String, String> context) {
        var pairs = new ArrayList<byte[][]>(context.size());
        var bytes = 0L;
        for (var entry : context.entrySet()) {
            var pair = new byte[][] {utf8(entry.getKey()), utf8(entry.getValue())};
            bytes += pair[0].length + pair[1].length;
            pairs.add(pair);
        }
        if (bytes > MAX_BYTES) {
            throw KmsException.of(
                    KmsError.VALIDATION, "The encryption context must not be longer than " + MAX_BYTES + " bytes.");
        }
        pairs.sort((a, b) -> Arrays.compareUnsigned(a[0], b[0]));
        var out = ByteBuffer.allocate(1 + 4 + pairs.size() * 8 + (int) bytes);
        out.put(VERSION).putInt(pairs.size());
        for (var pair : pairs) {
            out.putInt(pair[0].length).put(pair[0]).putInt(pair[1].length).put(pair[1]);
        }
        return out.array();
    }

    /**
     * The context of which these are the canonical bytes, in their order.
     *
     * @throws IllegalArgumentException if no context has these bytes
     */
    public static Map<String, String> parse(byte[] canonical) {
        var context = new LinkedHashMap<String, String>();
        try {
            var in = ByteBuffer.wrap(canonical);
            if (in.get() != VERSION) {
                throw new IllegalArgumentException("unknown version of an encryption context");
            }
            for (var left = Integer.toUnsignedLong(in.getInt()); left > 0; left--) {
                context.put(text(in), text(in));
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("truncated encryption context", e);
        }
        // One test for order, duplicates, bad UTF-8, trailing bytes and length.
        if (!Arrays.equals(canonical, canonicalOrNothing(context))) {
            throw new IllegalArgumentException("not the canonical form of an encryption context");
        }
        return context;
    }

    private static byte[] canonicalOrNothing(Map<String, String> context) {
        try {
            return canonical(context);
        } catch (KmsException e) {
            return new byte[0];
        }
    }

    private static String text(ByteBuffer in) {
        var length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("truncated encryption context");
        }
        var bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, UTF_8);
    }

    private static byte[] utf8(String text) {
        var bytes = text.getBytes(UTF_8);
        // Half a surrogate pair becomes a question mark, and two contexts would become one.
        if (!text.equals(new String(bytes, UTF_8))) {
            throw KmsException.of(KmsError.VALIDATION, "The encryption context is not valid Unicode.");
        }
        return bytes;
    }
}
