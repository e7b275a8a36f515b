package dev.strongroom.hsm.protocol;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A command on its way and what became of it so far. Lives on one lane once it was handed there. */
final class Call<R extends Reply> {

    private static final Map<Class<?>, Class<?>> REPLY_TYPES = Arrays.stream(Command.class.getPermittedSubclasses())
            .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
            .collect(Collectors.toUnmodifiableMap(command -> command, Call::replyType));

    private final Command<R> command;
    private final UUID servedRequest;
    private final long deadline;
    private final boolean isPinned;
    private final @Nullable Context caller;
    private final CompletableFuture<R> stage = new CompletableFuture<>();

    /** One bit for each node that sent the call on. */
    private long sentOnBy;

    private int sends;
    private @Nullable Refused lastRefusal;
    /** Set once a node may have begun: from then on, "nothing was begun" is true of that later node only. */
    private @Nullable Refused unknownOutcome;

    private Call(Command<R> command, UUID servedRequest, long deadline, boolean isPinned, @Nullable Context caller) {
        this.command = command;
        this.servedRequest = servedRequest;
        this.deadline = deadline;
        this.isPinned = isPinned;
        this.caller = caller;
    }

    /**
     * A client's call; made on the thread of the caller, whose Vert.x context it remembers.
     *
     * @param deadline on the client's monotonic clock, in nanoseconds
     */
    static <R extends Reply> Call<R> of(Command<R> command, UUID servedRequest, long deadline) {
        return new Call<>(command, servedRequest, deadline, false, Vertx.currentContext());
    }

    /** A link's own call, which concerns that one node and is sent to no other; ends on the lane itself. */
    static <R extends Reply> Call<R> pinned(Command<R> command, long deadline) {
        return new Call<>(command, Hsm.NO_REQUEST, deadline, true, null);
    }

    boolean isPinned() {
        return isPinned;
    }

    CompletionStage<R> stage() {
        return stage;
    }

    Command<R> command() {
        return command;
    }

    UUID servedRequest() {
        return servedRequest;
    }

    boolean isOver(long now) {
        return deadline - now <= 0;
    }

    /** What is left of its time, at least a millisecond. */
    int millisLeft(long now) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (deadline - now) / 1_000_000));
    }

    /** Counts one more attempt; how many there were. */
    int countSend() {
        return ++sends;
    }

    boolean wasSentOnBy(int node) {
        return (sentOnBy & 1L << node) != 0;
    }

    /** Node {@code node} said that another may know better. */
    void sentOnBy(int node, Refused refused) {
        sentOnBy |= 1L << node;
        lastRefusal = refused;
        if (refused.refusal() == Refusal.NO_QUORUM) {
            unknownOutcome = refused;
        }
    }

    /** The connection went away before the answer came. */
    void lost() {
        if (unknownOutcome == null) {
            unknownOutcome = new Refused(Refusal.UNREACHABLE, "the connection was lost before the answer");
        }
    }

    void succeed(Reply reply) {
        if (REPLY_TYPES.get(command.getClass()) != reply.getClass()) {
            reply.secret().close();
            fail(new IllegalStateException("the node answered with another kind of reply"));
            return;
        }
        @SuppressWarnings("unchecked") // the line above compared it with what Command<R> declares
        var answer = (R) reply;
        finish(() -> {
            if (!stage.complete(answer)) {
                answer.secret().close();
            }
        });
    }

    void refuse(Refused refused) {
        var begunElsewhere = switch (refused.refusal()) {
            case NOT_OPERATIONAL, LOGIN_REQUIRED, THROTTLED, DEADLINE_EXCEEDED, UNREACHABLE -> unknownOutcome;
            default -> null;
        };
        fail(begunElsewhere == null ? refused : begunElsewhere);
    }

    /** No node is left to ask. */
    void giveUp(String why) {
        refuse(lastRefusal == null ? new Refused(Refusal.UNREACHABLE, why) : lastRefusal);
    }

    void fail(Throwable failure) {
        finish(() -> {
            var unused = stage.completeExceptionally(failure);
        });
    }

    private void finish(Runnable completion) {
        command.secret().close();
        if (caller == null) {
            completion.run();
        } else {
            caller.runOnContext(unused -> completion.run());
        }
    }

    private static Class<?> replyType(Class<?> command) {
        var asCommand = (ParameterizedType) command.getGenericInterfaces()[0];
        return (Class<?>) asCommand.getActualTypeArguments()[0];
    }
}
