package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Reply;
import java.util.concurrent.CompletionStage;

/** One admitted command that changes keys or aliases. */
record ChangeWork(KeyChanges keys, AliasChanges aliases, ReplicaChanges replicas, HsmUser user)
        implements ChangeCommand.Visitor<CompletionStage<? extends Reply>> {

    @Override
    public CompletionStage<Reply.ChangedKey> createKey(ChangeCommand.CreateKey command) {
        return keys.createKey(user, command);
    }

    @Override
    public CompletionStage<Reply.ChangedKey> changeKey(ChangeCommand.ChangeKey command) {
        return keys.changeKey(user, command);
    }

    @Override
    public CompletionStage<Reply.Done> createAlias(ChangeCommand.CreateAlias command) {
        return aliases.createAlias(user, command);
    }

    @Override
    public CompletionStage<Reply.Done> updateAlias(ChangeCommand.UpdateAlias command) {
        return aliases.updateAlias(user, command);
    }

    @Override
    public CompletionStage<Reply.Done> deleteAlias(ChangeCommand.DeleteAlias command) {
        return aliases.deleteAlias(user, command);
    }

    @Override
    public CompletionStage<Reply.ChangedKey> replicateKey(ChangeCommand.ReplicateKey command) {
        return replicas.replicateKey(user, command);
    }

    @Override
    public CompletionStage<Reply.ChangedKey> updatePrimaryRegion(ChangeCommand.UpdatePrimaryRegion command) {
        return replicas.updatePrimaryRegion(user, command);
    }
}
