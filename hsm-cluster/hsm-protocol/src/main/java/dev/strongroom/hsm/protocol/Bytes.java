package dev.strongroom.hsm.protocol;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Public bytes as a value: compared by content, never changed after creation. Not for secrets; those are {@link
 * Plaintext}.
 */
public final class Bytes {

    private static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] octets;

    private Bytes(byte[] octets) {
        this.octets = octets;
    }

    /** A value over a copy of {@code octets}. */
    public static Bytes copyOf(byte[] octets) {
        return octets.length == 0 ? EMPTY : new Bytes(octets.clone());
    }

    /** A value over {@code octets} itself; the caller gives the array away and must not write to it again. */
    public static Bytes wrap(byte[] octets) {
        return octets.length == 0 ? EMPTY : new Bytes(octets);
    }

    /** The value that {@code hex} (lower or upper case, no separators) spells. */
    public static Bytes ofHex(String hex) {
        return wrap(HexFormat.of().parseHex(hex));
    }

    public static Bytes empty() {
        return EMPTY;
    }

    public int length() {
        return octets.length;
    }

    public byte at(int index) {
        return octets[index];
    }

    /** A copy of the content. */
    public byte[] toArray() {
        return octets.clone();
    }

    /** The backing array, for readers on the hot path only; it must not be written to. */
    public byte[] readOnlyArray() {
        return octets;
    }

    public String toHex() {
        return HexFormat.of().formatHex(octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** The length only, so that a log line never carries content. */
    @Override
    public String toString() {
        return "Bytes[" + octets.length + "]";
    }
}
