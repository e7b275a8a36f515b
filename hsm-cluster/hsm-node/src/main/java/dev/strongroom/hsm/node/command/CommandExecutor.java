package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.audit.Ledger;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.store.RecordStore.TooLargeException;
import dev.strongroom.hsm.node.store.RecordStore.UnavailableException;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides and does. All commands pass the same checks in the same order: state of the node; session and role; limits of
 * the user; what the command rests on (waiting for the node to catch up if the client has seen more); state of the key;
 * then the work. Before the answer of a read or a use leaves, the lease is looked at once more: a node that was stopped
 * in between must not give out what it may no longer know to be right.
 *
 * <p>Nothing is answered before it is recorded; what cannot be recorded is refused as a fault.
 *
 * <p>Thread-safe. The returned stage fails with {@link Refused} and nothing else; a fault is logged under an id, which is
 * all that the caller is told. The secret inside a command is overwritten when the stage completes.
 */
public final class CommandExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(CommandExecutor.class);

    private final NodeLife life;
    private final Entropy entropy;
    private final CommandWorks works;
    private final CommandRecorder recorder;
    private final LastUses lastUses;

    /** An executor that keeps no record of what it does. */
    public CommandExecutor(NodeLife life, NodeParts parts) {
        this(life, parts, Ledger.none());
    }

    /** @param ledger where every command is recorded before it is answered */
    public CommandExecutor(NodeLife life, NodeParts parts, Ledger ledger) {
        this.life = life;
        this.entropy = parts.entropy();
        this.lastUses = new LastUses(parts);
        this.works = new CommandWorks(life, parts, lastUses);
        this.recorder = new CommandRecorder(parts, ledger);
    }

    /** What it notes about the use of keys, for whoever sends the notes through the log. */
    public LastUses lastUses() {
        return lastUses;
    }

    /**
     * Executes {@code command} for {@code session}, on behalf of {@code servedRequest}. Use of symmetric and HMAC keys is done
     * when this returns; the stage of anything else may complete later, on a thread that must not be blocked.
     */
    // Whoever does a command answers with the reply that its command names.
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletionStage<R> execute(Session session, Command<R> command, UUID servedRequest) {
        var rule = CommandRule.of(command);
        var no = premature(rule);
        if (no != null) {
            // Nothing is begun, so there is nothing to record either.
            command.secret().close();
            return CompletableFuture.failedFuture(no);
        }
        long begun = recorder.now();
        var user = Optional.<HsmUser>empty();
        CompletionStage<R> work;
        try {
            user = rule.roles().isEmpty() ? Optional.empty() : works.user(session);
            requireAdmitted(user, rule);
            work = (CompletionStage<R>) works.begin(session, user, command);
        } catch (RuntimeException e) {
            work = CompletableFuture.failedFuture(e);
        }
        var given = new CommandRecorder.Given(session, user.map(HsmUser::role), rule, command, servedRequest, begun);
        var answer = new CompletableFuture<R>();
        var unused = work.whenComplete((reply, failure) -> {
            command.secret().close();
            record(given, reply, verdict(rule, failure), answer);
        });
        return answer;
    }

    /** Why the command is not even begun; null if the node's state allows it. */
    private @Nullable Refused premature(CommandRule rule) {
        try {
            var state = life.state();
            return rule.allows(state) ? null : notOperational(state);
        } catch (RuntimeException e) {
            return fault(e);
        }
    }

    /** What stands against the answer; null if nothing does. Never throws: the caller would wait for ever. */
    private @Nullable Refused verdict(CommandRule rule, @Nullable Throwable failure) {
        try {
            return failure == null ? objection(rule) : refused(rule, failure);
        } catch (RuntimeException e) {
            return fault(e);
        }
    }

    /** Why the node may not give an answer that it has; null if it may. */
    private @Nullable Refused objection(CommandRule rule) {
        var state = life.state();
        return rule.answersUnderLease() && state != NodeState.OPERATIONAL ? notOperational(state) : null;
    }

    /** Gives the answer once it is recorded. Whatever breaks here, the caller is not left waiting. */
    private <R extends Reply> void record(
            CommandRecorder.Given given, @Nullable R reply, @Nullable Refused no, CompletableFuture<R> answer) {
        CompletionStage<Void> recorded = null;
        var refusal = no;
        try {
            recorded = recorder.record(given, no == null ? reply : null, no);
        } catch (IOException | RuntimeException e) {
            refusal = fault(e);
        }
        if (recorded == null) {
            give(given, reply, refusal, answer);
        } else {
            var unused =
                    recorded.whenComplete((done, lost) -> give(given, reply, lost == null ? no : fault(lost), answer));
        }
    }

    /** Recording may have taken its time: the lease is looked at last of all. */
    private <R extends Reply> void give(
            CommandRecorder.Given given, @Nullable R reply, @Nullable Refused refusal, CompletableFuture<R> answer) {
        var no = refusal == null ? verdict(given.rule(), null) : refusal;
        if (no == null) {
            if (given.command() instanceof UseCommand<?> use) {
                lastUses.note(use, given.servedRequest());
            }
            answer.complete(reply);
        } else {
            dropped(reply);
            answer.completeExceptionally(no);
        }
    }

    private static void dropped(@Nullable Reply reply) {
        if (reply != null) {
            reply.secret().close();
        }
    }

    /** That the session has a user, if the command needs one, and that this one may give it. */
    private static void requireAdmitted(Optional<HsmUser> user, CommandRule rule) {
        if (rule.roles().isEmpty()) {
            return;
        }
        if (user.isEmpty()) {
            throw new Refused(Refusal.LOGIN_REQUIRED, "log in first");
        }
        if (!rule.roles().contains(user.get().role())) {
            throw new Refused(Refusal.NOT_PERMITTED, "not for a " + user.get().role());
        }
    }

    private Refused refused(CommandRule rule, Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        var state = life.state();
        if (!rule.allows(state) && (rule.answersUnderLease() || cause instanceof IllegalStateException)) {
            // What was not found may only be gone because the node is closing or has fallen behind.
            return notOperational(state);
        }
        if (cause instanceof Refused no) {
            return no;
        }
        if (cause instanceof UnavailableException) {
            return new Refused(Refusal.NO_QUORUM);
        }
        if (cause instanceof TooLargeException large) {
            return new Refused(Refusal.MALFORMED, String.valueOf(large.getMessage()));
        }
        if (cause instanceof RejectedExecutionException) {
            return new Refused(Refusal.THROTTLED);
        }
        return fault(cause);
    }

    /** Told to nobody but the log; the caller gets the id to ask for. */
    private Refused fault(Throwable cause) {
        var id = entropy.newUuid();
        LOG.error("fault {}", id, cause);
        return new Refused(Refusal.INTERNAL, id.toString());
    }

    private static Refused notOperational(NodeState state) {
        return new Refused(Refusal.NOT_OPERATIONAL, state.name());
    }
}
