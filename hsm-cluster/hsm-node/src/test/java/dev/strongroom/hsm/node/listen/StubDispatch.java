package dev.strongroom.hsm.node.listen;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Role;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** What stands behind the listener in these tests: logs in with one credential and does what the test says. */
final class StubDispatch implements CommandDispatch {

    /** Everything that was begun, logins and probes aside. */
    final Queue<Command<?>> begun = new ConcurrentLinkedQueue<>();

    volatile NodeState state = NodeState.OPERATIONAL;
    volatile Function<Command<?>, CompletionStage<? extends Reply>> work = StubDispatch::echo;

    @Override
    public Conversation begin(String certifiedUser, String source, String certificate) {
        return new Conversation() {
            @Override
            @SuppressWarnings(
                    "unchecked") // the stub's answers are of the kind that the commands ask for, or a test wants
            // otherwise
            public <R extends Reply> CompletionStage<R> execute(Command<R> command, UUID servedRequest) {
                return (CompletionStage<R>) answer(command);
            }
        };
    }

    private CompletionStage<? extends Reply> answer(Command<?> command) {
        if (command instanceof SessionCommand.Login login) {
            return login.credential().equals(TestCluster.credential())
                    ? done(new Reply.LoggedIn(Role.CRYPTO_USER))
                    : no(Refusal.LOGIN_FAILED);
        }
        if (command instanceof SessionCommand.DescribeNode) {
            return done(new Reply.NodeDescription("stub", state, "00", 1, "test"));
        }
        begun.add(command);
        return work.apply(command);
    }

    /** Random bytes as many as asked for, all the same; plaintexts as ciphertexts; done for all else. */
    static CompletionStage<? extends Reply> echo(Command<?> command) {
        if (command instanceof UseCommand.GenerateRandom random) {
            return done(new Reply.Random(Plaintext.wrap(new byte[random.length()])));
        }
        if (command instanceof UseCommand.Encrypt encrypt) {
            return done(new Reply.Encrypted(encrypt.plaintext().use(Bytes::copyOf), "material"));
        }
        return done(new Reply.Done());
    }

    static CompletionStage<? extends Reply> never() {
        return new CompletableFuture<Reply>();
    }

    static CompletionStage<? extends Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    static CompletionStage<? extends Reply> no(Refusal refusal) {
        return CompletableFuture.failedFuture(new Refused(refusal, "said the stub"));
    }
}
