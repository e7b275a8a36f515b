package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.Reply;
import java.util.concurrent.CompletionStage;

/** One admitted command about who callers are. */
record IdentityWork(IdentityReads reads, IdentityChanges changes, Sessions sessions, HsmUser user)
        implements IdentityCommand.Visitor<CompletionStage<? extends Reply>> {

    @Override
    public CompletionStage<Reply.Done> createAccessKey(IdentityCommand.CreateAccessKey command) {
        return changes.createAccessKey(user, command);
    }

    @Override
    public CompletionStage<Reply.FoundIdentity> createIdentity(IdentityCommand.CreateIdentity command) {
        return changes.create(user, command);
    }

    @Override
    public CompletionStage<Reply.FoundIdentity> replaceIdentity(IdentityCommand.ReplaceIdentity command) {
        return changes.replace(user, command);
    }

    @Override
    public CompletionStage<Reply.Done> deleteIdentity(IdentityCommand.DeleteIdentity command) {
        return changes.delete(user, command);
    }

    @Override
    public CompletionStage<Reply.FoundIdentity> findIdentity(IdentityCommand.FindIdentity command) {
        return reads.find(user, command);
    }

    @Override
    public CompletionStage<Reply.IdentityPage> listIdentities(IdentityCommand.ListIdentities command) {
        return reads.list(user, command);
    }

    @Override
    public CompletionStage<Reply.MintedSession> mintSession(IdentityCommand.MintSession command) {
        return sessions.mint(user, command);
    }
}
