package dev.strongroom.hsm.protocol;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A caller's secret in transit: the body of an Encrypt, a data key, a credential. It has one owner at a time, who closes
 * it; closing overwrites the bytes. Not safe for use from two threads at once.
 */
public final class Plaintext implements AutoCloseable {

    private final byte[] octets;

    private Plaintext(byte[] octets) {
        this.octets = octets;
    }

    /** Takes {@code octets} over: the caller must not use the array again, it is wiped when this is closed. */
    public static Plaintext wrap(byte[] octets) {
        return new Plaintext(octets);
    }

    /** A secret of no bytes, for replies that carry none. */
    public static Plaintext none() {
        return new Plaintext(new byte[0]);
    }

    public int length() {
        return octets.length;
    }

    /** Lends the bytes to {@code reader}, who must not keep or change them. */
    public <T> T use(Function<byte[], T> reader) {
        return reader.apply(octets);
    }

    @Override
    public void close() {
        Arrays.fill(octets, (byte) 0);
    }

    /** Compares in time that depends on the lengths only. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Plaintext that && MessageDigest.isEqual(octets, that.octets);
    }

    /** The length: anything more would say something about the content. */
    @Override
    public int hashCode() {
        return octets.length;
    }

    @Override
    public String toString() {
        return "Plaintext[redacted]";
    }
}
