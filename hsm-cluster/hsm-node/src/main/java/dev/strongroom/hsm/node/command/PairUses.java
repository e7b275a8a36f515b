package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.command.UsableKeys.Fit;
import dev.strongroom.hsm.node.command.UsableKeys.Work;
import dev.strongroom.hsm.node.crypto.InvalidCiphertextException;
import dev.strongroom.hsm.node.crypto.InvalidPublicKeyException;
import dev.strongroom.hsm.node.crypto.KeyPair;
import dev.strongroom.hsm.node.key.KeyFits;
import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import dev.strongroom.hsm.protocol.UseCommand;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Signatures, agreement and encapsulation: everything but encryption that key pairs do, on the pool that is theirs. */
final class PairUses {

    private final UsableKeys keys;
    private final InstantSource clock;
    private final Recipients recipients;

    PairUses(NodeParts parts, UsableKeys keys, Recipients recipients) {
        this.keys = keys;
        this.recipients = recipients;
        this.clock = parts.clock();
    }

    CompletionStage<Reply.Signed> sign(HsmUser user, UseCommand.Sign command) {
        requireMessage(command.algorithm(), command.type(), command.message());
        return withPair(
                command.authority(),
                index -> signing(index, user, command.authority(), command.algorithm()),
                (fit, pair) -> command.message()
                        .use(message ->
                                new Reply.Signed(Bytes.wrap(pair.sign(command.algorithm(), command.type(), message)))));
    }

    CompletionStage<Reply.Done> verify(HsmUser user, UseCommand.Verify command) {
        requireMessage(command.algorithm(), command.type(), command.message());
        return withPair(
                command.authority(),
                index -> signing(index, user, command.authority(), command.algorithm()),
                (fit, pair) -> {
                    boolean good = command.message()
                            .use(message -> pair.verify(
                                    command.algorithm(),
                                    command.type(),
                                    message,
                                    command.signature().readOnlyArray()));
                    if (!good) {
                        throw new Refused(Refusal.INVALID_SIGNATURE);
                    }
                    return new Reply.Done();
                });
    }

    CompletionStage<Reply.SharedSecret> deriveSharedSecret(HsmUser user, UseCommand.DeriveSharedSecret command) {
        Supplier<Reply.SharedSecret> work = () -> keys.withPair(
                index -> made(index, user, command.authority(), KeyUsage.KEY_AGREEMENT),
                (fit, pair) -> new Reply.SharedSecret(Plaintext.wrap(agreed(pair, command.peer()))));
        return keys.pooled(
                Stamps.newest(command.authority()),
                recipients.around(command.recipient(), work, Reply.SharedSecret::sealed));
    }

    CompletionStage<Reply.Encapsulated> encapsulate(HsmUser user, UseCommand.Encapsulate command) {
        return withPair(
                command.authority(),
                index -> made(index, user, command.authority(), KeyUsage.ENCAPSULATE_DECAPSULATE),
                (fit, pair) -> {
                    var made = pair.encapsulate();
                    return new Reply.Encapsulated(Plaintext.wrap(made.secret()), Bytes.wrap(made.blob()));
                });
    }

    CompletionStage<Reply.SharedSecret> decapsulate(HsmUser user, UseCommand.Decapsulate command) {
        return withPair(
                command.authority(),
                index -> made(index, user, command.authority(), KeyUsage.ENCAPSULATE_DECAPSULATE),
                (fit, pair) -> new Reply.SharedSecret(Plaintext.wrap(decapsulated(pair, command.blob()))));
    }

    private static byte[] agreed(KeyPair pair, Bytes peer) {
        try {
            return pair.agree(peer.readOnlyArray());
        } catch (InvalidPublicKeyException e) {
            throw new Refused(Refusal.INVALID_PUBLIC_KEY);
        }
    }

    private static byte[] decapsulated(KeyPair pair, Bytes blob) {
        try {
            return pair.decapsulate(blob.readOnlyArray());
        } catch (InvalidCiphertextException e) {
            throw new Refused(Refusal.INVALID_CIPHERTEXT);
        }
    }

    private <R> CompletionStage<R> withPair(
            Authority authority, Function<VaultIndex, Fit> choice, Work<KeyPair, R> work) {
        return keys.pooled(Stamps.newest(authority), () -> keys.withPair(choice, work));
    }

    private Fit signing(VaultIndex index, HsmUser user, Authority authority, SigningAlgorithm algorithm) {
        return UsableKeys.current(index, user, authority, key -> KeyRules.requireSigns(key, algorithm, clock));
    }

    private Fit made(VaultIndex index, HsmUser user, Authority authority, KeyUsage usage) {
        return UsableKeys.current(index, user, authority, key -> KeyRules.requireUse(key, usage, clock));
    }

    private static void requireMessage(SigningAlgorithm algorithm, MessageType type, Plaintext message) {
        if (!KeyFits.takes(algorithm, type)) {
            throw new Refused(Refusal.MALFORMED, algorithm + " signs no " + type);
        }
        if (type == MessageType.RAW) {
            KeyUses.requireLength(message.length(), KeyUses.MAX_PLAINTEXT);
        } else if (message.length() != KeyFits.digestBytes(algorithm)) {
            throw new Refused(Refusal.MALFORMED, "a digest of another length");
        }
    }
}
