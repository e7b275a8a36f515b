package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.Reply;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** A node in the same process, seen through one session. */
public record LocalHsm(CommandExecutor executor, Session session) implements Hsm {

    @Override
    public <R extends Reply> CompletionStage<R> call(Command<R> command, UUID servedRequest) {
        return executor.execute(session, command, servedRequest);
    }
}
