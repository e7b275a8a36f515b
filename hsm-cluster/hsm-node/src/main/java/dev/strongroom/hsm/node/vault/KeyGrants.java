package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.protocol.GrantRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The grants of one key, by id and by what a request must bring.
 *
 * <p>Volumes and functions are often one role with a grant each, told apart by a pair of the encryption context. So a grant
 * is filed by its grantee and one thing that a request must have for it: the whole context, or that pair of it which the
 * fewest grants share. A search looks only where its request leads, and there all but a few grants fit.
 *
 * <p>One thread writes; the maps bear being read meanwhile.
 */
final class KeyGrants {

    /** What a request must have so that the grants of a drawer can fit. */
    private sealed interface Sign {

        /** Nothing more. */
        record Free() implements Sign {}

        record Whole(Map<String, String> context) implements Sign {}

        record Pair(String foldedName, String value) implements Sign {}
    }

    private record Drawer(String grantee, Sign sign) {}

    private record Filed(
            Stored<Content.Grant> stored, Drawer drawer, Optional<FoldedPairs> whole, Optional<FoldedPairs> subset) {

        private boolean allows(FoldedPairs context) {
            return (whole.isEmpty() || context.isExactly(whole.get()))
                    && (subset.isEmpty() || context.holds(subset.get()));
        }
    }

    private final ConcurrentNavigableMap<String, Filed> byId = new ConcurrentSkipListMap<>();
    private final Map<String, Map<String, Filed>> byGrantee = new ConcurrentHashMap<>();
    private final Map<Drawer, Map<String, Filed>> drawers = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();

    int size() {
        return size.get();
    }

    Optional<Stored<Content.Grant>> find(String id) {
        return Optional.ofNullable(byId.get(id)).map(Filed::stored);
    }

    /** Those whose id is above {@code after}, ascending. */
    Stream<Stored<Content.Grant>> after(String after) {
        return byId.tailMap(after, false).values().stream().map(Filed::stored);
    }

    /**
     * Grants to one of {@code grantees} that give all of {@code operations}, whatever they are for.
     *
     * @param context that they must allow; empty if their constraints on it do not matter
     */
    Stream<Stored<Content.Grant>> fitting(
            List<String> grantees, List<String> operations, Optional<Map<String, String>> context) {
        if (context.isEmpty()) {
            return grantees.stream()
                    .flatMap(grantee -> byGrantee.getOrDefault(grantee, Map.of()).values().stream())
                    .map(Filed::stored)
                    .filter(stored -> gives(stored, operations));
        }
        var folded = FoldedPairs.of(context.get());
        return grantees.stream()
                .flatMap(grantee -> signs(folded).map(sign -> new Drawer(grantee, sign)))
                .flatMap(drawer -> drawers.getOrDefault(drawer, Map.of()).values().stream())
                .filter(filed -> filed.allows(folded))
                .map(Filed::stored)
                .filter(stored -> gives(stored, operations));
    }

    private static boolean gives(Stored<Content.Grant> stored, List<String> operations) {
        var terms = stored.content().grant().terms();
        return terms.constraints().sourceArn().isEmpty() && terms.operations().containsAll(operations);
    }

    private static Stream<Sign> signs(FoldedPairs context) {
        var pairs =
                context.pairs().entrySet().stream().map(pair -> (Sign) new Sign.Pair(pair.getKey(), pair.getValue()));
        return Stream.concat(Stream.of(new Sign.Free(), new Sign.Whole(context.pairs())), pairs);
    }

    void put(Stored<Content.Grant> stored) {
        var grant = stored.content().grant();
        var whole = grant.terms().constraints().contextEquals().map(FoldedPairs::of);
        var subset = grant.terms().constraints().contextSubset().map(FoldedPairs::of);
        var drawer = emptiest(grant, whole, subset);
        var filed = new Filed(stored, drawer, whole, subset);
        add(drawers, drawer, filed);
        add(byGrantee, drawer.grantee(), filed);
        if (byId.put(grant.id(), filed) == null) {
            size.incrementAndGet();
        }
    }

    /** Whether there is none left. */
    boolean remove(GrantRecord grant) {
        var filed = byId.remove(grant.id());
        if (filed != null) {
            size.decrementAndGet();
            remove(drawers, filed.drawer(), grant.id());
            remove(byGrantee, filed.drawer().grantee(), grant.id());
        }
        return byId.isEmpty();
    }

    private static <K> void add(Map<K, Map<String, Filed>> to, K key, Filed filed) {
        to.computeIfAbsent(key, made -> new ConcurrentHashMap<>(1))
                .put(filed.stored().content().grant().id(), filed);
    }

    private static <K> void remove(Map<K, Map<String, Filed>> from, K key, String id) {
        from.computeIfPresent(key, (same, present) -> {
            present.remove(id);
            return present.isEmpty() ? null : present;
        });
    }

    private Drawer emptiest(GrantRecord grant, Optional<FoldedPairs> whole, Optional<FoldedPairs> subset) {
        var grantee = grant.terms().grantee().meant();
        if (whole.isPresent()) {
            return new Drawer(grantee, new Sign.Whole(whole.get().pairs()));
        }
        var best = new Drawer(grantee, new Sign.Free());
        int fewest = Integer.MAX_VALUE;
        for (var pair : subset.map(FoldedPairs::pairs).orElse(Map.of()).entrySet()) {
            var drawer = new Drawer(grantee, new Sign.Pair(pair.getKey(), pair.getValue()));
            int others = drawers.getOrDefault(drawer, Map.of()).size();
            if (others < fewest) {
                fewest = others;
                best = drawer;
            }
        }
        return best;
    }
}
