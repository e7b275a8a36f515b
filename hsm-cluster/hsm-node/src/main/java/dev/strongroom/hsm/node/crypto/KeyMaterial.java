package dev.strongroom.hsm.node.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The secret bytes of a key, 1 to {@value #MAX_BYTES} of them, kept outside the Java heap so that the collector never moves or copies
 * them and closing really overwrites them.
 *
 * <p>Only this package reads the bytes, block by block; there is no way to get them as an array. Whoever creates a
 * material owns it and closes it. One that is lost without being closed is overwritten when the collector finds it: a
 * second line of defence, not a licence.
 *
 * <p>Safe for concurrent readers, and for closing while others read. A reader never locks: it asks for the closed flag
 * before and after its last read, and the flag is raised before the first byte is overwritten. So a reader either saw
 * the whole key or gets an {@link IllegalStateException}; a result computed from a half-wiped key never leaves {@link
 * HmacEngine}. The memory itself is given back only when no reader can reach it any more.
 */
public final class KeyMaterial implements AutoCloseable {

    /** Room for the longest key there is: RSA-4096 as PKCS#8, at most 2,376 bytes with the usual exponent. */
    static final int MAX_BYTES = 2560;

    /** The longest block of a SHA-2 hash. Room is a multiple of it, so the zero padding of HMAC is already in place. */
    private static final int ROOM_STEP = 128;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final Cleaner CLEANER = Cleaner.create();

    private final int length;
    private final ByteBuffer octets;
    private final Cleaner.Cleanable wiping;
    private volatile boolean closed;

    private KeyMaterial(int length) {
        if (length < 1 || length > MAX_BYTES) {
            throw new IllegalArgumentException("key material has 1 to " + MAX_BYTES + " bytes, not " + length);
        }
        this.length = length;
        int room = (length + ROOM_STEP - 1) / ROOM_STEP * ROOM_STEP;
        this.octets = ByteBuffer.allocateDirect(room).order(ByteOrder.nativeOrder());
        this.wiping = CLEANER.register(this, new Wipe(octets));
    }

    /** Copies {@code secret} (1 to {@value #MAX_BYTES} bytes) off the heap and overwrites the array, also if it is refused. */
    public static KeyMaterial takeFrom(byte[] secret) {
        try {
            var material = new KeyMaterial(secret.length);
            material.write(0, secret, secret.length);
            return material;
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** An independent copy with an owner of its own. */
    public KeyMaterial copy() {
        var copy = new KeyMaterial(length);
        for (int i = 0; i < octets.capacity(); i += Long.BYTES) {
            copy.octets.putLong(i, octets.getLong(i));
        }
        return copy.orClosedWith(this);
    }

    /** Material of zeros, for a producer in this package that writes all of it. */
    static KeyMaterial blank(int length) {
        return new KeyMaterial(length);
    }

    /** {@code prefix} followed by the bytes of {@code secret}, as a material of its own. */
    static KeyMaterial prefixed(byte[] prefix, KeyMaterial secret) {
        var joined = new KeyMaterial(prefix.length + secret.length);
        joined.write(0, prefix, prefix.length);
        for (int i = 0; i < secret.length; i++) {
            joined.octets.put(prefix.length + i, secret.octets.get(i));
        }
        return joined.orClosedWith(secret);
    }

    public int length() {
        return length;
    }

    /** Whether both hold the same bytes, in time that depends on the lengths only. */
    public boolean sameAs(KeyMaterial other) {
        int difference = length ^ other.length;
        for (int i = 0; i < Math.min(length, other.length); i++) {
            difference |= octets.get(i) ^ other.octets.get(i);
        }
        requireOpen();
        other.requireOpen();
        return difference == 0;
    }

    /** Fills {@code block} (a multiple of 8 bytes, at most 128) with the zero-padded key, each byte XORed with the pad. */
    void writePadded(byte[] block, long pad) {
        for (int i = 0; i < block.length; i += Long.BYTES) {
            LONGS.set(block, i, octets.getLong(i) ^ pad);
        }
    }

    /** Copies {@code count} bytes from {@code offset} to the start of {@code chunk}, which the caller wipes. */
    void read(int offset, byte[] chunk, int count) {
        octets.get(offset, chunk, 0, count);
    }

    /** Writes the first {@code count} bytes of {@code source} at {@code offset}; only while the material is being made. */
    void write(int offset, byte[] source, int count) {
        octets.put(offset, source, 0, count);
    }

    /** {@code out[outOffset + i] = this[i] XOR stream[i]} over the whole length. */
    void xorTo(KeyMaterial stream, byte[] out, int outOffset) {
        for (int i = 0; i < length; i++) {
            out[outOffset + i] = (byte) (octets.get(i) ^ stream.octets.get(i));
        }
    }

    /** {@code this[i] = in[inOffset + i] XOR stream[i]} over the whole length. */
    void xorFrom(byte[] in, int inOffset, KeyMaterial stream) {
        for (int i = 0; i < length; i++) {
            octets.put(i, (byte) (in[inOffset + i] ^ stream.octets.get(i)));
        }
    }

    /** Called after the last read of a computation and before its result is given away. */
    void requireOpen() {
        // Pairs with the fence in close(): if any read above saw a wiped byte, the flag is seen here.
        VarHandle.acquireFence();
        if (closed) {
            throw new IllegalStateException("key material is closed");
        }
    }

    private KeyMaterial orClosedWith(KeyMaterial source) {
        try {
            source.requireOpen();
            return this;
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    /** Overwrites the bytes. May be called again, and while other threads compute with the key: they get an exception. */
    @Override
    public void close() {
        closed = true;
        // The flag must be visible before any zero is; a volatile write alone lets later plain writes overtake it.
        VarHandle.fullFence();
        wiping.clean();
    }

    @Override
    public String toString() {
        return "KeyMaterial[" + length + " bytes]";
    }

    /** Must not refer to the material itself, or the cleaner would keep it alive. */
    private record Wipe(ByteBuffer octets) implements Runnable {
        @Override
        public void run() {
            for (int i = 0; i < octets.capacity(); i += Long.BYTES) {
                octets.putLong(i, 0);
            }
        }
    }
}
