package dev.strongroom.hsm.node.seal;

import java.util.Arrays;

/** Joins public byte strings of known length. */
final class Layout {

    private Layout() {}

    static byte[] join(byte[] first, byte[] second) {
        var joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
