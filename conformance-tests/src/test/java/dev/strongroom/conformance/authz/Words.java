package dev.strongroom.conformance.authz;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** The words of a line of the decision table. Backquotes hold a word with spaces together. */
final class Words {

    private static final Pattern WORD = Pattern.compile("(?:`[^`]*`|[^\\s`])+");

    private final String line;
    private final Deque<String> words = new ArrayDeque<>();

    Words(String line) {
        this.line = line;
        var matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group().replace("`", ""));
        }
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    String next() {
        var word = words.poll();
        if (word == null) {
            throw new IllegalArgumentException("the line ends too soon: " + line);
        }
        return word;
    }

    /** Takes {@code word} if it is the next one. */
    boolean take(String word) {
        if (word.equals(words.peek())) {
            words.remove();
            return true;
        }
        return false;
    }

    List<String> rest() {
        var rest = new ArrayList<>(words);
        words.clear();
        return rest;
    }

    static List<String> split(String list, String separator) {
        return list.isEmpty() ? List.of() : List.of(list.split(Pattern.quote(separator), -1));
    }

    @Override
    public String toString() {
        return line;
    }
}
