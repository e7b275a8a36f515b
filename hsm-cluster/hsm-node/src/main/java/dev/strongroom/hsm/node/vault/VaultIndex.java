package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/**
 * The opened records by id and by name, as of one log index. One thread writes, see {@link KeyVault#read} for how others
 * read.
 */
public final class VaultIndex {

    private final Map<RecordId, Stored<?>> byId = new ConcurrentHashMap<>();
    private final Map<RecordId, Long> unreadable = new ConcurrentHashMap<>();
    private final MultiRegionKeys multiRegionKeys = new MultiRegionKeys();
    private final Agenda agenda = new Agenda();
    private final Map<String, Stored<Content.NodeClock>> nodeClocks = new ConcurrentHashMap<>();
    private final Map<Scope, ConcurrentNavigableMap<String, Stored<Content.Key>>> keys = new ConcurrentHashMap<>();
    private final Map<Scope, ConcurrentNavigableMap<String, Stored<Content.Alias>>> aliases = new ConcurrentHashMap<>();
    private final Map<KeyName, Stored<Content.KeyAliases>> keyAliases = new ConcurrentHashMap<>();
    private final Map<KeyName, Stored<Content.KeyUsage>> keyUsages = new ConcurrentHashMap<>();
    private final Map<Bytes, LoadedKey> backingKeys = new ConcurrentHashMap<>();
    private final Grants grants = new Grants();
    private final IdentityIndex identities = new IdentityIndex();
    private final Map<String, Stored<Content.User>> users = new ConcurrentHashMap<>();
    private volatile long appliedIndex;

    VaultIndex() {}

    // ---- reading

    /** Index of the last transaction in here. */
    public long appliedIndex() {
        return appliedIndex;
    }

    /** The revision the record has, readable or not; 0 if there is none. */
    public long revision(Stamp stamp) {
        var id = new RecordId(stamp.idHigh(), stamp.idLow());
        var stored = byId.get(id);
        return stored != null ? stored.revision() : unreadable.getOrDefault(id, 0L);
    }

    /** Whether the record is there and does not open, or another that it needs does not. */
    public boolean isUnreadable(RecordId id) {
        if (unreadable.containsKey(id)) {
            return true;
        }
        var stored = byId.get(id);
        return stored != null
                && stored.content() instanceof Content.Key key
                && key(key.key().name()).isEmpty();
    }

    /** How many records do not open. */
    public int unreadableRecords() {
        return unreadable.size();
    }

    public Optional<Stored<?>> find(RecordId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The backing key of that record, its material destroyed or not. */
    public Optional<Stored<Content.BackingKey>> backingKeyRecord(RecordId id) {
        var stored = byId.get(id);
        return stored != null && stored.content() instanceof Content.BackingKey backingKey
                ? Optional.of(with(stored, backingKey))
                : Optional.empty();
    }

    /** The key of that record; empty if the record is another kind of thing. */
    public Optional<Stored<Content.Key>> key(Stamp stamp) {
        var stored = byId.get(new RecordId(stamp.idHigh(), stamp.idLow()));
        return stored != null && stored.content() instanceof Content.Key key
                ? key(key.key().name())
                : Optional.empty();
    }

    public Optional<Stored<Content.Key>> key(KeyName name) {
        var scope = keys.get(name.scope());
        return scope == null ? Optional.empty() : Optional.ofNullable(scope.get(name.keyId()));
    }

    /** What the Regions of a multi-Region key share. */
    public Optional<Stored<Content.MultiRegionKey>> multiRegionKey(String accountId, String keyId) {
        return multiRegionKeys.shared(accountId, keyId);
    }

    /** As above, of the key of that name in any of its Regions; empty for keys of one Region. */
    public Optional<Stored<Content.MultiRegionKey>> multiRegionKey(KeyName name) {
        return multiRegionKey(name.scope().accountId(), name.keyId());
    }

    /** Keys of a scope whose id is above {@code after}, ascending. */
    public Stream<KeyRecord> keys(Scope scope, String after) {
        var found = keys.get(scope);
        return found == null
                ? Stream.empty()
                : found.tailMap(after, false).values().stream()
                        .map(stored -> stored.content().key());
    }

    /** Keys to which something is to happen that was due by {@code now}, the earliest date first. */
    public Stream<KeyName> due(Instant now) {
        return agenda.due(now);
    }

    /** The latest date by which something was due at {@code now}. */
    public Optional<Instant> lastDue(Instant now) {
        return agenda.lastDue(now);
    }

    /** What the nodes last said that their clocks show. */
    public List<Stored<Content.NodeClock>> nodeClocks() {
        return List.copyOf(nodeClocks.values());
    }

    /** How many keys the scope has. */
    public int keyCount(Scope scope) {
        var found = keys.get(scope);
        return found == null ? 0 : found.size();
    }

    /** The alias of that record; empty if the record is another kind of thing. */
    public Optional<Stored<Content.Alias>> alias(Stamp stamp) {
        var stored = byId.get(new RecordId(stamp.idHigh(), stamp.idLow()));
        return stored != null && stored.content() instanceof Content.Alias alias
                ? alias(alias.alias().name())
                : Optional.empty();
    }

    public Optional<Stored<Content.Alias>> alias(AliasName name) {
        var scope = aliases.get(name.scope());
        return scope == null ? Optional.empty() : Optional.ofNullable(scope.get(name.name()));
    }

    /** Aliases of a scope whose name is above {@code after}, ascending. */
    public Stream<AliasRecord> aliases(Scope scope, String after) {
        var found = aliases.get(scope);
        return found == null
                ? Stream.empty()
                : found.tailMap(after, false).values().stream()
                        .map(stored -> stored.content().alias());
    }

    public Optional<Stored<Content.KeyAliases>> keyAliases(KeyName key) {
        return Optional.ofNullable(keyAliases.get(key));
    }

    public Optional<Stored<Content.KeyUsage>> keyUsage(KeyName key) {
        return Optional.ofNullable(keyUsages.get(key));
    }

    public Grants grants() {
        return grants;
    }

    /** The grant of that record; empty if the record is another kind of thing. */
    public Optional<Stored<Content.Grant>> grant(Stamp stamp) {
        var stored = byId.get(new RecordId(stamp.idHigh(), stamp.idLow()));
        return stored != null && stored.content() instanceof Content.Grant grant
                ? Optional.of(with(stored, grant))
                : Optional.empty();
    }

    public Optional<LoadedKey> backingKey(Bytes id) {
        return Optional.ofNullable(backingKeys.get(id));
    }

    /** Who callers are. */
    public IdentityIndex identities() {
        return identities;
    }

    public Optional<Stored<Content.AccessKey>> accessKey(String accessKeyId) {
        return identities.accessKey(accessKeyId);
    }

    public Optional<Stored<Content.User>> user(String name) {
        return Optional.ofNullable(users.get(name));
    }

    // ---- writing

    void reached(long index) {
        appliedIndex = index;
    }

    void putUnreadable(RecordId id, long revision) {
        remove(id);
        unreadable.put(id, revision);
    }

    void put(Stored<?> stored, RecordSealer sealer) {
        remove(stored.id());
        byId.put(stored.id(), stored);
        var content = stored.content();
        if (content instanceof Content.Key key) {
            if (key.key().attributes().multiRegion()) {
                multiRegionKeys.put(with(stored, key)).ifPresent(this::putKey);
            } else {
                putKey(with(stored, key));
            }
        } else if (content instanceof Content.MultiRegionKey shared) {
            multiRegionKeys.putShared(with(stored, shared)).forEach(this::putKey);
        } else if (content instanceof Content.Alias alias) {
            var name = alias.alias().name();
            aliases.computeIfAbsent(name.scope(), scope -> new ConcurrentSkipListMap<>())
                    .put(name.name(), with(stored, alias));
        } else if (content instanceof Content.KeyAliases of) {
            keyAliases.put(of.key(), with(stored, of));
        } else if (content instanceof Content.KeyUsage usage) {
            keyUsages.put(usage.key(), with(stored, usage));
        } else if (content instanceof Content.Grant grant) {
            grants.put(with(stored, grant), key(grant.grant().key()).isPresent());
        } else if (content instanceof Content.BackingKey backingKey) {
            backingKeys.put(backingKey.id(), new LoadedKey(with(stored, backingKey), sealer));
        } else if (content instanceof Content.AccessKey accessKey) {
            identities.putAccessKey(with(stored, accessKey));
        } else if (content instanceof Content.Identity identity) {
            identities.put(with(stored, identity));
        } else if (content instanceof Content.User user) {
            users.put(user.user().name(), with(stored, user));
        } else if (content instanceof Content.NodeClock nodeClock) {
            nodeClocks.put(nodeClock.nodeId(), with(stored, nodeClock));
        }
    }

    void remove(RecordId id) {
        unreadable.remove(id);
        var former = byId.remove(id);
        if (former == null) {
            return;
        }
        var content = former.content();
        if (content instanceof Content.Key key) {
            multiRegionKeys.remove(key.key().name());
            removeKey(key.key().name());
        } else if (content instanceof Content.MultiRegionKey shared) {
            multiRegionKeys.removeShared(shared).forEach(this::removeKey);
        } else if (content instanceof Content.Alias alias) {
            aliases.getOrDefault(alias.alias().name().scope(), new ConcurrentSkipListMap<>())
                    .remove(alias.alias().name().name());
        } else if (content instanceof Content.KeyAliases of) {
            keyAliases.remove(of.key());
        } else if (content instanceof Content.KeyUsage usage) {
            keyUsages.remove(usage.key());
        } else if (content instanceof Content.Grant grant) {
            grants.remove(grant);
        } else if (content instanceof Content.BackingKey backingKey) {
            var loaded = backingKeys.remove(backingKey.id());
            if (loaded != null) {
                loaded.close();
            }
        } else if (content instanceof Content.AccessKey accessKey) {
            identities.removeAccessKey(accessKey);
        } else if (content instanceof Content.Identity identity) {
            identities.remove(identity);
        } else if (content instanceof Content.User user) {
            users.remove(user.user().name());
        } else if (content instanceof Content.NodeClock nodeClock) {
            nodeClocks.remove(nodeClock.nodeId());
        }
    }

    /** Closes all loaded keys; the index is not used any more. */
    void wipe() {
        backingKeys.values().forEach(LoadedKey::close);
    }

    private void putKey(Stored<Content.Key> key) {
        var name = key.content().key().name();
        keys.computeIfAbsent(name.scope(), scope -> new ConcurrentSkipListMap<>())
                .put(name.keyId(), key);
        agenda.put(key.content().key());
        grants.keyCame(name);
    }

    private void removeKey(KeyName name) {
        agenda.remove(name);
        grants.keyWent(name);
        var scope = keys.get(name.scope());
        if (scope != null) {
            scope.remove(name.keyId());
        }
    }

    private static <C extends Content> Stored<C> with(Stored<?> stored, C content) {
        return new Stored<>(stored.id(), stored.revision(), stored.createdBy(), stored.changedBy(), content);
    }
}
