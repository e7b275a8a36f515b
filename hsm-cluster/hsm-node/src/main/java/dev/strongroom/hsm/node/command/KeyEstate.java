package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.RecordKind;
import dev.strongroom.hsm.node.vault.Stored;
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
 * belongs to it alone. A key has at most 50 aliases and some hundred generations, so all of it fits into one entry of the
 * log; a kind of which a key may have thousands has to be removed in entries before it.
 */
final class KeyEstate {

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
            case GRANT -> index.grants().of(name, "").map(Stored::id);
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
