package dev.strongroom.conformance.enclave;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes CBOR (RFC 8949) as the Nitro Secure Module does: shortest heads, definite lengths. Our own lines, not the library
 * that the server reads with.
 */
final class CborText {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Of numbers that are not negative, texts, byte arrays, lists, maps, and null for CBOR's. */
    static byte[] of(@org.jspecify.annotations.Nullable Object value) {
        var text = new CborText();
        text.write(value);
        return text.out.toByteArray();
    }

    private void write(@org.jspecify.annotations.Nullable Object value) {
        if (value == null) {
            out.write(0xf6);
        } else if (value instanceof Number number) {
            head(0, number.longValue());
        } else if (value instanceof byte[] octets) {
            head(2, octets.length);
            out.writeBytes(octets);
        } else if (value instanceof String text) {
            var octets = text.getBytes(StandardCharsets.UTF_8);
            head(3, octets.length);
            out.writeBytes(octets);
        } else if (value instanceof List<?> list) {
            head(4, list.size());
            list.forEach(this::write);
        } else if (value instanceof Map<?, ?> map) {
            head(5, map.size());
            map.forEach((key, part) -> {
                write(key);
                write(part);
            });
        } else {
            throw new IllegalArgumentException("no CBOR for " + value.getClass());
        }
    }

    private void head(int major, long number) {
        int first = major << 5;
        if (number < 24) {
            out.write(first + (int) number);
        } else if (number < 1L << 8) {
            out.write(first + 24);
            out.write((int) number);
        } else if (number < 1L << 16) {
            out.write(first + 25);
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) number).array());
        } else if (number < 1L << 32) {
            out.write(first + 26);
            out.writeBytes(ByteBuffer.allocate(4).putInt((int) number).array());
        } else {
            out.write(first + 27);
            out.writeBytes(ByteBuffer.allocate(8).putLong(number).array());
        }
    }
}
