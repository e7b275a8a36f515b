package dev.strongroom.gateway.authz;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Characters and single wildcards between two stars of a {@link WildcardPattern}.
 *
 * <p>Two searches, both of which look at each character of a name once: that of Knuth, Morris and Pratt for characters
 * alone, which knows how much of the run it may keep after a mismatch; and, as that knowledge fails where a wildcard is, the
 * shift-and search of Baeza-Yates and Gonnet, in which bit i says that the first i + 1 symbols fit so far.
 */
final class Run {

    private static final int[] NO_KEPT = {};

    private final int[] symbols;
    /** By how many characters fitted before a mismatch: how many still do. */
    private final int[] kept;
    /** By character: in which places of the run it, or a wildcard, stands. */
    private final Map<Integer, long[]> places;

    private final long[] wildPlaces;

    Run(int[] symbols) {
        this.symbols = symbols;
        boolean isPlain = Arrays.stream(symbols).allMatch(symbol -> symbol >= 0);
        this.kept = isPlain ? kept(symbols) : NO_KEPT;
        this.wildPlaces = isPlain ? new long[0] : new long[(symbols.length + 63) / 64];
        this.places = isPlain ? Map.of() : places();
    }

    int length() {
        return symbols.length;
    }

    boolean isAt(String name, int start, Effort effort) {
        for (int i = 0; i < symbols.length; i++) {
            if (symbols[i] != name.charAt(start + i) && symbols[i] != WildcardPattern.ONE) {
                effort.spend(i + 1);
                return false;
            }
        }
        effort.spend(symbols.length);
        return true;
    }

    /** Where the first occurrence between {@code start} and {@code end} is over; negative if there is none. */
    int find(String name, int start, int end, Effort effort) {
        if (end - start < symbols.length) {
            effort.spend(1);
            return -1;
        }
        int found = wildPlaces.length == 0 ? findPlain(name, start, end) : findWild(name, start, end);
        // The search keeps at most what it has read, so it goes back no more often than forth.
        effort.spend((found < 0 ? end - start : found - start) * (1L + wildPlaces.length));
        return found;
    }

    private int findPlain(String name, int start, int end) {
        int fitting = 0;
        for (int i = start; i < end; i++) {
            char next = name.charAt(i);
            while (fitting > 0 && symbols[fitting] != next) {
                fitting = kept[fitting - 1];
            }
            if (symbols[fitting] == next) {
                fitting++;
            }
            if (fitting == symbols.length) {
                return i + 1;
            }
        }
        return -1;
    }

    private int findWild(String name, int start, int end) {
        var fitting = new long[wildPlaces.length];
        int lastWord = (symbols.length - 1) / 64;
        long lastBit = 1L << (symbols.length - 1) % 64;
        for (int i = start; i < end; i++) {
            var here = places.getOrDefault((int) name.charAt(i), wildPlaces);
            long carry = 1;
            for (int word = 0; word < fitting.length; word++) {
                long shifted = fitting[word] << 1 | carry;
                carry = fitting[word] >>> 63;
                fitting[word] = shifted & here[word];
            }
            if ((fitting[lastWord] & lastBit) != 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private static int[] kept(int[] symbols) {
        var kept = new int[symbols.length];
        int fitting = 0;
        for (int i = 1; i < symbols.length; i++) {
            while (fitting > 0 && symbols[fitting] != symbols[i]) {
                fitting = kept[fitting - 1];
            }
            if (symbols[fitting] == symbols[i]) {
                fitting++;
            }
            kept[i] = fitting;
        }
        return kept;
    }

    private Map<Integer, long[]> places() {
        for (int i = 0; i < symbols.length; i++) {
            if (symbols[i] == WildcardPattern.ONE) {
                wildPlaces[i / 64] |= 1L << i % 64;
            }
        }
        var found = new HashMap<Integer, long[]>();
        for (int i = 0; i < symbols.length; i++) {
            if (symbols[i] >= 0) {
                found.computeIfAbsent(symbols[i], unseen -> wildPlaces.clone())[i / 64] |= 1L << i % 64;
            }
        }
        return found;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Run run && Arrays.equals(symbols, run.symbols);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(symbols);
    }
}
