package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.protocol.GrantCommand.FindGrants.Contexts;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/**
 * The grants on all keys, also on those whose deletion date has passed; whoever asks looks at the key as well.
 *
 * <p>As safe for readers as {@link VaultIndex} is.
 */
public final class Grants {

    private static final KeyGrants NONE = new KeyGrants();

    /** Who may retire grants on the keys of a scope. */
    private record Retiring(Scope scope, String principal) {}

    private final Map<KeyName, KeyGrants> byKey = new ConcurrentHashMap<>();
    private final Set<KeyName> orphaned = ConcurrentHashMap.newKeySet();
    private final Map<Retiring, ConcurrentNavigableMap<String, Stored<Content.Grant>>> byRetiring =
            new ConcurrentHashMap<>();

    Grants() {}

    public Optional<Stored<Content.Grant>> find(KeyName key, String grantId) {
        return of(key).find(grantId);
    }

    /** How many there are on a key. */
    public int count(KeyName key) {
        return of(key).size();
    }

    /** Grants of a key whose id is above {@code after}, ascending. */
    public Stream<Stored<Content.Grant>> of(KeyName key, String after) {
        return of(key).after(after);
    }

    /**
     * Grants of a scope that somebody of that ARN, now or formerly, may retire and whose {@link Reply.GrantPage#place} is above
     * {@code after}.
     */
    public Stream<Stored<Content.Grant>> retirable(Scope scope, String principal, String after) {
        var found = byRetiring.get(new Retiring(scope, principal));
        return found == null ? Stream.empty() : found.tailMap(after, false).values().stream();
    }

    /**
     * Grants of a key to one of {@code grantees} that give all of {@code operations} and are for no certain resource.
     *
     * @param contexts that they must allow; empty if their constraints on it do not matter
     */
    public Stream<Stored<Content.Grant>> fitting(
            KeyName key, List<String> grantees, List<String> operations, Optional<Contexts> contexts) {
        return of(key).fitting(grantees, operations, contexts);
    }

    private KeyGrants of(KeyName key) {
        return byKey.getOrDefault(key, NONE);
    }

    /** Keys that are not there, or not whole, and have grants; in no particular order. */
    public Stream<KeyName> orphaned() {
        return orphaned.stream();
    }

    /** A key has come, or is there anew. */
    void keyCame(KeyName key) {
        orphaned.remove(key);
    }

    /** A key has gone, perhaps to come anew with the same transaction. */
    void keyWent(KeyName key) {
        if (count(key) > 0) {
            orphaned.add(key);
        }
    }

    void put(Stored<Content.Grant> stored, boolean keyIsThere) {
        var grant = stored.content().grant();
        if (!keyIsThere) {
            orphaned.add(grant.key());
        }
        byKey.computeIfAbsent(grant.key(), key -> new KeyGrants()).put(stored);
        grant.terms()
                .retiring()
                .ifPresent(party -> byRetiring
                        .computeIfAbsent(
                                new Retiring(grant.key().scope(), party.name()), made -> new ConcurrentSkipListMap<>())
                        .put(Reply.GrantPage.place(grant), stored));
    }

    void remove(Content.Grant content) {
        var grant = content.grant();
        byKey.computeIfPresent(grant.key(), (key, present) -> present.remove(grant) ? null : present);
        if (count(grant.key()) == 0) {
            orphaned.remove(grant.key());
        }
        grant.terms()
                .retiring()
                .ifPresent(party -> byRetiring.computeIfPresent(
                        new Retiring(grant.key().scope(), party.name()), (retiring, present) -> {
                            present.remove(Reply.GrantPage.place(grant));
                            return present.isEmpty() ? null : present;
                        }));
    }
}
