package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.KeyPair;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.LoadedKey;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds the key that a command may use and lends its material, or its key pair, to the work.
 *
 * <p>Symmetric work is done on the thread that brings the command, work with key pairs on a pool of its own: a signature
 * takes as long as a thousand symmetric uses.
 */
final class UsableKeys {

    private final RecordStore store;
    private final KeyVault vault;
    private final Entropy entropy;
    private final Executor pool;
    private final Executor pairUses;

    UsableKeys(NodeParts parts) {
        this.store = parts.store();
        this.vault = parts.vault();
        this.entropy = parts.entropy();
        this.pool = parts.pool();
        this.pairUses = parts.pairUses();
    }

    /** A key that was found fit for its use, and the generation of it to use. */
    record Fit(KeyRecord key, LoadedKey generation, String materialId) {

        KeySpec spec() {
            return key.attributes().spec();
        }
    }

    /** What is done with an opened key. */
    interface Work<T, R> {
        R with(Fit fit, T opened);
    }

    private interface Opening<T> {
        Optional<T> of(Fit fit) throws UnsealException;
    }

    /**
     * The generation that new ciphertexts are made under, of a key pair the only one.
     *
     * @param rule refuses unless the key is for the use
     */
    static Fit current(VaultIndex index, HsmUser user, Authority authority, Consumer<KeyRecord> rule) {
        var key = fit(index, user, authority, rule);
        var generation = key.currentBackingKey().orElseThrow(() -> new Refused(Refusal.KEY_UNAVAILABLE));
        // A key lists only generations that were written with it: one that is missing here did not open.
        return index.backingKey(generation.id())
                .map(loaded -> new Fit(key, loaded, generation.materialId()))
                .orElseThrow(() -> new Refused(Refusal.INTERNAL, "a generation of the key does not open"));
    }

    /** The generation that the blob names. */
    static Fit named(VaultIndex index, HsmUser user, Authority authority, Bytes blob, Consumer<KeyRecord> rule) {
        var key = fit(index, user, authority, rule);
        var loaded = CiphertextBlob.backingKeyId(blob.readOnlyArray())
                .flatMap(index::backingKey)
                // Whoever is not made for the account cannot tell its blobs from noise.
                .filter(found -> user.servesAccount(found.accountId()))
                .orElseThrow(() -> new Refused(Refusal.INVALID_CIPHERTEXT));
        var name = key.name();
        if (!loaded.keyId().equals(name.keyId())
                || !loaded.accountId().equals(name.scope().accountId())) {
            throw new Refused(Refusal.INCORRECT_KEY);
        }
        for (var generation : key.backingKeys()) {
            if (generation.id().equals(loaded.id())) {
                return new Fit(key, loaded, generation.materialId());
            }
        }
        throw new Refused(Refusal.INVALID_CIPHERTEXT);
    }

    private static KeyRecord fit(VaultIndex index, HsmUser user, Authority authority, Consumer<KeyRecord> rule) {
        var key = Stamps.require(index, authority).content().key();
        Permits.require(user, key.name().scope());
        rule.accept(key);
        return key;
    }

    /** Refuses unless every record is as it was seen: for work that uses no key. */
    void require(List<Stamp> authority) {
        var unused = vault.read(index -> {
            Stamps.require(index, authority);
            return index;
        });
    }

    /** The record as it is now, if the key may be used so. */
    Fit look(Function<VaultIndex, Fit> choice) {
        return vault.read(choice);
    }

    /** Works with the material of the generation that {@code choice} picks from the records. */
    <R> R withMaterial(Function<VaultIndex, Fit> choice, Work<KeyMaterial, R> work) {
        return with(choice, fit -> fit.generation().material(), work);
    }

    /** Works with the key pair that {@code choice} picks from the records. */
    <R> R withPair(Function<VaultIndex, Fit> choice, Work<KeyPair, R> work) {
        return with(choice, fit -> fit.generation().keyPair(fit.spec(), entropy), work);
    }

    private <T, R> R with(Function<VaultIndex, Fit> choice, Opening<T> opening, Work<T, R> work) {
        var fit = vault.read(choice);
        try {
            var opened = opening.of(fit);
            if (opened.isPresent()) {
                return work.with(fit, opened.get());
            }
        } catch (IllegalStateException e) {
            if (isOpen(fit, opening)) {
                throw e;
            }
        } catch (UnsealException e) {
            throw new IllegalStateException("ALARM: the material of a backing key does not open", e);
        }
        // The record was written anew or destroyed between choice and use: the second choice sees which.
        var again = vault.read(choice);
        try {
            var opened = opening.of(again).orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
            return work.with(again, opened);
        } catch (UnsealException e) {
            throw new IllegalStateException("ALARM: the material of a backing key does not open", e);
        }
    }

    private static <T> boolean isOpen(Fit fit, Opening<T> opening) {
        try {
            return opening.of(fit).isPresent();
        } catch (UnsealException e) {
            return false;
        }
    }

    /** Works on this thread, unless the node has to catch up first. */
    <R> CompletionStage<R> here(long newest, Supplier<R> work) {
        if (newest <= vault.read(VaultIndex::appliedIndex)) {
            return CompletableFuture.completedFuture(work.get());
        }
        return store.awaitApplied(newest).thenApplyAsync(reached -> work.get(), pool);
    }

    /** Works on the pool for key pairs; refuses if too much waits there already. */
    <R> CompletionStage<R> pooled(long newest, Supplier<R> work) {
        return pooled(newest, pairUses, work);
    }

    <R> CompletionStage<R> pooled(long newest, Executor on, Supplier<R> work) {
        if (newest <= vault.read(VaultIndex::appliedIndex)) {
            return CompletableFuture.supplyAsync(work, on);
        }
        return store.awaitApplied(newest).thenApplyAsync(reached -> work.get(), on);
    }
}
