package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.command.Writer.Change;
import dev.strongroom.hsm.node.key.DocumentRules;
import dev.strongroom.hsm.node.key.ImportRules;
import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.key.NameRules;
import dev.strongroom.hsm.node.store.Transaction.Check;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Multi-Region keys in further Regions. A replica is ready when its command is answered: one entry of the log makes its
 * record and tells the other Regions of it, so there is no time in which it is being created, and none in which two Regions
 * change places.
 */
final class ReplicaChanges {

    private final KeyVault vault;
    private final InstantSource clock;
    private final Writer writer;

    ReplicaChanges(NodeParts parts, Writer writer) {
        this.vault = parts.vault();
        this.clock = parts.clock();
        this.writer = writer;
    }

    CompletionStage<Reply.ChangedKey> replicateKey(HsmUser user, ChangeCommand.ReplicateKey command) {
        NameRules.requireRegion(command.region());
        DocumentRules.require(command.documents());
        Permits.requireRegion(user, command.region());
        var stamp = command.primary().key();
        var change =
                new Change(command.commandId(), Stamps.all(command.primary()), () -> replication(user, command), false);
        return writer.write(change, () -> found(inRegion(stamp, command.region())));
    }

    private Optional<List<Write>> replication(HsmUser user, ChangeCommand.ReplicateKey command) {
        var name = inRegion(command.primary().key(), command.region());
        var there = vault.read(index -> index.key(name));
        if (there.isPresent() && there.get().createdBy().equals(command.commandId())) {
            return Optional.empty();
        }
        var primary = primary(user, command.primary().key(), Stamps.all(command.primary()));
        var shared = shared(primary);
        var regions = shared.content().material().multiRegion().orElseThrow();
        if (there.isPresent()
                || vault.read(index -> index.grants().count(name)) > 0
                || command.region().equals(regions.primaryRegion())
                || regions.replicaRegions().contains(command.region())) {
            throw new Refused(Refusal.ALREADY_EXISTS);
        }
        int keys = vault.read(index -> index.keyCount(name.scope()));
        if (keys >= KeyChanges.MAX_KEYS) {
            throw new Refused(Refusal.LIMIT_EXCEEDED, Integer.toString(keys));
        }
        var replicas = new ArrayList<>(regions.replicaRegions());
        replicas.add(command.region());
        var material = ImportRules.joined(shared.content().material());
        var after = withRegions(material, regions, regions.primaryRegion(), replicas);
        var sealer = vault.sealer();
        return Optional.of(List.of(
                sealer.create(new Content.Key(replica(primary, name, command.documents())), command.commandId()),
                sealer.create(new Content.KeyAliases(name, List.of()), command.commandId()),
                sealer.replace(
                        shared,
                        new Content.MultiRegionKey(name.scope().accountId(), name.keyId(), after),
                        command.commandId())));
    }

    private KeyRecord replica(KeyRecord primary, KeyName name, KeyRecord.Documents documents) {
        var of = primary.attributes();
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new KeyRecord(
                new Stamp(0, 0, 0),
                name,
                new KeyRecord.Attributes(of.spec(), of.usage(), of.origin(), true, now),
                KeyRecord.Lifecycle.of(of.origin() == Origin.EXTERNAL ? KeyState.PENDING_IMPORT : KeyState.ENABLED),
                documents,
                KeyRecord.Material.NONE);
    }

    CompletionStage<Reply.ChangedKey> updatePrimaryRegion(HsmUser user, ChangeCommand.UpdatePrimaryRegion command) {
        NameRules.requireRegion(command.region());
        Permits.requireRegion(user, command.region());
        var stamp = command.primary().key();
        var change =
                new Change(command.commandId(), Stamps.all(command.primary()), () -> exchange(user, command), true);
        return writer.write(
                change,
                () -> found(vault.read(index -> index.key(stamp))
                        .orElseThrow(() -> new Refused(Refusal.NOT_FOUND))
                        .content()
                        .key()
                        .name()));
    }

    private Optional<List<Write>> exchange(HsmUser user, ChangeCommand.UpdatePrimaryRegion command) {
        var name = inRegion(command.primary().key(), command.region());
        var share = vault.read(index -> index.multiRegionKey(name.scope().accountId(), name.keyId()));
        if (share.isPresent() && share.get().changedBy().equals(command.commandId())) {
            return Optional.empty();
        }
        var primary = primary(user, command.primary().key(), Stamps.all(command.primary()));
        var shared = shared(primary);
        var regions = shared.content().material().multiRegion().orElseThrow();
        var replica = vault.read(index -> index.key(name))
                .filter(found -> regions.replicaRegions().contains(command.region()))
                .orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
        KeyRules.requireUsable(replica.content().key(), clock);
        var replicas = new ArrayList<>(regions.replicaRegions());
        replicas.set(replicas.indexOf(command.region()), regions.primaryRegion());
        var after = withRegions(shared.content().material(), regions, command.region(), replicas);
        return Optional.of(List.of(
                vault.sealer()
                        .replace(
                                shared,
                                new Content.MultiRegionKey(name.scope().accountId(), name.keyId(), after),
                                command.commandId()),
                // It must not begin to be deleted meanwhile.
                new Check(replica.id(), replica.revision())));
    }

    private KeyRecord primary(HsmUser user, Stamp key, List<Stamp> stamps) {
        var primary = vault.read(index -> {
            Stamps.require(index, stamps);
            return index.key(key)
                    .orElseThrow(() -> new Refused(Refusal.MALFORMED, "the stamp of a key names another record"))
                    .content()
                    .key();
        });
        Permits.require(user, primary.name().scope());
        if (!primary.isPrimary()) {
            throw new Refused(Refusal.INVALID_FOR_KEY);
        }
        KeyRules.requireUsable(primary, clock);
        return primary;
    }

    private Stored<Content.MultiRegionKey> shared(KeyRecord key) {
        return vault.read(index -> index.multiRegionKey(
                        key.name().scope().accountId(), key.name().keyId()))
                .orElseThrow(() -> new IllegalStateException("a multi-Region key is whole"));
    }

    /** The name that the key of {@code stamp} has in {@code region}. */
    private KeyName inRegion(Stamp stamp, String region) {
        var name = vault.read(index -> index.key(stamp))
                .orElseThrow(() -> new Refused(Refusal.NOT_FOUND))
                .content()
                .key()
                .name();
        return new KeyName(new Scope(name.scope().accountId(), region), name.keyId());
    }

    private Reply.ChangedKey found(KeyName name) {
        return vault.read(index -> index.key(name))
                .map(stored -> new Reply.ChangedKey(stored.content().key()))
                .orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
    }

    private static KeyRecord.Material withRegions(
            KeyRecord.Material material, KeyRecord.MultiRegion former, String primary, List<String> replicas) {
        return new KeyRecord.Material(
                material.backingKeys(),
                material.publicKey(),
                material.rotation(),
                Optional.of(new KeyRecord.MultiRegion(former.stamp(), primary, replicas)));
    }
}
