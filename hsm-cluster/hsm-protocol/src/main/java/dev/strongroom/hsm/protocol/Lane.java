package dev.strongroom.hsm.protocol;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The part of an {@link HsmClient} that lives on one event loop: a link to each node, and the calls made there. */
final class Lane implements Deployable {

    private static final long SWEEP_MILLIS = 50;
    private static final long LATE_SWEEP_NANOS = 1_000_000_000;

    private final HsmClient client;
    private final List<NodeLink> links = new ArrayList<>();
    /** Calls that wait for a link that is being set up. */
    private final Queue<Call<?>> waiting = new ArrayDeque<>();

    private @Nullable Context context;
    private int turn;
    private long lastSweep;
    private boolean closed;

    Lane(HsmClient client) {
        this.client = client;
    }

    @Override
    public Future<?> deploy(Context own) {
        context = own;
        lastSweep = now();
        var nodes = client.settings().nodes();
        for (var i = 0; i < nodes.size(); i++) {
            links.add(new NodeLink(this, nodes.get(i), i));
        }
        links.forEach(NodeLink::connect);
        var unused = own.owner().setPeriodic(SWEEP_MILLIS, id -> sweep());
        client.add(this, Thread.currentThread());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> undeploy(Context own) {
        closed = true;
        links.forEach(NodeLink::close);
        settle();
        return Future.succeededFuture();
    }

    Context context() {
        if (context == null) {
            throw new IllegalStateException("a lane is used only after it was deployed");
        }
        return context;
    }

    /** Every lane sees the same nodes come and go; one of them tells the log. */
    boolean speaksForAll() {
        return client.isFirst(this);
    }

    long now() {
        return client.now();
    }

    Future<NetSocket> connect(HsmClientSettings.Node node) {
        return client.connect(node);
    }

    SessionCommand.Login login() {
        return client.login();
    }

    void after(long millis, Runnable task) {
        var unused = context().owner().setTimer(millis, id -> task.run());
    }

    /** Sends {@code call} to the node that suits it best, or lets it wait, or ends it. */
    void submit(Call<?> call) {
        var best = best(call);
        if (best != null) {
            best.send(call);
        } else if (links.stream().anyMatch(link -> link.isReady() && !call.wasSentOnBy(link.index()))) {
            call.refuse(new Refused(Refusal.THROTTLED, "the window of every connection is full"));
        } else if (closed || links.stream().noneMatch(link -> link.isConnecting() && !call.wasSentOnBy(link.index()))) {
            call.giveUp(faults());
        } else if (waiting.size() >= client.settings().window()) {
            call.refuse(new Refused(Refusal.THROTTLED, "too many wait for a connection"));
        } else {
            waiting.add(call);
        }
    }

    /** A node said no: where another node may say yes, it is asked. */
    void refused(Call<?> call, NodeLink link, Refused refused) {
        if (call.isPinned()) {
            call.refuse(refused);
            return;
        }
        switch (refused.refusal()) {
            case NOT_OPERATIONAL, NO_QUORUM -> {
                call.sentOnBy(link.index(), refused);
                submit(call);
            }
            default -> call.refuse(refused);
        }
    }

    /**
     * The connection went away under {@code call}. It is sent again: a read or a use of a key changes nothing, and a change
     * has an id by which the cluster recognises it. Not for ever, lest a call that kills nodes kills them all.
     */
    void lost(Call<?> call) {
        call.lost();
        if (call.isPinned() || call.countSend() > links.size()) {
            call.giveUp("the connection was lost before the answer");
        } else {
            submit(call);
        }
    }

    /** A link has changed its state: whoever waits is looked at again. */
    void settle() {
        var calls = List.copyOf(waiting);
        waiting.clear();
        calls.forEach(this::submit);
    }

    private @Nullable NodeLink best(Call<?> call) {
        NodeLink best = null;
        turn++;
        for (var i = 0; i < links.size(); i++) {
            var link = links.get(Math.floorMod(turn + i, links.size()));
            var usable = link.isReady()
                    && !call.wasSentOnBy(link.index())
                    && link.underWay() < client.settings().window();
            if (usable && (best == null || isBetter(link, best))) {
                best = link;
            }
        }
        return best;
    }

    private static boolean isBetter(NodeLink link, NodeLink than) {
        return link.isOperational() == than.isOperational() ? link.underWay() < than.underWay() : link.isOperational();
    }

    private void sweep() {
        var now = now();
        var isLate = now - lastSweep > LATE_SWEEP_NANOS;
        lastSweep = now;
        var over = new ArrayList<Call<?>>();
        links.forEach(link -> over.addAll(link.sweep(now, isLate)));
        waiting.removeIf(call -> call.isOver(now) && over.add(call));
        // Only now: a call that ends may begin another, and that one may enter what was just walked through.
        over.forEach(call -> call.refuse(new Refused(Refusal.UNREACHABLE, "no answer in time")));
    }

    private String faults() {
        return closed
                ? "the client is closed"
                : links.stream().map(NodeLink::fault).collect(Collectors.joining("; ", "no node is connected (", ")"));
    }
}
