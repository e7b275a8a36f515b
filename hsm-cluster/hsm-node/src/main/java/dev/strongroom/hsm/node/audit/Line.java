package dev.strongroom.hsm.node.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing line of ASCII. Whatever a caller chose is escaped, so that nobody can end a text or a line early: there is one
 * byte sequence for each content, and all of it is printable. Reused; for one thread at a time.
 */
@CanIgnoreReturnValue
public final class Line {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int USUAL_BYTES = 1_024;
    private static final int LONGEST_NUMBER = 20;

    private byte[] octets = new byte[USUAL_BYTES];
    private int length;

    /** Empties it. */
    Line clear() {
        length = 0;
        return this;
    }

    int length() {
        return length;
    }

    /** The array that holds the line, up to {@link #length()}. */
    byte[] array() {
        return octets;
    }

    /** {@code ,"name":"text"}, the text escaped. */
    public Line text(String name, String text) {
        return name(name).raw('"').escaped(text).raw('"');
    }

    /** {@code ,"name":number}. */
    public Line number(String name, long number) {
        return name(name).number(number);
    }

    /** {@code ,"name":"hex"}, two lower-case digits a byte. */
    public Line hex(String name, byte[] bytes) {
        return name(name).raw('"').hex(bytes).raw('"');
    }

    /** {@code ,"name":"hex"} of two halves, such as a UUID's or a record id's. */
    public Line hex(String name, long high, long low) {
        return name(name).raw('"').hex(high).hex(low).raw('"');
    }

    private Line name(String name) {
        return raw(",\"").raw(name).raw("\":");
    }

    /** ASCII that needs no escape. */
    Line raw(String ascii) {
        int count = ascii.length();
        room(count);
        for (int i = 0; i < count; i++) {
            octets[length + i] = (byte) ascii.charAt(i);
        }
        length += count;
        return this;
    }

    Line raw(char ascii) {
        room(1);
        octets[length++] = (byte) ascii;
        return this;
    }

    Line append(Line other) {
        room(other.length);
        System.arraycopy(other.octets, 0, octets, length, other.length);
        length += other.length;
        return this;
    }

    Line append(byte[] ascii) {
        room(ascii.length);
        System.arraycopy(ascii, 0, octets, length, ascii.length);
        length += ascii.length;
        return this;
    }

    Line number(long number) {
        if (number < 0) {
            return raw(Long.toString(number));
        }
        room(LONGEST_NUMBER);
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int at = length + digits - 1; at >= length; at--) {
            octets[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    Line hex(byte[] bytes) {
        room(2 * bytes.length);
        for (byte b : bytes) {
            octets[length++] = HEX[b >> 4 & 0xF];
            octets[length++] = HEX[b & 0xF];
        }
        return this;
    }

    private Line hex(long value) {
        room(2 * Long.BYTES);
        for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
            octets[length++] = HEX[(int) (value >>> shift) & 0xF];
        }
        return this;
    }

    private Line escaped(String text) {
        int count = text.length();
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c > '~') {
                raw("\\u");
                room(4);
                for (int shift = 12; shift >= 0; shift -= 4) {
                    octets[length++] = HEX[c >> shift & 0xF];
                }
            } else {
                raw(c);
            }
        }
        return this;
    }

    private void room(int count) {
        if (octets.length - length < count) {
            octets = Arrays.copyOf(octets, Math.max(2 * octets.length, length + count));
        }
    }

    /** The content. */
    @Override
    public String toString() {
        return new String(octets, 0, length, StandardCharsets.US_ASCII);
    }
}
