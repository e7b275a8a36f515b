package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.command.Writer.Change;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.KeyGeneration;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.KeyPair;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.key.DocumentRules;
import dev.strongroom.hsm.node.key.ImportRules;
import dev.strongroom.hsm.node.key.KeyFits;
import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.key.NameRules;
import dev.strongroom.hsm.node.key.RotationRules;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.RotationType;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Making and changing KMS keys. */
final class KeyChanges {

    /**
     * Keys per account and Region. Counted on this node's records, not in the transaction: a shared counter would make
     * every two creations of a scope wait for each other, and a few keys more in a race do no harm.
     */
    static final int MAX_KEYS = 100_000;

    private static final Stamp UNSTAMPED = new Stamp(0, 0, 0);

    private final NodeParts parts;
    private final KeyVault vault;
    private final Entropy entropy;
    private final InstantSource clock;
    private final Executor changes;
    private final Executor generation;
    private final KeyGeneration generator;
    private final Writer writer;
    private final Generations generations;

    KeyChanges(NodeParts parts, Writer writer) {
        this.parts = parts;
        this.vault = parts.vault();
        this.entropy = parts.entropy();
        this.clock = parts.clock();
        this.changes = parts.pool();
        this.generation = parts.generation();
        this.generator = new KeyGeneration(parts.entropy());
        this.writer = writer;
        this.generations = new Generations(parts);
    }

    CompletionStage<Reply.ChangedKey> createKey(HsmUser user, ChangeCommand.CreateKey command) {
        var name = command.name();
        NameRules.requireScope(name.scope());
        NameRules.requireKeyId(name.keyId(), command.key().multiRegion());
        Permits.require(user, name.scope());
        KeyRules.requireMakeable(
                command.key().spec(), command.key().usage(), command.key().origin());
        DocumentRules.require(command.documents());
        var patience = new Patience(parts);
        if (command.key().origin() == Origin.EXTERNAL) {
            return write(command, Optional.empty(), patience);
        }
        var pool = KeyFits.isPair(command.key().spec()) ? generation : changes;
        // Made once and before the draft, which may have to be made several times.
        return CompletableFuture.supplyAsync(
                        patience.before(() -> make(command.key().spec())), pool)
                .thenCompose(made -> write(command, Optional.of(made), patience));
    }

    /** @param made empty for a key whose material is still to be imported */
    private CompletionStage<Reply.ChangedKey> write(
            ChangeCommand.CreateKey command, Optional<Made> made, Patience patience) {
        try {
            patience.require();
            var change = new Change(command.commandId(), command.authority(), () -> creation(command, made), false);
            return writer.write(change, () -> changed(command.name()))
                    .whenComplete((done, failure) -> made.ifPresent(Made::close));
        } catch (RuntimeException e) {
            made.ifPresent(Made::close);
            throw e;
        }
    }

    /** New material, and of a key pair what may be known of it. */
    private record Made(KeyMaterial material, Optional<Bytes> publicKey) implements AutoCloseable {
        @Override
        public void close() {
            material.close();
        }
    }

    private Made make(KeySpec spec) {
        var material = generator.generate(spec);
        if (!KeyFits.isPair(spec)) {
            return new Made(material, Optional.empty());
        }
        try (var pair = KeyPair.open(spec, material, entropy)) {
            return new Made(material, Optional.of(pair.publicKey()));
        } catch (UnsealException e) {
            material.close();
            throw new IllegalStateException("a key pair just made does not open", e);
        }
    }

    private Optional<List<Write>> creation(ChangeCommand.CreateKey command, Optional<Made> made) {
        var name = command.name();
        var existing = vault.read(index -> {
            var found = index.key(name);
            if (found.isEmpty()) {
                Stamps.require(index, command.authority());
                if (index.keyCount(name.scope()) >= MAX_KEYS) {
                    throw new Refused(Refusal.LIMIT_EXCEEDED, Integer.toString(index.keyCount(name.scope())));
                }
            }
            return found;
        });
        // Grants that a destroyed key of this name has left would be the new one's.
        if (existing.isEmpty() && vault.read(index -> index.grants().count(name)) > 0) {
            throw new Refused(Refusal.ALREADY_EXISTS);
        }
        if (existing.isPresent()) {
            if (existing.get().createdBy().equals(command.commandId())) {
                return Optional.empty();
            }
            throw new Refused(Refusal.ALREADY_EXISTS);
        }
        var sealer = vault.sealer();
        var writes = new ArrayList<Write>();
        var material = KeyRecord.Material.NONE;
        if (made.isPresent()) {
            var first = generations.first(name, made.get().material(), now());
            writes.add(sealer.create(first.sealed(), command.commandId()));
            material = new KeyRecord.Material(
                    List.of(first.listed()), made.get().publicKey(), Optional.empty(), Optional.empty());
        }
        var key = newKey(command, material);
        writes.add(sealer.create(new Content.Key(key), command.commandId()));
        writes.add(sealer.create(new Content.KeyAliases(name, List.of()), command.commandId()));
        if (key.attributes().multiRegion()) {
            writes.add(sealer.create(Content.MultiRegionKey.of(key), command.commandId()));
        }
        return Optional.of(writes);
    }

    private KeyRecord newKey(ChangeCommand.CreateKey command, KeyRecord.Material material) {
        var asked = command.key();
        var regions = asked.multiRegion()
                ? Optional.of(new KeyRecord.MultiRegion(
                        UNSTAMPED, command.name().scope().region(), List.of()))
                : Optional.<KeyRecord.MultiRegion>empty();
        return new KeyRecord(
                UNSTAMPED,
                command.name(),
                new KeyRecord.Attributes(asked.spec(), asked.usage(), asked.origin(), asked.multiRegion(), now()),
                KeyRecord.Lifecycle.of(material.backingKeys().isEmpty() ? KeyState.PENDING_IMPORT : KeyState.ENABLED),
                command.documents(),
                new KeyRecord.Material(material.backingKeys(), material.publicKey(), material.rotation(), regions));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    CompletionStage<Reply.ChangedKey> changeKey(HsmUser user, ChangeCommand.ChangeKey command) {
        var stamp = command.authority().key();
        Supplier<Optional<List<Write>>> writes = () -> changing(user, command);
        var change = new Change(
                command.commandId(), Stamps.all(command.authority()), writes, KeyRules.restricts(command.change()));
        return writer.write(
                change,
                () -> vault.read(index -> index.key(stamp))
                        .map(stored -> new Reply.ChangedKey(stored.content().key()))
                        .orElseThrow(() -> new Refused(Refusal.NOT_FOUND)));
    }

    private Optional<List<Write>> changing(HsmUser user, ChangeCommand.ChangeKey command) {
        var stamp = command.authority().key();
        boolean isDone = vault.read(index -> RegionalKey.isDoneBy(index, stamp, command.commandId()));
        if (isDone) {
            return Optional.empty();
        }
        var scene = vault.read(index -> RegionalKey.of(vault, index, Stamps.require(index, command.authority())));
        var key = scene.key();
        Permits.require(user, key.name().scope());
        if (KeyRules.isDestroyed(key, clock)) {
            throw new Refused(Refusal.NOT_FOUND);
        }
        var now = now();
        // What has expired decides, but stays in the record until it is destroyed: that is a change of its own.
        var current = ImportRules.asOf(key, now);
        if (command.change() instanceof KeyChange.RotateOnDemand) {
            RotationRules.requireRotatableOnDemand(current, now);
            return Optional.of(rotation(scene, now, command.commandId()));
        }
        var after = KeyRules.changed(current, command.change(), now);
        return Optional.of(scene.to(
                key.attributes().origin() == Origin.EXTERNAL ? after.with(key.material()) : after,
                command.commandId()));
    }

    private List<Write> rotation(RegionalKey scene, Instant now, UUID command) {
        var key = scene.key();
        if (key.attributes().origin() == Origin.EXTERNAL) {
            return scene.to(ImportRules.rotated(key, now), command);
        }
        var fresh = generations.next(key.name(), now, RotationType.ON_DEMAND);
        var writes = new ArrayList<>(scene.to(RotationRules.rotated(key, fresh.listed()), command));
        writes.add(vault.sealer().create(fresh.sealed(), command));
        return writes;
    }

    private Reply.ChangedKey changed(KeyName name) {
        return vault.read(index -> index.key(name))
                .map(stored -> new Reply.ChangedKey(stored.content().key()))
                .orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
    }
}
