package dev.strongroom.gateway.authz;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An encryption context as constraints of grants see it: keys without regard to case, values with (developer guide, "Using
 * grant constraints").
 *
 * @param pairs by key in lower case; a key that was given twice, in different letters and with different values, is left
 *     out and equals nothing
 * @param isWhole whether the pairs are all there is
 */
record FoldedContext(Map<String, String> pairs, boolean isWhole) {

    private static final FoldedContext EMPTY = new FoldedContext(Map.of(), true);

    static FoldedContext of(Map<String, String> context) {
        if (context.isEmpty()) {
            return EMPTY;
        }
        var pairs = new HashMap<String, String>();
        var ambiguous = new HashMap<String, String>();
        context.forEach((key, value) -> {
            var folded = key.toLowerCase(Locale.ROOT);
            var before = pairs.put(folded, value);
            if (before != null && !before.equals(value)) {
                ambiguous.put(folded, value);
            }
        });
        pairs.keySet().removeAll(ambiguous.keySet());
        return new FoldedContext(pairs, pairs.size() == context.size());
    }

    boolean isExactly(FoldedContext other) {
        return isWhole && other.isWhole && pairs.equals(other.pairs);
    }

    boolean holds(FoldedContext subset) {
        return subset.isWhole
                && subset.pairs.entrySet().stream()
                        .allMatch(pair -> pair.getValue().equals(pairs.get(pair.getKey())));
    }
}
