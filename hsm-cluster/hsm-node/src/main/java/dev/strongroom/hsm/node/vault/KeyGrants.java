package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.protocol.GrantCommand.FindGrants.Contexts;
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
 * fewest share. A search looks only where its request leads, and there at one of those that are alike: however many there
 * are of which none fits, they cost what one does.
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

    /** What a grant gives, to whomever. */
    private record Gift(List<String> operations, boolean isForSource) {

        private boolean isAll(List<String> wanted) {
            return !isForSource && operations.containsAll(wanted);
        }
    }

    /** In what grants of a drawer may differ for those who search. */
    private record Shape(Gift gift, Optional<FoldedPairs> whole, Optional<FoldedPairs> subset) {

        private static Shape of(GrantRecord.Terms terms) {
            var constraints = terms.constraints();
            return new Shape(
                    new Gift(terms.operations(), constraints.sourceArn().isPresent()),
                    constraints.contextEquals().map(FoldedPairs::of),
                    constraints.contextSubset().map(FoldedPairs::of));
        }

        private boolean allows(FoldedPairs context, boolean andMore) {
            boolean isWhole = whole.isEmpty() || (!andMore && context.isExactly(whole.get()));
            return isWhole && (subset.isEmpty() || context.holds(subset.get()));
        }
    }

    private record Filed(Stored<Content.Grant> stored, Drawer drawer, Shape shape) {}

    private final ConcurrentNavigableMap<String, Filed> byId = new ConcurrentSkipListMap<>();
    private final Map<String, Map<Gift, Map<String, Filed>>> byGrantee = new ConcurrentHashMap<>();
    private final Map<Drawer, Map<Shape, Map<String, Filed>>> drawers = new ConcurrentHashMap<>();
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
     * @param contexts that they must allow; empty if their constraints on it do not matter
     */
    Stream<Stored<Content.Grant>> fitting(List<String> grantees, List<String> operations, Optional<Contexts> contexts) {
        if (contexts.isEmpty()) {
            return grantees.stream()
                    .flatMap(grantee -> byGrantee.getOrDefault(grantee, Map.of()).entrySet().stream())
                    .filter(alike -> alike.getKey().isAll(operations))
                    .flatMap(alike -> alike.getValue().values().stream())
                    .map(Filed::stored);
        }
        boolean andMore = contexts.get().andMore();
        var folded = FoldedPairs.of(contexts.get().pairs());
        return grantees.stream()
                .flatMap(grantee -> signs(folded, andMore).map(sign -> new Drawer(grantee, sign)))
                .flatMap(drawer -> drawers.getOrDefault(drawer, Map.of()).entrySet().stream())
                .filter(alike -> alike.getKey().gift().isAll(operations))
                .filter(alike -> alike.getKey().allows(folded, andMore))
                .flatMap(alike -> alike.getValue().values().stream())
                .map(Filed::stored);
    }

    private static Stream<Sign> signs(FoldedPairs context, boolean andMore) {
        var pairs =
                context.pairs().entrySet().stream().map(pair -> (Sign) new Sign.Pair(pair.getKey(), pair.getValue()));
        var others = andMore
                ? Stream.<Sign>of(new Sign.Free())
                : Stream.<Sign>of(new Sign.Free(), new Sign.Whole(context.pairs()));
        return Stream.concat(others, pairs);
    }

    void put(Stored<Content.Grant> stored) {
        var grant = stored.content().grant();
        var shape = Shape.of(grant.terms());
        var drawer = emptiest(grant.terms().grantee().meant(), shape);
        var filed = new Filed(stored, drawer, shape);
        add(drawers, drawer, shape, filed);
        add(byGrantee, drawer.grantee(), shape.gift(), filed);
        if (byId.put(grant.id(), filed) == null) {
            size.incrementAndGet();
        }
    }

    /** Whether there is none left. */
    boolean remove(GrantRecord grant) {
        var filed = byId.remove(grant.id());
        if (filed != null) {
            size.decrementAndGet();
            remove(drawers, filed.drawer(), filed.shape(), grant.id());
            remove(byGrantee, filed.drawer().grantee(), filed.shape().gift(), grant.id());
        }
        return byId.isEmpty();
    }

    private static <K, G> void add(Map<K, Map<G, Map<String, Filed>>> to, K key, G group, Filed filed) {
        to.computeIfAbsent(key, made -> new ConcurrentHashMap<>(1))
                .computeIfAbsent(group, made -> new ConcurrentHashMap<>(1))
                .put(filed.stored().content().grant().id(), filed);
    }

    private static <K, G> void remove(Map<K, Map<G, Map<String, Filed>>> from, K key, G group, String id) {
        from.computeIfPresent(key, (same, groups) -> {
            groups.computeIfPresent(group, (alike, present) -> {
                present.remove(id);
                return present.isEmpty() ? null : present;
            });
            return groups.isEmpty() ? null : groups;
        });
    }

    private Drawer emptiest(String grantee, Shape shape) {
        if (shape.whole().isPresent()) {
            return new Drawer(grantee, new Sign.Whole(shape.whole().get().pairs()));
        }
        var best = new Drawer(grantee, new Sign.Free());
        int fewest = Integer.MAX_VALUE;
        for (var pair : shape.subset().map(FoldedPairs::pairs).orElse(Map.of()).entrySet()) {
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
