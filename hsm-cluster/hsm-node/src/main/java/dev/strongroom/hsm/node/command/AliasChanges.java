package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.command.Writer.Change;
import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.key.NameRules;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.RecordSealer;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Making, pointing and removing aliases. Each change writes the alias and the alias set of every key concerned, so two
 * changes that concern one key cannot both rest on the same set; that is what keeps the limit per key.
 */
final class AliasChanges {

    static final int MAX_ALIASES_PER_KEY = 50;

    private final KeyVault vault;
    private final InstantSource clock;
    private final Writer writer;

    AliasChanges(NodeParts parts, Writer writer) {
        this.vault = parts.vault();
        this.clock = parts.clock();
        this.writer = writer;
    }

    /** The records that a change of an alias meets. */
    private record Scene(
            Optional<Stored<Content.Alias>> alias,
            Optional<Stored<Content.KeyAliases>> aliasesBefore,
            Optional<Stored<Content.KeyAliases>> aliasesAfter) {}

    CompletionStage<Reply.Done> createAlias(HsmUser user, ChangeCommand.CreateAlias command) {
        NameRules.requireScope(command.name().scope());
        NameRules.requireAlias(command.name().name());
        Permits.require(user, command.name().scope());
        var change = new Change(command.commandId(), Stamps.all(command.target()), () -> creation(command), false);
        return writer.write(change, Reply.Done::new);
    }

    private Optional<List<Write>> creation(ChangeCommand.CreateAlias command) {
        var name = command.name();
        var present = vault.read(index -> index.alias(name));
        if (present.isPresent() && present.get().createdBy().equals(command.commandId())) {
            return Optional.empty();
        }
        var target = target(command.target(), name);
        var scene = scene(name, target.name());
        if (scene.alias().isPresent()
                && !isDangling(scene.alias().get().content().alias())) {
            throw new Refused(Refusal.ALREADY_EXISTS);
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var alias = new Content.Alias(
                new AliasRecord(new Stamp(0, 0, 0), name, target.name().keyId(), now, now));
        var writes = new ArrayList<Write>();
        var sealer = vault.sealer();
        writes.add(scene.alias()
                // Left behind by a key that is no more, and free to be taken.
                .map(former -> sealer.replace(former, alias, command.commandId()))
                .orElseGet(() -> sealer.create(alias, command.commandId())));
        scene.aliasesBefore().ifPresent(before -> writes.add(without(sealer, before, name, command.commandId())));
        writes.add(with(sealer, scene.aliasesAfter(), target.name(), name, command.commandId()));
        return Optional.of(writes);
    }

    CompletionStage<Reply.Done> updateAlias(HsmUser user, ChangeCommand.UpdateAlias command) {
        var stamps = new ArrayList<Stamp>();
        stamps.add(command.alias());
        stamps.addAll(Stamps.all(command.target()));
        var change = new Change(command.commandId(), stamps, () -> pointing(user, command), true);
        return writer.write(change, Reply.Done::new);
    }

    private Optional<List<Write>> pointing(HsmUser user, ChangeCommand.UpdateAlias command) {
        var stored = requireAlias(user, command.alias(), command.commandId());
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        var alias = stored.get().content().alias();
        var target = target(command.target(), alias.name());
        var former = vault.read(index -> index.key(new KeyName(alias.name().scope(), alias.targetKeyId())));
        if (former.isPresent() && !alike(former.get().content().key(), target)) {
            throw new Refused(Refusal.INVALID_FOR_KEY);
        }
        var scene = scene(alias.name(), target.name());
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var pointed = new Content.Alias(
                new AliasRecord(alias.stamp(), alias.name(), target.name().keyId(), alias.created(), now));
        var sealer = vault.sealer();
        var writes = new ArrayList<Write>();
        writes.add(sealer.replace(stored.get(), pointed, command.commandId()));
        if (!alias.targetKeyId().equals(target.name().keyId())) {
            scene.aliasesBefore()
                    .ifPresent(before -> writes.add(without(sealer, before, alias.name(), command.commandId())));
            writes.add(with(sealer, scene.aliasesAfter(), target.name(), alias.name(), command.commandId()));
        }
        return Optional.of(writes);
    }

    CompletionStage<Reply.Done> deleteAlias(HsmUser user, ChangeCommand.DeleteAlias command) {
        var stamps = new ArrayList<Stamp>();
        stamps.add(command.alias());
        stamps.addAll(command.authority());
        var change = new Change(command.commandId(), stamps, () -> removal(user, command), true);
        return writer.write(change, Reply.Done::new);
    }

    private Optional<List<Write>> removal(HsmUser user, ChangeCommand.DeleteAlias command) {
        var stored = requireAlias(user, command.alias(), command.commandId())
                .orElseThrow(() -> new IllegalStateException("a removal leaves no alias behind"));
        var unused = vault.read(index -> {
            Stamps.require(index, command.authority());
            return index;
        });
        var alias = stored.content().alias();
        var writes = new ArrayList<Write>();
        writes.add(new Delete(stored.id(), stored.revision()));
        vault.read(index -> index.keyAliases(new KeyName(alias.name().scope(), alias.targetKeyId())))
                .ifPresent(before -> writes.add(without(vault.sealer(), before, alias.name(), command.commandId())));
        return Optional.of(writes);
    }

    /** The alias as the client saw it, or refuses; empty if this command has pointed it already. */
    private Optional<Stored<Content.Alias>> requireAlias(HsmUser user, Stamp stamp, UUID command) {
        return vault.read(index -> {
            var found = index.alias(stamp);
            if (found.isPresent() && found.get().changedBy().equals(command)) {
                return Optional.empty();
            }
            Stamps.require(index, List.of(stamp));
            var alias = found.orElseThrow(
                    () -> new Refused(Refusal.MALFORMED, "the stamp of an alias names another record"));
            Permits.require(user, alias.content().alias().name().scope());
            return Optional.of(alias);
        });
    }

    private KeyRecord target(Authority authority, AliasName alias) {
        var key =
                vault.read(index -> Stamps.require(index, authority)).content().key();
        if (!key.name().scope().equals(alias.scope())) {
            throw new Refused(Refusal.MALFORMED, "an alias stands for a key of its own account and Region");
        }
        if (KeyRules.isDestroyed(key, clock)) {
            throw new Refused(Refusal.NOT_FOUND);
        }
        KeyRules.requireNotPendingDeletion(key);
        return key;
    }

    private Scene scene(AliasName name, KeyName target) {
        return vault.read(index -> {
            var alias = index.alias(name);
            var before = alias.map(stored -> stored.content().alias().targetKeyId())
                    .filter(keyId -> !keyId.equals(target.keyId()))
                    .flatMap(keyId -> index.keyAliases(new KeyName(name.scope(), keyId)));
            return new Scene(alias, before, index.keyAliases(target));
        });
    }

    private boolean isDangling(AliasRecord alias) {
        return vault.read(index -> index.key(new KeyName(alias.name().scope(), alias.targetKeyId())))
                .map(stored -> KeyRules.isDestroyed(stored.content().key(), clock))
                .orElse(true);
    }

    private static Write with(
            RecordSealer sealer,
            Optional<Stored<Content.KeyAliases>> former,
            KeyName key,
            AliasName added,
            UUID command) {
        var names =
                new ArrayList<>(former.map(stored -> stored.content().names()).orElse(List.of()));
        if (!names.contains(added.name())) {
            if (names.size() >= MAX_ALIASES_PER_KEY) {
                throw new Refused(Refusal.LIMIT_EXCEEDED, Integer.toString(names.size()));
            }
            names.add(added.name());
            names.sort(null);
        }
        var content = new Content.KeyAliases(key, names);
        return former.map(stored -> sealer.replace(stored, content, command))
                .orElseGet(() -> sealer.create(content, command));
    }

    private static Write without(
            RecordSealer sealer, Stored<Content.KeyAliases> former, AliasName removed, UUID command) {
        var names = new ArrayList<>(former.content().names());
        names.remove(removed.name());
        return sealer.replace(former, new Content.KeyAliases(former.content().key(), names), command);
    }

    /** Whether an alias may move from one key to the other: an application must not see the kind of key change. */
    private static boolean alike(KeyRecord one, KeyRecord other) {
        var a = one.attributes();
        var b = other.attributes();
        return a.usage() == b.usage()
                && isHmac(a.spec()) == isHmac(b.spec())
                && (a.spec() == KeySpec.SYMMETRIC_DEFAULT) == (b.spec() == KeySpec.SYMMETRIC_DEFAULT);
    }

    private static boolean isHmac(KeySpec spec) {
        return switch (spec) {
            case HMAC_224, HMAC_256, HMAC_384, HMAC_512 -> true;
            default -> false;
        };
    }
}
