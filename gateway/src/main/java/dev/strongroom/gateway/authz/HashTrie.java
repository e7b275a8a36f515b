package dev.strongroom.gateway.authz;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An immutable map that shares all but one path with the map it was made from, so that a change costs the logarithm of the
 * size. A binary trie over the bits of mixed hash codes.
 */
final class HashTrie<K, V> {

    private static final int HASH_BITS = 32;

    private sealed interface Node<K, V> {}

    /** Entries whose keys have one hash code; of an empty branch none. */
    private record Leaf<K, V>(int hash, List<Entry<K, V>> entries) implements Node<K, V> {}

    private record Fork<K, V>(Node<K, V> zero, Node<K, V> one) implements Node<K, V> {}

    /** A key and its value. */
    record Entry<K, V>(K key, V value) {}

    private final Node<K, V> root;
    private final int size;

    private HashTrie(Node<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    static <K, V> HashTrie<K, V> empty() {
        return new HashTrie<>(new Leaf<>(0, List.of()), 0);
    }

    int size() {
        return size;
    }

    Optional<V> find(K key) {
        int hash = hash(key);
        var node = root;
        for (int depth = 0; node instanceof Fork<K, V> fork; depth++) {
            node = bit(hash, depth) == 0 ? fork.zero : fork.one;
        }
        for (var entry : ((Leaf<K, V>) node).entries) {
            if (entry.key.equals(key)) {
                return Optional.of(entry.value);
            }
        }
        return Optional.empty();
    }

    HashTrie<K, V> with(K key, V value) {
        int before = find(key).isPresent() ? 1 : 0;
        return new HashTrie<>(put(root, 0, hash(key), new Entry<>(key, value)), size + 1 - before);
    }

    HashTrie<K, V> without(K key) {
        return find(key).isEmpty() ? this : new HashTrie<>(remove(root, 0, hash(key), key), size - 1);
    }

    /** The first value for which {@code test} holds, in no order that means anything. */
    Optional<V> any(Predicate<V> test) {
        var waiting = new ArrayList<Node<K, V>>();
        waiting.add(root);
        while (!waiting.isEmpty()) {
            var node = waiting.remove(waiting.size() - 1);
            if (node instanceof Fork<K, V> fork) {
                waiting.add(fork.one);
                waiting.add(fork.zero);
            } else {
                for (var entry : ((Leaf<K, V>) node).entries) {
                    if (test.test(entry.value)) {
                        return Optional.of(entry.value);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static <K, V> Node<K, V> put(Node<K, V> node, int depth, int hash, Entry<K, V> entry) {
        if (node instanceof Fork<K, V> fork) {
            return bit(hash, depth) == 0
                    ? new Fork<>(put(fork.zero, depth + 1, hash, entry), fork.one)
                    : new Fork<>(fork.zero, put(fork.one, depth + 1, hash, entry));
        }
        var leaf = (Leaf<K, V>) node;
        if (leaf.entries.isEmpty() || leaf.hash == hash) {
            var entries = others(leaf, entry.key);
            entries.add(entry);
            return new Leaf<>(hash, List.copyOf(entries));
        }
        var nothing = new Leaf<K, V>(0, List.of());
        var fork = bit(leaf.hash, depth) == 0 ? new Fork<>(leaf, nothing) : new Fork<>(nothing, leaf);
        return put(fork, depth, hash, entry);
    }

    private static <K, V> Node<K, V> remove(Node<K, V> node, int depth, int hash, K key) {
        if (node instanceof Fork<K, V> fork) {
            boolean isZero = bit(hash, depth) == 0;
            var zero = isZero ? remove(fork.zero, depth + 1, hash, key) : fork.zero;
            var one = isZero ? fork.one : remove(fork.one, depth + 1, hash, key);
            if (isNothing(zero) && one instanceof Leaf) {
                return one;
            }
            return isNothing(one) && zero instanceof Leaf ? zero : new Fork<>(zero, one);
        }
        return new Leaf<>(hash, List.copyOf(others((Leaf<K, V>) node, key)));
    }

    private static boolean isNothing(Node<?, ?> node) {
        return node instanceof Leaf<?, ?> leaf && leaf.entries.isEmpty();
    }

    private static <K, V> List<Entry<K, V>> others(Leaf<K, V> leaf, K key) {
        var others = new ArrayList<Entry<K, V>>(leaf.entries.size() + 1);
        for (var entry : leaf.entries) {
            if (!entry.key.equals(key)) {
                others.add(entry);
            }
        }
        return others;
    }

    /** Bits of a hash code from the lowest up; a fork never lies deeper than there are bits, as equal codes share a leaf. */
    private static int bit(int hash, int depth) {
        return hash >>> depth % HASH_BITS & 1;
    }

    /** The finish of MurmurHash3: enums and short names have hash codes that differ in few bits. */
    private static int hash(Object key) {
        int hash = key.hashCode();
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return hash ^ hash >>> 16;
    }
}
