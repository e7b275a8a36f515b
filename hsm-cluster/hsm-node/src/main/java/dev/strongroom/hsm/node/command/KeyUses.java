package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.InvalidCiphertextException;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.MessageCipher;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.LoadedKey;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.UseCommand.DataKeyForm;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** Using symmetric keys: the hot path. Done when the call returns, unless the node has to catch up first. */
final class KeyUses {

    static final int MAX_PLAINTEXT = 4_096;
    static final int MAX_DATA_KEY = 1_024;

    private final RecordStore store;
    private final KeyVault vault;
    private final Entropy entropy;
    private final InstantSource clock;
    private final Executor pool;
    private final MessageCipher cipher;

    KeyUses(NodeParts parts) {
        this.store = parts.store();
        this.vault = parts.vault();
        this.entropy = parts.entropy();
        this.clock = parts.clock();
        this.pool = parts.pool();
        this.cipher = new MessageCipher(parts.entropy());
    }

    /** A key that was found fit for its use, and the generation of it to use. */
    private record Fit(LoadedKey generation, String materialId) {}

    CompletionStage<Reply.Encrypted> encrypt(HsmUser user, UseCommand.Encrypt command) {
        requireLength(command.plaintext().length(), MAX_PLAINTEXT);
        return caughtUp(Stamps.newest(command.authority()), () -> {
            var aad = command.aad().readOnlyArray();
            return with(
                    index -> current(index, user, command.authority()),
                    (fit, material) -> command.plaintext()
                            .use(octets -> new Reply.Encrypted(
                                    Bytes.wrap(cipher.seal(
                                            material, fit.generation().id(), octets, aad)),
                                    fit.materialId())));
        });
    }

    CompletionStage<Reply.Decrypted> decrypt(HsmUser user, UseCommand.Decrypt command) {
        return caughtUp(
                Stamps.newest(command.authority()),
                () -> with(
                        index -> named(index, user, command.authority(), command.blob()),
                        (fit, material) -> new Reply.Decrypted(
                                Plaintext.wrap(open(material, command.blob(), command.aad())), fit.materialId())));
    }

    CompletionStage<Reply.ReEncrypted> reEncrypt(HsmUser user, UseCommand.ReEncrypt command) {
        long newest = Math.max(Stamps.newest(command.source()), Stamps.newest(command.destination()));
        return caughtUp(newest, () -> {
            var opened = with(
                    index -> named(index, user, command.source(), command.blob()),
                    (fit, material) -> new Reply.Decrypted(
                            Plaintext.wrap(open(material, command.blob(), command.sourceAad())), fit.materialId()));
            try (var plaintext = opened.plaintext()) {
                var aad = command.destinationAad().readOnlyArray();
                return with(
                        index -> current(index, user, command.destination()),
                        (fit, material) -> plaintext.use(octets -> new Reply.ReEncrypted(
                                Bytes.wrap(
                                        cipher.seal(material, fit.generation().id(), octets, aad)),
                                opened.materialId(),
                                fit.materialId())));
            }
        });
    }

    CompletionStage<Reply.DataKey> generateDataKey(HsmUser user, UseCommand.GenerateDataKey command) {
        requireLength(command.length(), MAX_DATA_KEY);
        return caughtUp(
                Stamps.newest(command.authority()),
                () -> with(
                        index -> current(index, user, command.authority()),
                        (fit, material) -> dataKey(command, fit, material)));
    }

    private Reply.DataKey dataKey(UseCommand.GenerateDataKey command, Fit fit, KeyMaterial material) {
        var dataKey = new byte[command.length()];
        boolean given = false;
        try {
            entropy.fill(dataKey);
            var blob = cipher.seal(
                    material, fit.generation().id(), dataKey, command.aad().readOnlyArray());
            given = command.form() == DataKeyForm.PLAINTEXT_AND_CIPHERTEXT;
            return new Reply.DataKey(
                    Bytes.wrap(blob), given ? Plaintext.wrap(dataKey) : Plaintext.none(), fit.materialId());
        } finally {
            if (!given) {
                Arrays.fill(dataKey, (byte) 0);
            }
        }
    }

    CompletionStage<Reply.Random> generateRandom(UseCommand.GenerateRandom command) {
        requireLength(command.length(), MAX_DATA_KEY);
        var octets = new byte[command.length()];
        entropy.fill(octets);
        return CompletableFuture.completedFuture(new Reply.Random(Plaintext.wrap(octets)));
    }

    /** The generation that new ciphertexts are made under. */
    private Fit current(VaultIndex index, HsmUser user, Authority authority) {
        var key = fit(index, user, authority);
        var generation = key.currentBackingKey().orElseThrow(() -> new Refused(Refusal.KEY_UNAVAILABLE));
        // A key lists only generations that were written with it: one that is missing here did not open.
        return index.backingKey(generation.id())
                .map(loaded -> new Fit(loaded, generation.materialId()))
                .orElseThrow(() -> new Refused(Refusal.INTERNAL, "a generation of the key does not open"));
    }

    /** The generation that the blob names. */
    private Fit named(VaultIndex index, HsmUser user, Authority authority, Bytes blob) {
        var key = fit(index, user, authority);
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
                return new Fit(loaded, generation.materialId());
            }
        }
        throw new Refused(Refusal.INVALID_CIPHERTEXT);
    }

    private KeyRecord fit(VaultIndex index, HsmUser user, Authority authority) {
        var key = Stamps.require(index, authority).content().key();
        Permits.require(user, key.name().scope());
        KeyRules.requireEncrypts(key, clock);
        return key;
    }

    private byte[] open(KeyMaterial material, Bytes blob, Bytes aad) {
        try {
            return cipher.open(material, blob.readOnlyArray(), aad.readOnlyArray());
        } catch (InvalidCiphertextException e) {
            throw new Refused(Refusal.INVALID_CIPHERTEXT);
        }
    }

    private interface Work<R> {
        R with(Fit fit, KeyMaterial material);
    }

    /** Works with the material of the generation that {@code choice} picks from the records. */
    private <R> R with(Function<VaultIndex, Fit> choice, Work<R> work) {
        var fit = vault.read(choice);
        try {
            var material = fit.generation().material();
            if (material.isPresent()) {
                return work.with(fit, material.get());
            }
        } catch (IllegalStateException e) {
            if (isOpen(fit.generation())) {
                throw e;
            }
        } catch (UnsealException e) {
            throw new IllegalStateException("ALARM: the material of a backing key does not open", e);
        }
        // The record was written anew or destroyed between choice and use: the second choice sees which.
        var again = vault.read(choice);
        try {
            var material = again.generation().material().orElseThrow(() -> new Refused(Refusal.NOT_FOUND));
            return work.with(again, material);
        } catch (UnsealException e) {
            throw new IllegalStateException("ALARM: the material of a backing key does not open", e);
        }
    }

    private static boolean isOpen(LoadedKey generation) {
        try {
            return generation.material().isPresent();
        } catch (UnsealException e) {
            return false;
        }
    }

    private <R> CompletionStage<R> caughtUp(long newest, Supplier<R> work) {
        if (newest <= vault.read(VaultIndex::appliedIndex)) {
            return CompletableFuture.completedFuture(work.get());
        }
        return store.awaitApplied(newest).thenApplyAsync(reached -> work.get(), pool);
    }

    private static void requireLength(int length, int most) {
        if (length < 1 || length > most) {
            throw new Refused(Refusal.MALFORMED, "1 to " + most + " bytes");
        }
    }
}
