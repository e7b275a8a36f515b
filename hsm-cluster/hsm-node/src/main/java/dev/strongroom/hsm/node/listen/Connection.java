package dev.strongroom.hsm.node.listen;

import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.CommandCodec;
import dev.strongroom.hsm.protocol.Frame;
import dev.strongroom.hsm.protocol.FramedSocket;
import dev.strongroom.hsm.protocol.MalformedFrameException;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionCommand;
import io.vertx.core.Context;
import io.vertx.core.net.NetSocket;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's connection, which is its session. Lives on one event loop. */
final class Connection implements FramedSocket.Peer {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final HsmListener listener;
    private final Context context;
    private final Thread eventLoop = Thread.currentThread();
    private final CommandDispatch.Conversation conversation;
    private final Client client;
    private final Consumer<String> onClosed;
    private final FramedSocket socket;
    private final long loginTimer;
    private int underWay;
    private long lastHeard;
    private Login login = Login.NONE;

    /** Whose connection it is, and which one since the node started. */
    record Client(String certifiedUser, long number) {}

    /** A connection has one attempt: whoever guesses pays for a handshake each time. */
    private enum Login {
        NONE,
        UNDER_WAY,
        ACCEPTED
    }

    private Connection(
            HsmListener listener,
            NetSocket netSocket,
            Context context,
            CommandDispatch.Conversation conversation,
            Client client,
            Consumer<String> onClosed) {
        this.listener = listener;
        this.context = context;
        this.conversation = conversation;
        this.client = client;
        this.onClosed = onClosed;
        this.socket = FramedSocket.open(netSocket, context, FramedSocket.Reading.WHILE_ANSWERS_LEAVE, this);
        this.loginTimer = context.owner()
                .setTimer(listener.settings().loginTimeout().toMillis(), id -> socket.close("it did not log in"));
    }

    /**
     * Takes {@code netSocket} over; called on {@code context}.
     *
     * @param onClosed told once why the connection ended
     */
    static void open(
            HsmListener listener,
            NetSocket netSocket,
            Context context,
            CommandDispatch.Conversation conversation,
            Client client,
            Consumer<String> onClosed) {
        var unused = new Connection(listener, netSocket, context, conversation, client, onClosed);
    }

    @Override
    public void heard() {
        lastHeard = listener.now();
    }

    @Override
    public void frame(Frame frame) throws MalformedFrameException {
        var id = frame.requestId();
        Command<?> command;
        try {
            command = CommandCodec.decode(frame);
        } catch (MalformedFrameException e) {
            if (!e.isUnsupported()) {
                throw e;
            }
            refuse(id, new Refused(Refusal.MALFORMED, String.valueOf(e.getMessage())));
            return;
        }
        var no = objection(command, frame.deadlineMillis());
        if (no == null) {
            begin(id, command, frame.servedRequest());
        } else {
            command.secret().close();
            refuse(id, no);
            if (no.refusal() == Refusal.LOGIN_FAILED) {
                socket.close("it tried to log in as another than its certificate names");
            }
        }
    }

    @Override
    public void closed(String reason) {
        var unused = context.owner().cancelTimer(loginTimer);
        onClosed.accept(reason);
    }

    /** Why {@code command} is not even begun; null if nothing speaks against it. */
    private @Nullable Refused objection(Command<?> command, int deadlineMillis) {
        if (listener.now() - lastHeard >= deadlineMillis * NANOS_PER_MILLI) {
            return new Refused(Refusal.DEADLINE_EXCEEDED);
        }
        if (command instanceof SessionCommand.Login asUser) {
            if (login != Login.NONE) {
                return new Refused(Refusal.NOT_PERMITTED, "a connection logs in once");
            }
            if (!asUser.user().equals(client.certifiedUser())) {
                return new Refused(Refusal.LOGIN_FAILED);
            }
        } else if (login != Login.ACCEPTED && !(command instanceof SessionCommand.DescribeNode)) {
            return new Refused(Refusal.LOGIN_REQUIRED);
        }
        if (underWay >= listener.settings().connectionWindow()
                || listener.underWay().get() >= listener.settings().nodeWindow()) {
            return new Refused(Refusal.THROTTLED);
        }
        return null;
    }

    private <R extends Reply> void begin(long id, Command<R> command, UUID servedRequest) {
        if (command instanceof SessionCommand.Login) {
            login = Login.UNDER_WAY;
        }
        underWay++;
        listener.underWay().incrementAndGet();
        CompletionStage<R> stage;
        try {
            stage = conversation.execute(command, servedRequest);
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
        }
        var unused = stage.whenComplete((reply, failure) -> {
            if (Thread.currentThread() == eventLoop) {
                end(id, command, reply, failure);
            } else {
                context.runOnContext(turn -> end(id, command, reply, failure));
            }
        });
    }

    private void end(long id, Command<?> command, @Nullable Reply reply, @Nullable Throwable failure) {
        underWay--;
        listener.underWay().decrementAndGet();
        command.secret().close();
        if (reply == null) {
            var no = refused(id, failure);
            refuse(id, no);
            if (command instanceof SessionCommand.Login) {
                socket.close("its login was refused");
            } else if (no.refusal() == Refusal.LOGIN_REQUIRED) {
                socket.close("its session has ended");
            }
        } else {
            if (command instanceof SessionCommand.Login) {
                login = Login.ACCEPTED;
                var unused = context.owner().cancelTimer(loginTimer);
            }
            answer(id, reply);
        }
    }

    private void answer(long id, Reply reply) {
        try {
            socket.answer(id, reply);
        } catch (MalformedFrameException | RuntimeException e) {
            refuse(id, refused(id, e));
        } finally {
            reply.secret().close();
        }
    }

    private void refuse(long id, Refused refused) {
        try {
            socket.answer(id, refused);
        } catch (MalformedFrameException | RuntimeException e) {
            LOG.error("a refusal could not be written", e);
            socket.close("a fault of the node");
        }
    }

    /** A fault is told to nobody but the log; the client gets the id to ask for. */
    private Refused refused(long id, @Nullable Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Refused no) {
            return no;
        }
        var fault = "%x-%x".formatted(client.number(), id);
        LOG.error("fault {} while serving {}", fault, client.certifiedUser(), cause);
        return new Refused(Refusal.INTERNAL, fault);
    }
}
