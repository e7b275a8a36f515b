package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.protocol.TrackedUse;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.Optional;

/** What counts as a use of a key, and as which (API reference, GetKeyLastUsage): random numbers and rehearsals are none. */
final class TrackedUses implements UseCommand.Visitor<Optional<TrackedUse>> {

    @Override
    public Optional<TrackedUse> encrypt(UseCommand.Encrypt command) {
        return Optional.of(TrackedUse.ENCRYPT);
    }

    @Override
    public Optional<TrackedUse> decrypt(UseCommand.Decrypt command) {
        return Optional.of(TrackedUse.DECRYPT);
    }

    @Override
    public Optional<TrackedUse> reEncrypt(UseCommand.ReEncrypt command) {
        return Optional.of(TrackedUse.RE_ENCRYPT);
    }

    @Override
    public Optional<TrackedUse> generateDataKey(UseCommand.GenerateDataKey command) {
        return Optional.of(
                switch (command.form()) {
                    case PLAINTEXT_AND_CIPHERTEXT -> TrackedUse.GENERATE_DATA_KEY;
                    case CIPHERTEXT_ONLY -> TrackedUse.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT;
                });
    }

    @Override
    public Optional<TrackedUse> generateDataKeyPair(UseCommand.GenerateDataKeyPair command) {
        return Optional.of(
                switch (command.form()) {
                    case PLAINTEXT_AND_CIPHERTEXT -> TrackedUse.GENERATE_DATA_KEY_PAIR;
                    case CIPHERTEXT_ONLY -> TrackedUse.GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT;
                });
    }

    @Override
    public Optional<TrackedUse> sign(UseCommand.Sign command) {
        return Optional.of(TrackedUse.SIGN);
    }

    @Override
    public Optional<TrackedUse> verify(UseCommand.Verify command) {
        return Optional.of(TrackedUse.VERIFY);
    }

    @Override
    public Optional<TrackedUse> generateMac(UseCommand.GenerateMac command) {
        return Optional.of(TrackedUse.GENERATE_MAC);
    }

    @Override
    public Optional<TrackedUse> verifyMac(UseCommand.VerifyMac command) {
        return Optional.of(TrackedUse.VERIFY_MAC);
    }

    @Override
    public Optional<TrackedUse> deriveSharedSecret(UseCommand.DeriveSharedSecret command) {
        return Optional.of(TrackedUse.DERIVE_SHARED_SECRET);
    }

    @Override
    public Optional<TrackedUse> encapsulate(UseCommand.Encapsulate command) {
        return Optional.of(TrackedUse.ENCAPSULATE);
    }

    @Override
    public Optional<TrackedUse> decapsulate(UseCommand.Decapsulate command) {
        return Optional.of(TrackedUse.DECAPSULATE);
    }

    @Override
    public Optional<TrackedUse> generateRandom(UseCommand.GenerateRandom command) {
        return Optional.empty();
    }

    @Override
    public Optional<TrackedUse> rehearse(UseCommand.Rehearse command) {
        return Optional.empty();
    }
}
