package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.command.Writer.Change;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.key.ImportRules;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Imported key material: parameters for wrapping it, its arrival, its removal. What was wrapped is unwrapped here and
 * nowhere else, and is sealed again before anything is written.
 */
final class MaterialChanges {

    static final Duration PARAMETERS_LIVE = Duration.ofHours(24);

    private final NodeParts parts;
    private final RecordStore store;
    private final KeyVault vault;
    private final Unwrapping unwrapping;
    private final InstantSource clock;
    private final Executor generation;
    private final Writer writer;

    MaterialChanges(NodeParts parts, Writer writer) {
        this.parts = parts;
        this.store = parts.store();
        this.vault = parts.vault();
        this.unwrapping = new Unwrapping(parts.entropy());
        this.clock = parts.clock();
        // An RSA pair to make or to test takes up to seconds, so all this is done where key pairs are made.
        this.generation = parts.generation();
        this.writer = writer;
    }

    CompletionStage<Reply.ImportParameters> makeImportParameters(
            HsmUser user, ImportCommand.MakeImportParameters command) {
        Unwrapping.requireFit(command.algorithm(), command.spec());
        var work = new Patience(parts).before(() -> {
            var key = vault.read(index -> Stamps.require(index, command.authority()))
                    .content()
                    .key();
            Permits.require(user, key.name().scope());
            ImportRules.requireImportable(key);
            return parameters(key, command);
        });
        return caughtUp(Stamps.newest(command.authority())).thenApplyAsync(ready -> work.get(), generation);
    }

    private Reply.ImportParameters parameters(KeyRecord key, ImportCommand.MakeImportParameters command) {
        var validTo = now().plus(PARAMETERS_LIVE);
        try (var wrappingKey = unwrapping.newKey(command.spec())) {
            var token = ImportToken.seal(
                    vault.sealer(), key.name(), command.algorithm(), command.spec(), validTo, wrappingKey);
            return new Reply.ImportParameters(
                    unwrapping.publicKey(command.spec(), wrappingKey), token.octets(), validTo);
        }
    }

    /** Material that was unwrapped; closed when the command is over. */
    private record Arrived(ImportRules.Arrival facts, KeyMaterial material) {}

    CompletionStage<Reply.ChangedMaterial> importMaterial(HsmUser user, ImportCommand.ImportMaterial command) {
        var work = new Patience(parts).before(() -> unwrapped(user, command));
        return caughtUp(Stamps.newest(command.authority()))
                .thenApplyAsync(ready -> work.get(), generation)
                .thenCompose(arrived -> {
                    try {
                        var change = new Change(
                                command.commandId(),
                                Stamps.all(command.authority()),
                                () -> arrival(command, arrived),
                                false);
                        return writer.write(
                                        change,
                                        () -> changed(
                                                command.authority().key(),
                                                arrived.facts().materialId()))
                                .whenComplete(
                                        (done, failure) -> arrived.material().close());
                    } catch (RuntimeException e) {
                        arrived.material().close();
                        throw e;
                    }
                });
    }

    /**
     * What the caller wrapped. Name and kind of a key never change, so this may look at the record as it is now; whether
     * the decision rested on it is seen when the change is drafted.
     */
    private Arrived unwrapped(HsmUser user, ImportCommand.ImportMaterial command) {
        var key = vault.read(index -> index.key(command.authority().key()))
                .orElseThrow(() -> new Refused(Refusal.NOT_FOUND))
                .content()
                .key();
        Permits.require(user, key.name().scope());
        ImportRules.requireImportable(key);
        ImportRules.requireTerms(command.terms(), now());
        var token = ImportToken.read(command.token());
        try (var wrappingKey = token.open(vault.sealer(), key.name(), now())) {
            var material = unwrapping.open(
                    token, wrappingKey, command.wrapped(), key.attributes().spec());
            try {
                return new Arrived(unwrapping.facts(key, material), material);
            } catch (RuntimeException e) {
                material.close();
                throw e;
            }
        }
    }

    private Optional<List<Write>> arrival(ImportCommand.ImportMaterial command, Arrived arrived) {
        var stamp = command.authority().key();
        if (vault.read(index -> RegionalKey.isDoneBy(index, stamp, command.commandId()))) {
            return Optional.empty();
        }
        var scene = vault.read(index -> RegionalKey.of(vault, index, Stamps.require(index, command.authority())));
        ImportRules.requireImportable(scene.key());
        var now = now();
        var facts = arrived.facts();
        var after = ImportRules.imported(
                ImportRules.asOf(scene.key(), now),
                facts,
                command.terms(),
                scene.isEverywhereElse(facts.id(), now),
                now);
        var name = scene.key().name();
        // Opened again and compared before it is proposed: no key may exist that cannot be opened.
        var sealed =
                vault.sealer().sealBackingKey(facts.id(), name.scope().accountId(), name.keyId(), arrived.material());
        return Optional.of(scene.toMaterial(after, Optional.of(sealed), command.commandId(), now));
    }

    CompletionStage<Reply.ChangedMaterial> deleteMaterial(HsmUser user, ImportCommand.DeleteMaterial command) {
        var stamp = command.authority().key();
        var change =
                new Change(command.commandId(), Stamps.all(command.authority()), () -> removal(user, command), true);
        return writer.write(change, () -> changed(stamp, concerned(stamp, command.materialId())));
    }

    private Optional<List<Write>> removal(HsmUser user, ImportCommand.DeleteMaterial command) {
        var stamp = command.authority().key();
        if (vault.read(index -> RegionalKey.isDoneBy(index, stamp, command.commandId()))) {
            return Optional.empty();
        }
        var scene = vault.read(index -> RegionalKey.of(vault, index, Stamps.require(index, command.authority())));
        var key = scene.key();
        Permits.require(user, key.name().scope());
        ImportRules.requireExternal(key);
        var now = now();
        var id = key.backingKeys().stream()
                .filter(generation -> generation.materialId().equals(concerned(key, command.materialId())))
                .map(KeyRecord.BackingKey::id)
                .findFirst();
        if (id.isEmpty() && command.materialId().isPresent()) {
            throw new Refused(Refusal.INCORRECT_KEY_MATERIAL);
        }
        var current = ImportRules.asOf(key, now);
        var after = id.map(gone -> ImportRules.deleted(current, gone)).orElse(current);
        return Optional.of(scene.toMaterial(after, Optional.empty(), command.commandId(), now));
    }

    private String concerned(Stamp stamp, Optional<String> named) {
        return vault.read(index -> index.key(stamp))
                .map(stored -> concerned(stored.content().key(), named))
                .orElse(named.orElse(""));
    }

    /** The material that a removal is about; none of a key that has never had any. */
    private static String concerned(KeyRecord key, Optional<String> named) {
        return named.or(() -> key.currentBackingKey().map(KeyRecord.BackingKey::materialId))
                .orElse("");
    }

    private Reply.ChangedMaterial changed(Stamp stamp, String materialId) {
        return vault.read(index -> index.key(stamp))
                .map(stored -> new Reply.ChangedMaterial(stored.content().key(), materialId))
                .orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
    }

    private CompletionStage<Void> caughtUp(long newest) {
        return newest <= vault.read(VaultIndex::appliedIndex)
                ? CompletableFuture.completedFuture(null)
                : store.awaitApplied(newest);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
