package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.command.UsableKeys.Fit;
import dev.strongroom.hsm.node.crypto.DataKeyPairs;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.InvalidCiphertextException;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.KeyPair;
import dev.strongroom.hsm.node.crypto.MessageCipher;
import dev.strongroom.hsm.node.key.KeyFits;
import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Recipient;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.UseCommand.DataKeyForm;
import dev.strongroom.hsm.protocol.UseCommand.Side;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Encryption and data keys. Under symmetric keys, the hot path, it is done when the call returns, unless the node has to
 * catch up first.
 */
final class KeyUses {

    static final int MAX_PLAINTEXT = 4_096;
    static final int MAX_DATA_KEY = 1_024;

    private final NodeParts parts;
    private final UsableKeys keys;
    private final Entropy entropy;
    private final InstantSource clock;
    private final Executor generation;
    private final MessageCipher cipher;
    private final DataKeyPairs dataKeyPairs;
    private final Recipients recipients;

    KeyUses(NodeParts parts, UsableKeys keys, Recipients recipients) {
        this.parts = parts;
        this.keys = keys;
        this.recipients = recipients;
        this.entropy = parts.entropy();
        this.clock = parts.clock();
        this.generation = parts.generation();
        this.cipher = new MessageCipher(parts.entropy());
        this.dataKeyPairs = new DataKeyPairs(parts.entropy());
    }

    CompletionStage<Reply.Encrypted> encrypt(HsmUser user, UseCommand.Encrypt command) {
        requireLength(command.plaintext().length(), MAX_PLAINTEXT);
        var side = new Side(command.authority(), command.algorithm(), command.aad());
        long newest = Stamps.newest(command.authority());
        Supplier<Reply.Encrypted> work = () -> seal(user, side, command.plaintext());
        return isSymmetric(side) ? keys.here(newest, work) : keys.pooled(newest, work);
    }

    CompletionStage<Reply.Decrypted> decrypt(HsmUser user, UseCommand.Decrypt command) {
        var side = new Side(command.authority(), command.algorithm(), command.aad());
        long newest = Stamps.newest(command.authority());
        var recipient = command.recipient();
        var work = recipients.around(recipient, () -> open(user, side, command.blob()), Reply.Decrypted::sealed);
        return isSymmetric(side) && recipient.isEmpty() ? keys.here(newest, work) : keys.pooled(newest, work);
    }

    CompletionStage<Reply.ReEncrypted> reEncrypt(HsmUser user, UseCommand.ReEncrypt command) {
        var source = command.source();
        var destination = command.destination();
        long newest = Math.max(Stamps.newest(source.authority()), Stamps.newest(destination.authority()));
        Supplier<Reply.ReEncrypted> work = () -> {
            var opened = open(user, source, command.blob());
            try (var plaintext = opened.plaintext()) {
                var sealed = seal(user, destination, plaintext);
                return new Reply.ReEncrypted(sealed.blob(), opened.materialId(), sealed.materialId());
            }
        };
        return isSymmetric(source) && isSymmetric(destination) ? keys.here(newest, work) : keys.pooled(newest, work);
    }

    private static boolean isSymmetric(Side side) {
        return side.algorithm() == EncryptionAlgorithm.SYMMETRIC_DEFAULT;
    }

    private Reply.Encrypted seal(HsmUser user, Side side, Plaintext plaintext) {
        Function<VaultIndex, Fit> choice = index -> current(index, user, side.authority(), side.algorithm());
        if (isSymmetric(side)) {
            var aad = side.aad().readOnlyArray();
            return keys.withMaterial(
                    choice,
                    (fit, material) -> plaintext.use(octets -> new Reply.Encrypted(
                            Bytes.wrap(cipher.seal(material, fit.generation().id(), octets, aad)), fit.materialId())));
        }
        requireNoContext(side);
        return keys.withPair(
                choice, (fit, pair) -> plaintext.use(octets -> encrypted(fit, pair, side.algorithm(), octets)));
    }

    private static Reply.Encrypted encrypted(Fit fit, KeyPair pair, EncryptionAlgorithm algorithm, byte[] octets) {
        if (octets.length > KeyFits.maxPlaintextBytes(fit.spec(), algorithm)) {
            throw new Refused(Refusal.PLAINTEXT_TOO_LONG);
        }
        return new Reply.Encrypted(Bytes.wrap(pair.encrypt(algorithm, octets)), fit.materialId());
    }

    private Reply.Decrypted open(HsmUser user, Side side, Bytes blob) {
        if (isSymmetric(side)) {
            return keys.withMaterial(
                    index -> UsableKeys.named(
                            index, user, side.authority(), blob, key -> requireEncrypts(key, side.algorithm())),
                    (fit, material) ->
                            new Reply.Decrypted(Plaintext.wrap(opened(material, blob, side.aad())), fit.materialId()));
        }
        requireNoContext(side);
        return keys.withPair(
                index -> current(index, user, side.authority(), side.algorithm()),
                (fit, pair) ->
                        new Reply.Decrypted(Plaintext.wrap(decrypted(pair, side.algorithm(), blob)), fit.materialId()));
    }

    private byte[] opened(KeyMaterial material, Bytes blob, Bytes aad) {
        try {
            return cipher.open(material, blob.readOnlyArray(), aad.readOnlyArray());
        } catch (InvalidCiphertextException e) {
            throw new Refused(Refusal.INVALID_CIPHERTEXT);
        }
    }

    private static byte[] decrypted(KeyPair pair, EncryptionAlgorithm algorithm, Bytes blob) {
        try {
            return pair.decrypt(algorithm, blob.readOnlyArray());
        } catch (InvalidCiphertextException e) {
            throw new Refused(Refusal.INVALID_CIPHERTEXT);
        }
    }

    CompletionStage<Reply.DataKey> generateDataKey(HsmUser user, UseCommand.GenerateDataKey command) {
        requireLength(command.length(), MAX_DATA_KEY);
        requireReadable(command.form(), command.recipient());
        long newest = Stamps.newest(command.authority());
        Supplier<Reply.DataKey> work = () -> keys.withMaterial(
                index -> symmetric(index, user, command.authority()),
                (fit, material) -> dataKey(command, fit, material));
        return command.recipient().isEmpty()
                ? keys.here(newest, work)
                : keys.pooled(newest, recipients.around(command.recipient(), work, Reply.DataKey::sealed));
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

    CompletionStage<Reply.DataKeyPair> generateDataKeyPair(HsmUser user, UseCommand.GenerateDataKeyPair command) {
        if (!KeyFits.isDataKeyPair(command.pair())) {
            throw new Refused(Refusal.MALFORMED, "not a spec of data key pairs");
        }
        requireReadable(command.form(), command.recipient());
        Function<VaultIndex, Fit> choice = index -> symmetric(index, user, command.authority());
        Supplier<Reply.DataKeyPair> work = () -> {
            // Looked at before as well: nobody makes the node search primes with a key that may not be used.
            var unused = keys.look(choice);
            try (var made = dataKeyPairs.generate(command.pair())) {
                var aad = command.aad().readOnlyArray();
                return keys.withMaterial(choice, (fit, material) -> {
                    var blob = cipher.seal(material, fit.generation().id(), made.privateKey(), aad);
                    var given = command.form() == DataKeyForm.PLAINTEXT_AND_CIPHERTEXT
                            ? Plaintext.wrap(made.privateKey().clone())
                            : Plaintext.none();
                    return new Reply.DataKeyPair(made.publicKey(), Bytes.wrap(blob), given, fit.materialId());
                });
            }
        };
        return keys.pooled(
                Stamps.newest(command.authority()),
                generation,
                new Patience(parts).before(recipients.around(command.recipient(), work, Reply.DataKeyPair::sealed)));
    }

    CompletionStage<Reply.Random> generateRandom(UseCommand.GenerateRandom command) {
        requireLength(command.length(), MAX_DATA_KEY);
        Supplier<Reply.Random> work = () -> {
            keys.require(command.authority());
            var octets = new byte[command.length()];
            entropy.fill(octets);
            return new Reply.Random(Plaintext.wrap(octets));
        };
        long newest = Stamps.newest(command.authority());
        return command.recipient().isEmpty()
                ? keys.here(newest, work)
                : keys.pooled(newest, recipients.around(command.recipient(), work, Reply.Random::sealed));
    }

    /** An envelope around nothing would look like an answer. */
    private static void requireReadable(DataKeyForm form, Optional<Recipient> recipient) {
        if (recipient.isPresent() && form == DataKeyForm.CIPHERTEXT_ONLY) {
            throw new Refused(Refusal.MALFORMED, "a recipient of no plaintext");
        }
    }

    private Fit symmetric(VaultIndex index, HsmUser user, Authority authority) {
        return current(index, user, authority, EncryptionAlgorithm.SYMMETRIC_DEFAULT);
    }

    private Fit current(VaultIndex index, HsmUser user, Authority authority, EncryptionAlgorithm algorithm) {
        return UsableKeys.current(index, user, authority, key -> requireEncrypts(key, algorithm));
    }

    private void requireEncrypts(KeyRecord key, EncryptionAlgorithm algorithm) {
        KeyRules.requireEncrypts(key, algorithm, clock);
    }

    private static void requireNoContext(Side side) {
        if (side.aad().length() > 0) {
            throw new Refused(Refusal.MALFORMED, "key pairs take no encryption context");
        }
    }

    static void requireLength(int length, int most) {
        if (length < 1 || length > most) {
            throw new Refused(Refusal.MALFORMED, "1 to " + most + " bytes");
        }
    }
}
