package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.Transaction.Check;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.RecordKind;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What goes with a KMS key when it is destroyed: its record, its material unless another Region needs it, and whatever
 * belongs to it alone. A key has at most 50 aliases and some hundred generations: all of that is one entry of the log, and
 * with it the key is gone for good, once. Its grants, of which there may be 50,000, follow in small entries; without the key
 * they give nothing, and no key may come under its name before they are gone.
 */
final class KeyEstate {

    /** Grants removed at once: some 40 kB of the log. */
    static final int MOST_ORPHANS = 1_000;

    private final KeyVault vault;

    KeyEstate(KeyVault vault) {
        this.vault = vault;
    }

    /** What is seen of a doomed key at one moment. */
    private record Sight(RegionalKey scene, List<Write> deletes) {}

    /**
     * The writes that leave nothing of the key but its share in other Regions; each expects what was just seen.
     *
     * @param due the date up to which keys are to be destroyed
     * @param now when a window begins that begins with this
     * @return empty if the key is not, or no longer, to be destroyed
     */
    Optional<List<Write>> removal(KeyName name, Instant due, Instant now, UUID command) {
        Optional<Sight> seen = vault.read(index -> index.key(name)
                .filter(stored -> KeyRules.isDestroyed(stored.content().key(), () -> due))
                .map(stored -> new Sight(
                        RegionalKey.of(vault, index, stored),
                        deletes(index, stored.content().key()))));
        return seen.map(sight -> {
            var writes = new ArrayList<>(sight.deletes());
            if (!isLast(sight.scene().key())) {
                writes.addAll(sight.scene().leaving(due, now, command));
            }
            return List.copyOf(writes);
        });
    }

    private List<Write> deletes(VaultIndex index, KeyRecord key) {
        var deletes = new ArrayList<Write>();
        for (var kind : RecordKind.values()) {
            belongings(kind, index, key).forEach(id -> {
                // Also of what does not open.
                long revision = index.revision(new Stamp(id.high(), id.low(), 0));
                if (revision != 0) {
                    deletes.add(new Delete(id, revision));
                }
            });
        }
        return List.copyOf(deletes);
    }

    /**
     * The first writes that remove grants whose key is gone: so many that an entry of the log stays small, and only while
     * no node has a record of such a key, readable or not.
     *
     * @return empty if there is nothing to remove
     */
    Optional<List<Write>> orphans(KeyName name) {
        var key = vault.names().key(name);
        List<Write> deletes = vault.read(index -> index.revision(new Stamp(key.high(), key.low(), 0)) != 0
                ? List.of()
                : index.grants()
                        .of(name, "")
                        .limit(MOST_ORPHANS)
                        .map(grant -> (Write) new Delete(grant.id(), grant.revision()))
                        .toList());
        if (deletes.isEmpty()) {
            return Optional.empty();
        }
        var writes = new ArrayList<>(deletes);
        writes.add(new Check(key, 0));
        return Optional.of(List.copyOf(writes));
    }

    /** Each kind is asked, so that a new one is not forgotten here. */
    private Stream<RecordId> belongings(RecordKind kind, VaultIndex index, KeyRecord key) {
        var names = vault.names();
        var name = key.name();
        return switch (kind) {
            case KEY -> Stream.of(names.key(name));
            case BACKING_KEY ->
                isLast(key)
                        ? key.backingKeys().stream().map(generation -> names.backingKey(generation.id()))
                        : Stream.empty();
            case MULTI_REGION_KEY ->
                isLast(key) ? Stream.of(names.multiRegionKey(name.scope().accountId(), name.keyId())) : Stream.empty();
            case KEY_ALIASES -> Stream.of(names.keyAliases(name));
            case ALIAS -> aliases(index, name);
            // There may be 50,000, too many for one entry: see orphans.
            case GRANT -> Stream.empty();
            case KEY_USAGE -> Stream.of(names.keyUsage(name));
            case ACCESS_KEY, ACCOUNT, USER, ROLE, MANAGED_POLICY, OIDC_PROVIDER -> Stream.empty();
            case HSM_USER, KEYRING, CLUSTER, NODE_CLOCK -> Stream.empty();
        };
    }

    private Stream<RecordId> aliases(VaultIndex index, KeyName name) {
        return index.keyAliases(name).stream()
                .flatMap(set -> set.content().names().stream())
                .map(alias -> new AliasName(name.scope(), alias))
                .filter(alias -> index.alias(alias)
                        .filter(found -> found.content().alias().targetKeyId().equals(name.keyId()))
                        .isPresent())
                .map(vault.names()::alias);
    }

    /** Whether no other Region has the key. */
    private static boolean isLast(KeyRecord key) {
        return key.material()
                .multiRegion()
                .map(shared -> key.isPrimary() && shared.replicaRegions().isEmpty())
                .orElse(true);
    }
}
