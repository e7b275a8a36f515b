package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.concurrent.CompletionStage;

/** One admitted use of keys. */
record UseWork(KeyUses uses, PairUses pairs, MacUses macs, HsmUser user)
        implements UseCommand.Visitor<CompletionStage<? extends Reply>> {

    @Override
    public CompletionStage<Reply.Encrypted> encrypt(UseCommand.Encrypt command) {
        return uses.encrypt(user, command);
    }

    @Override
    public CompletionStage<Reply.Decrypted> decrypt(UseCommand.Decrypt command) {
        return uses.decrypt(user, command);
    }

    @Override
    public CompletionStage<Reply.ReEncrypted> reEncrypt(UseCommand.ReEncrypt command) {
        return uses.reEncrypt(user, command);
    }

    @Override
    public CompletionStage<Reply.DataKey> generateDataKey(UseCommand.GenerateDataKey command) {
        return uses.generateDataKey(user, command);
    }

    @Override
    public CompletionStage<Reply.Random> generateRandom(UseCommand.GenerateRandom command) {
        return uses.generateRandom(command);
    }

    @Override
    public CompletionStage<Reply.DataKeyPair> generateDataKeyPair(UseCommand.GenerateDataKeyPair command) {
        return uses.generateDataKeyPair(user, command);
    }

    @Override
    public CompletionStage<Reply.Signed> sign(UseCommand.Sign command) {
        return pairs.sign(user, command);
    }

    @Override
    public CompletionStage<Reply.Done> verify(UseCommand.Verify command) {
        return pairs.verify(user, command);
    }

    @Override
    public CompletionStage<Reply.Mac> generateMac(UseCommand.GenerateMac command) {
        return macs.generateMac(user, command);
    }

    @Override
    public CompletionStage<Reply.Done> verifyMac(UseCommand.VerifyMac command) {
        return macs.verifyMac(user, command);
    }

    @Override
    public CompletionStage<Reply.SharedSecret> deriveSharedSecret(UseCommand.DeriveSharedSecret command) {
        return pairs.deriveSharedSecret(user, command);
    }

    @Override
    public CompletionStage<Reply.Encapsulated> encapsulate(UseCommand.Encapsulate command) {
        return pairs.encapsulate(user, command);
    }

    @Override
    public CompletionStage<Reply.SharedSecret> decapsulate(UseCommand.Decapsulate command) {
        return pairs.decapsulate(user, command);
    }

    @Override
    public CompletionStage<Reply.Done> rehearse(UseCommand.Rehearse command) {
        return command.use().accept(this).thenApply(reply -> {
            reply.secret().close();
            return new Reply.Done();
        });
    }
}
