package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.Reply;
import java.util.concurrent.CompletionStage;

/** One admitted command about grants. */
record GrantWork(GrantReads reads, GrantChanges changes, HsmUser user)
        implements GrantCommand.Visitor<CompletionStage<? extends Reply>> {

    @Override
    public CompletionStage<Reply.FoundGrant> findGrant(GrantCommand.FindGrant command) {
        return reads.findGrant(user, command);
    }

    @Override
    public CompletionStage<Reply.FoundGrants> findGrants(GrantCommand.FindGrants command) {
        return reads.findGrants(user, command);
    }

    @Override
    public CompletionStage<Reply.GrantPage> listGrants(GrantCommand.ListGrants command) {
        return reads.listGrants(user, command);
    }

    @Override
    public CompletionStage<Reply.GrantPage> listRetirableGrants(GrantCommand.ListRetirableGrants command) {
        return reads.listRetirableGrants(user, command);
    }

    @Override
    public CompletionStage<Reply.CreatedGrant> createGrant(GrantCommand.CreateGrant command) {
        return changes.createGrant(user, command);
    }

    @Override
    public CompletionStage<Reply.Done> revokeGrant(GrantCommand.RevokeGrant command) {
        return changes.end(user, command.commandId(), command.authority(), command.grant());
    }

    @Override
    public CompletionStage<Reply.Done> retireGrant(GrantCommand.RetireGrant command) {
        return changes.end(user, command.commandId(), command.authority(), command.grant());
    }
}
