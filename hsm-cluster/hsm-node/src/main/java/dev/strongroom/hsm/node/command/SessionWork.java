package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One command that needs no user. */
record SessionWork(NodeLife life, Identities identities, Session session)
        implements SessionCommand.Visitor<CompletionStage<? extends Reply>> {

    @Override
    public CompletionStage<Reply.LoggedIn> login(SessionCommand.Login command) {
        return identities.login(session, command);
    }

    @Override
    public CompletionStage<Reply.NodeDescription> describeNode(SessionCommand.DescribeNode command) {
        return CompletableFuture.completedFuture(life.describe());
    }
}
