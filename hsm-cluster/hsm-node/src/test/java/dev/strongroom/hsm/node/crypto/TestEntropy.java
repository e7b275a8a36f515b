package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;

/** One {@link Entropy} for all tests, and keys that a test can name. */
public final class TestEntropy {

    private static final Entropy SHARED = Entropy.start(Bytes.ofHex("7465737473"), System::nanoTime);

    private TestEntropy() {}

    public static Entropy shared() {
        return SHARED;
    }

    /** The 32-byte key {@code first, first + 1, ...}. */
    public static KeyMaterial key(int first) {
        return KeyMaterial.takeFrom(counting(first, 32));
    }

    /** {@code bytes} bytes that count up from {@code first}. */
    public static byte[] counting(int first, int bytes) {
        var octets = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            octets[i] = (byte) (first + i);
        }
        return octets;
    }
}
