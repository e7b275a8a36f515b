package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.protocol.KeyName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Multi-Region keys, taken apart as they lie in the records: one share that all Regions have in common and a record in
 * each Region. A key is whole only if both are there; then it is put together, once for each change of either.
 *
 * <p>As safe for readers as {@link VaultIndex} is.
 */
final class MultiRegionKeys {

    /** A multi-Region key in all its Regions. */
    private record Id(String accountId, String keyId) {}

    private final Map<Id, Stored<Content.MultiRegionKey>> shares = new ConcurrentHashMap<>();
    private final Map<Id, Map<String, Stored<Content.Key>>> regions = new ConcurrentHashMap<>();

    Optional<Stored<Content.MultiRegionKey>> shared(String accountId, String keyId) {
        return Optional.ofNullable(shares.get(new Id(accountId, keyId)));
    }

    /** The whole key, if the share is there. */
    Optional<Stored<Content.Key>> put(Stored<Content.Key> regional) {
        var name = regional.content().key().name();
        regions.computeIfAbsent(id(name), id -> new ConcurrentHashMap<>())
                .put(name.scope().region(), regional);
        return Optional.ofNullable(shares.get(id(name))).map(shared -> whole(regional, shared));
    }

    /** The whole keys of those Regions whose records are there. */
    List<Stored<Content.Key>> putShared(Stored<Content.MultiRegionKey> shared) {
        var id = id(shared.content());
        shares.put(id, shared);
        return regions.getOrDefault(id, Map.of()).values().stream()
                .map(regional -> whole(regional, shared))
                .toList();
    }

    void remove(KeyName name) {
        regions.computeIfPresent(id(name), (id, present) -> {
            present.remove(name.scope().region());
            return present.isEmpty() ? null : present;
        });
    }

    /** The keys that are not whole any more. */
    List<KeyName> removeShared(Content.MultiRegionKey shared) {
        shares.remove(id(shared));
        return regions.getOrDefault(id(shared), Map.of()).values().stream()
                .map(regional -> regional.content().key().name())
                .toList();
    }

    private static Stored<Content.Key> whole(Stored<Content.Key> regional, Stored<Content.MultiRegionKey> shared) {
        var key = shared.content().with(regional.content().key());
        return new Stored<>(
                regional.id(), regional.revision(), regional.createdBy(), regional.changedBy(), new Content.Key(key));
    }

    private static Id id(KeyName name) {
        return new Id(name.scope().accountId(), name.keyId());
    }

    private static Id id(Content.MultiRegionKey shared) {
        return new Id(shared.accountId(), shared.keyId());
    }
}
