package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** The records that say who callers are, by name. As safe for readers as {@link VaultIndex} is. */
public final class IdentityIndex {

    /** The records of one kind in one account; accounts themselves are in the folder of no account. */
    private record Folder(IdentityKind kind, String accountId) {}

    private final Map<Folder, ConcurrentNavigableMap<String, Stored<Content.Identity>>> folders =
            new ConcurrentHashMap<>();
    private final Map<String, Stored<Content.AccessKey>> accessKeys = new ConcurrentHashMap<>();
    private final Map<String, ConcurrentNavigableMap<String, Stored<Content.AccessKey>>> accountKeys =
            new ConcurrentHashMap<>();

    IdentityIndex() {}

    /** Names differ by more than the case of their letters (IAM User Guide, "IAM identifiers"). */
    static String key(IdentityName name) {
        return name.kind() == IdentityKind.ACCOUNT
                ? name.accountId()
                : name.name().toLowerCase(Locale.ROOT);
    }

    // ---- reading

    /** Of every kind but an access key. */
    public Optional<Stored<Content.Identity>> find(IdentityName name) {
        var folder = folders.get(folder(name));
        return folder == null ? Optional.empty() : Optional.ofNullable(folder.get(key(name)));
    }

    /** The user or role of that name. */
    public Optional<IdentityRecord.Principal> principal(IdentityName name) {
        return find(name, IdentityRecord.Principal.class);
    }

    public Optional<IdentityRecord.Account> account(String accountId) {
        return find(new IdentityName(IdentityKind.ACCOUNT, accountId, ""), IdentityRecord.Account.class);
    }

    public Optional<IdentityRecord.ManagedPolicy> policy(IdentityName name) {
        return find(name, IdentityRecord.ManagedPolicy.class);
    }

    private <T extends IdentityRecord> Optional<T> find(IdentityName name, Class<T> type) {
        return find(name)
                .map(stored -> stored.content().identity())
                .filter(type::isInstance)
                .map(type::cast);
    }

    /** Whether principals of the account need not exist to be named. */
    public boolean isOpen(String accountId) {
        return account(accountId).filter(IdentityRecord.Account::open).isPresent();
    }

    /**
     * Records whose name in lower case is above {@code after}, ascending.
     *
     * @param accountId empty for accounts
     */
    public Stream<IdentityRecord> list(IdentityKind kind, String accountId, String after) {
        if (kind == IdentityKind.ACCESS_KEY) {
            return accountKeys(accountId).tailMap(after, false).values().stream()
                    .map(stored -> stored.content().accessKey());
        }
        var folder = folders.get(new Folder(kind, accountId));
        return folder == null
                ? Stream.empty()
                : folder.tailMap(after, false).values().stream()
                        .map(stored -> stored.content().identity());
    }

    /** How many records of the kind the account has. */
    public int count(IdentityKind kind, String accountId) {
        var folder = folders.get(new Folder(kind, accountId));
        return folder == null ? 0 : folder.size();
    }

    public Optional<Stored<Content.AccessKey>> accessKey(String accessKeyId) {
        return Optional.ofNullable(accessKeys.get(accessKeyId));
    }

    /** The access keys of a user or an account root. */
    public List<Stored<Content.AccessKey>> accessKeysOf(String accountId, String principalArn) {
        return accountKeys(accountId).values().stream()
                .filter(stored -> stored.content().identity().principalArn().equals(principalArn))
                .toList();
    }

    /** A managed policy as decisions see it. One that is not there has no text, which permits nothing. */
    public PolicyRecord policyOr(IdentityName name, String arn, RecordNames names) {
        return policy(name).map(IdentityRecord.ManagedPolicy::policy).orElseGet(() -> {
            var id = names.identity(name);
            return new PolicyRecord(new Stamp(id.high(), id.low(), 0), arn, "");
        });
    }

    private ConcurrentNavigableMap<String, Stored<Content.AccessKey>> accountKeys(String accountId) {
        return accountKeys.getOrDefault(accountId, new ConcurrentSkipListMap<>());
    }

    private static Folder folder(IdentityName name) {
        return new Folder(name.kind(), name.kind() == IdentityKind.ACCOUNT ? "" : name.accountId());
    }

    // ---- writing

    void put(Stored<Content.Identity> stored) {
        var name = stored.content().identity().name();
        folders.computeIfAbsent(folder(name), folder -> new ConcurrentSkipListMap<>())
                .put(key(name), stored);
    }

    void remove(Content.Identity identity) {
        var name = identity.identity().name();
        var folder = folders.get(folder(name));
        if (folder != null) {
            folder.remove(key(name));
        }
    }

    void putAccessKey(Stored<Content.AccessKey> stored) {
        var identity = stored.content().identity();
        accessKeys.put(identity.accessKeyId(), stored);
        accountKeys
                .computeIfAbsent(identity.accountId(), account -> new ConcurrentSkipListMap<>())
                .put(identity.accessKeyId().toLowerCase(Locale.ROOT), stored);
    }

    void removeAccessKey(Content.AccessKey accessKey) {
        var identity = accessKey.identity();
        accessKeys.remove(identity.accessKeyId());
        var keys = accountKeys.get(identity.accountId());
        if (keys != null) {
            keys.remove(identity.accessKeyId().toLowerCase(Locale.ROOT));
        }
    }
}
