package dev.strongroom.hsm.node.crypto;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks for a key in all writable memory of this process: heap, garbage, stacks, native. Every form is looked for that
 * HMAC gives a key (raw, inner and outer pad), each also with its 32-bit or 64-bit words turned round, as the hashes of
 * SHA-2 hold it.
 *
 * <p>The scanner itself never holds two adjacent words of the key: what it looks for, and what it compares, is masked. It
 * reads through one direct buffer, whose own addresses do not count.
 */
final class MemoryScan {

    private static final int CHUNK = 1 << 20;
    private static final int OVERLAP = 32;
    private static final long MASK = 0x9d3f_6b21_c48e_07a5L;
    private static final int FORMS = 9;
    private static final long[] PADS = {0, 0x3636363636363636L, 0x5c5c5c5c5c5c5c5cL};

    private final long[] masked;

    /** By the low 16 bits: whether any masked word ends in them. Spares nearly all comparisons. */
    private final boolean[] worthALook = new boolean[1 << 16];

    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK + OVERLAP).order(ByteOrder.nativeOrder());
    private final long chunkAddress;

    /** What was found: halves of the key as it is, and halves of it in any other form, with their addresses. */
    record Found(int firstHalves, int secondHalves, int otherForms, List<String> places) {}

    MemoryScan(KeyMaterial key) throws ReflectiveOperationException {
        // First and second half of the key, in nine forms, each as two words.
        this.masked = new long[2 * FORMS * 2];
        Arrays.fill(masked, MASK);
        var one = new byte[1];
        for (int i = 0; i < 32; i++) {
            key.read(i, one, 1);
            long octet = one[0] & 0xffL;
            for (int form = 0; form < FORMS; form++) {
                int place = switch (form / 3) {
                    case 0 -> i;
                    case 1 -> i / 4 * 4 + 3 - i % 4;
                    default -> i / 8 * 8 + 7 - i % 8;
                };
                int word = (place / 16 * FORMS + form) * 2 + place % 16 / 8;
                long shifted = (octet ^ (PADS[form % 3] & 0xff)) << (8 * (place % 8));
                masked[word] ^= shifted;
            }
        }
        one[0] = 0;
        for (int n = 0; n < masked.length; n += 2) {
            worthALook[(int) masked[n] & 0xffff] = true;
        }
        Field address = Buffer.class.getDeclaredField("address");
        address.setAccessible(true);
        this.chunkAddress = address.getLong(chunk);
    }

    Found scan() throws IOException {
        int[] counts = new int[3];
        var places = new ArrayList<String>();
        try (var memory = FileChannel.open(Path.of("/proc/self/mem"), StandardOpenOption.READ)) {
            for (var line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                var words = line.split("[ -]+", 7);
                if (!words[2].startsWith("rw") || line.endsWith("[vvar]")) {
                    continue;
                }
                long end = Long.parseUnsignedLong(words[1], 16);
                for (long at = Long.parseUnsignedLong(words[0], 16); at < end; at += CHUNK) {
                    scanChunk(memory, at, end, line, counts, places);
                }
            }
        }
        return new Found(counts[0], counts[1], counts[2], places);
    }

    private void scanChunk(FileChannel memory, long from, long end, String mapping, int[] counts, List<String> places)
            throws IOException {
        chunk.clear().limit((int) Math.min(CHUNK + OVERLAP, end - from));
        try {
            while (chunk.hasRemaining() && memory.read(chunk, from + chunk.position()) > 0) {}
        } catch (IOException e) {
            // A page that was reserved and never given: nothing is in it.
            if (chunk.position() == 0) {
                return;
            }
        }
        int last = Math.min(chunk.position() - 16, CHUNK - 1);
        for (int i = 0; i <= last; i++) {
            long word = chunk.getLong(i) ^ MASK;
            for (int n = 0; worthALook[(int) word & 0xffff] && n < masked.length; n += 2) {
                if (word == masked[n] && (chunk.getLong(i + 8) ^ MASK) == masked[n + 1]) {
                    hit(from + i, n / 2, mapping, counts, places);
                }
            }
        }
        chunk.clear();
        for (int i = 0; i + 8 <= chunk.capacity(); i += 8) {
            chunk.putLong(i, 0);
        }
    }

    private void hit(long address, int needle, String mapping, int[] counts, List<String> places) {
        if (address >= chunkAddress && address < chunkAddress + chunk.capacity()) {
            return;
        }
        counts[needle % FORMS == 0 ? needle / FORMS : 2]++;
        places.add(
                Long.toHexString(address) + " half " + needle / FORMS + " form " + needle % FORMS + " in " + mapping);
    }
}
