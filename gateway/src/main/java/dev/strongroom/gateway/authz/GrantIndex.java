package dev.strongroom.gateway.authz;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The grants of one key, found by whom and what they allow. Immutable: a change makes another index, at the cost of the
 * logarithm of the number of grants.
 *
 * <p>Volumes and functions are often one role with a grant each, told apart by a pair of the encryption context. So a grant
 * is filed by grantee, operation and one thing that a request must have for it: the whole context, or that pair of it which
 * the fewest grants share, or the source. A decision looks only where its request leads, and there all but a few grants
 * fit.
 */
public final class GrantIndex {

    private static final GrantIndex EMPTY = new GrantIndex(HashTrie.empty(), HashTrie.empty());

    /** What a request must have so that the grants of a drawer can fit. */
    sealed interface Key {

        /** Nothing more. */
        record Free() implements Key {}

        record Whole(Map<String, String> context) implements Key {}

        record Pair(String foldedName, String value) implements Key {}

        record From(String sourceArn) implements Key {}
    }

    private record Drawer(Principal grantee, GrantOperation operation, Key key) {}

    /** A grant with what is compared of it. */
    record Filed(
            Grant grant, Optional<FoldedContext> whole, Optional<FoldedContext> subset, Optional<String> sourceArn) {

        static Filed of(Grant grant) {
            var constraints = grant.terms().constraints();
            return new Filed(
                    grant,
                    constraints.contextEquals().map(FoldedContext::of),
                    constraints.contextSubset().map(FoldedContext::of),
                    constraints.sourceArn());
        }
    }

    private final HashTrie<String, Filed> byId;
    private final HashTrie<Drawer, HashTrie<String, Filed>> drawers;

    private GrantIndex(HashTrie<String, Filed> byId, HashTrie<Drawer, HashTrie<String, Filed>> drawers) {
        this.byId = byId;
        this.drawers = drawers;
    }

    public static GrantIndex empty() {
        return EMPTY;
    }

    public static GrantIndex of(Collection<Grant> grants) {
        var index = EMPTY;
        for (var grant : grants) {
            index = index.with(grant);
        }
        return index;
    }

    public int size() {
        return byId.size();
    }

    public Optional<Grant> find(String grantId) {
        return byId.find(grantId).map(Filed::grant);
    }

    /** With a grant, which takes the place of one with its id. */
    public GrantIndex with(Grant grant) {
        var base = without(grant.id());
        var filed = Filed.of(grant);
        var next = base.drawers;
        for (var operation : grant.terms().operations()) {
            next = added(next, base.emptiest(filed, operation), filed);
        }
        return new GrantIndex(base.byId.with(grant.id(), filed), next);
    }

    /** Without a grant, if there is one of that id. */
    public GrantIndex without(String grantId) {
        var found = byId.find(grantId);
        if (found.isEmpty()) {
            return this;
        }
        var next = drawers;
        for (var operation : found.get().grant().terms().operations()) {
            for (var drawer : possible(found.get(), operation)) {
                next = removed(next, drawer, grantId);
            }
        }
        return new GrantIndex(byId.without(grantId), next);
    }

    private static <K> HashTrie<K, HashTrie<String, Filed>> added(
            HashTrie<K, HashTrie<String, Filed>> to, K key, Filed filed) {
        var content = to.find(key).orElseGet(HashTrie::empty);
        return to.with(key, content.with(filed.grant.id(), filed));
    }

    private static <K> HashTrie<K, HashTrie<String, Filed>> removed(
            HashTrie<K, HashTrie<String, Filed>> from, K key, String grantId) {
        var content = from.find(key).orElseGet(HashTrie::empty).without(grantId);
        return content.size() == 0 ? from.without(key) : from.with(key, content);
    }

    /** The grants that allow {@code grantee} the operation if the request has what {@code key} says. */
    HashTrie<String, Filed> drawer(Principal grantee, GrantOperation operation, Key key) {
        return drawers.find(new Drawer(grantee, operation, key)).orElseGet(HashTrie::empty);
    }

    private Drawer emptiest(Filed filed, GrantOperation operation) {
        var possible = possible(filed, operation);
        var sizes = new HashMap<Drawer, Integer>();
        possible.forEach(drawer ->
                sizes.put(drawer, drawers.find(drawer).map(HashTrie::size).orElse(0)));
        return possible.stream()
                .min((a, b) -> Integer.compare(size(sizes, a), size(sizes, b)))
                .orElseThrow();
    }

    private static int size(Map<Drawer, Integer> sizes, Drawer drawer) {
        return sizes.getOrDefault(drawer, 0);
    }

    /** Where a grant may lie, the best first if all are empty. */
    private static List<Drawer> possible(Filed filed, GrantOperation operation) {
        var grantee = filed.grant.terms().grantee().meant();
        var drawers = new ArrayList<Drawer>();
        if (operation.isBoundByContext() && filed.whole.isPresent()) {
            return List.of(new Drawer(
                    grantee, operation, new Key.Whole(filed.whole.get().pairs())));
        }
        if (operation.isBoundByContext()) {
            filed.subset.ifPresent(subset -> subset.pairs()
                    .forEach((name, value) -> drawers.add(new Drawer(grantee, operation, new Key.Pair(name, value)))));
        }
        if (drawers.isEmpty()) {
            drawers.add(new Drawer(
                    grantee, operation, filed.sourceArn.<Key>map(Key.From::new).orElseGet(Key.Free::new)));
        }
        return drawers;
    }
}
