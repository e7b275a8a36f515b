package dev.strongroom.hsm.node.vault;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;

/**
 * An encryption context as constraints of grants see it: names without regard to case, values with (KMS developer guide,
 * "Using grant constraints").
 *
 * @param pairs by name in lower case; a name that is there twice, in different letters and with different values, is left
 *     out and equals nothing
 * @param isWhole whether the pairs are all there is
 */
record FoldedPairs(Map<String, String> pairs, boolean isWhole) {

    static FoldedPairs of(Map<String, String> context) {
        var pairs = new HashMap<String, String>();
        var ambiguous = new HashSet<String>();
        context.forEach((name, value) -> {
            var folded = name.toLowerCase(Locale.ROOT);
            var before = pairs.put(folded, value);
            if (before != null && !before.equals(value)) {
                ambiguous.add(folded);
            }
        });
        pairs.keySet().removeAll(ambiguous);
        return new FoldedPairs(Map.copyOf(pairs), pairs.size() == context.size());
    }

    boolean isExactly(FoldedPairs other) {
        return isWhole && other.isWhole && pairs.equals(other.pairs);
    }

    boolean holds(FoldedPairs subset) {
        return subset.isWhole && pairs.entrySet().containsAll(subset.pairs.entrySet());
    }
}
