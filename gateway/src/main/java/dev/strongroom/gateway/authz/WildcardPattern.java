package dev.strongroom.gateway.authz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A name in which {@code *} stands for any characters, none included, and {@code ?} for exactly one (IAM user guide,
 * "Using wildcards in policies").
 *
 * <p>The stars cut the pattern into runs. The first is held to the start of a name and the last to its end; those between
 * are looked for from left to right, each as early as it can be, because taking a later place only leaves less for the
 * next. A search never goes back in the name ({@link Run#find}), so the steps are at most the length of the name and of
 * the pattern together, times the 64ths of a run that has question marks between stars.
 */
public final class WildcardPattern {

    /** In the place of a character: any one, any number. */
    static final int ONE = -1;

    static final int MANY = -2;

    private static final Run[] NO_RUNS = {};

    private final String text;
    private final Run[] runs;

    /** Reads {@code *} and {@code ?} as wildcards. */
    public WildcardPattern(String text) {
        this(text, symbols(text));
    }

    private WildcardPattern(String text, int[] symbols) {
        this.text = text;
        this.runs = runs(symbols);
    }

    /** A pattern of characters, {@link #ONE} and {@link #MANY}. */
    static WildcardPattern of(int[] symbols) {
        return new WildcardPattern(shown(symbols), symbols);
    }

    static int[] symbols(String text) {
        return text.chars().map(WildcardPattern::symbol).toArray();
    }

    static int symbol(int character) {
        return character == '*' ? MANY : character == '?' ? ONE : character;
    }

    private static String shown(int[] symbols) {
        var shown = new StringBuilder(symbols.length);
        for (int symbol : symbols) {
            shown.append(symbol == MANY ? '*' : symbol == ONE ? '?' : (char) symbol);
        }
        return shown.toString();
    }

    private static Run[] runs(int[] symbols) {
        List<Run> runs = new ArrayList<>(2);
        int start = 0;
        for (int i = 0; i < symbols.length; i++) {
            if (symbols[i] == MANY) {
                // Between two stars there is nothing to look for.
                if (runs.isEmpty() || i > start) {
                    runs.add(new Run(Arrays.copyOfRange(symbols, start, i)));
                }
                start = i + 1;
            }
        }
        runs.add(new Run(Arrays.copyOfRange(symbols, start, symbols.length)));
        return runs.toArray(NO_RUNS);
    }

    /** As written. */
    public String text() {
        return text;
    }

    /** Compares letter by letter; where case does not count, both sides come in lower case. */
    public boolean matches(String name) {
        return matches(name, Effort.unlimited());
    }

    /** As {@link #matches(String)}, at the expense of {@code effort}. */
    boolean matches(String name, Effort effort) {
        var first = runs[0];
        if (runs.length == 1) {
            return name.length() == first.length() && first.isAt(name, 0, effort);
        }
        var last = runs[runs.length - 1];
        int end = name.length() - last.length();
        int at = first.length();
        if (at > end || !first.isAt(name, 0, effort) || !last.isAt(name, end, effort)) {
            return false;
        }
        for (int i = 1; i < runs.length - 1; i++) {
            at = runs[i].find(name, at, end, effort);
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WildcardPattern pattern
                && text.equals(pattern.text)
                && Arrays.equals(runs, pattern.runs);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
