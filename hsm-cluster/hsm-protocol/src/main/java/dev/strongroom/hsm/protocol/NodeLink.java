package dev.strongroom.hsm.protocol;

import io.vertx.core.net.NetSocket;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One lane's connection to one node: kept up, logged in, probed. Lives on the lane's event loop. */
final class NodeLink implements FramedSocket.Peer {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLink.class);

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long LOGIN_MILLIS = 5_000;
    /** A node that is alive answers a probe from its event loop; three missed ones are no accident. */
    private static final long PROBE_MILLIS = 1_000;

    private static final long SILENCE_MILLIS = 3_000;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 3_000;
    /** Nobody repairs a credential within seconds, and every attempt counts towards a lockout. */
    private static final long PAUSE_AFTER_LOGIN_FAILED_MILLIS = 30_000;

    private static final int URI_NAME = 6;

    private enum State {
        WAITING,
        CONNECTING,
        READY,
        CLOSED
    }

    private final Lane lane;
    private final HsmClientSettings.Node node;
    private final int index;
    private final Map<Long, Call<?>> underWay = new HashMap<>();
    private @Nullable FramedSocket socket;
    private State state = State.WAITING;
    private boolean operational;
    private long lastRequestId;
    private long lastHeard;
    private long lastProbe;
    private long readySince;
    private int failures;
    private boolean loginFailed;
    private String lastFault = "not connected yet";

    NodeLink(Lane lane, HsmClientSettings.Node node, int index) {
        this.lane = lane;
        this.node = node;
        this.index = index;
    }

    int index() {
        return index;
    }

    int underWay() {
        return underWay.size();
    }

    boolean isReady() {
        return state == State.READY;
    }

    /** Whether the node, when it last described itself, would serve. */
    boolean isOperational() {
        return operational;
    }

    /** Whether the link may become ready before long, so that a call does well to wait. */
    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    String fault() {
        return node.id() + ": " + lastFault;
    }

    void connect() {
        if (state != State.CLOSED) {
            state = State.CONNECTING;
            lane.connect(node).onComplete(connected -> {
                if (connected.succeeded()) {
                    logIn(connected.result());
                } else {
                    closed(reason(connected.cause()));
                }
            });
        }
    }

    void send(Call<?> call) {
        var id = ++lastRequestId;
        underWay.put(id, call);
        try {
            if (socket != null) {
                socket.send(id, call.millisLeft(lane.now()), call.servedRequest(), call.command());
            }
        } catch (MalformedFrameException e) {
            underWay.remove(id);
            call.refuse(new Refused(Refusal.MALFORMED, "too long for a frame"));
        }
    }

    /** Once per sweep: takes out the calls whose time is over, probes, and hangs up on a node that is silent. */
    List<Call<?>> sweep(long now, boolean sweepIsLate) {
        var over = new ArrayList<Call<?>>();
        underWay.values().removeIf(call -> call.isOver(now) && over.add(call));
        if (sweepIsLate) {
            // This process stood still, not the node: what it sent meanwhile is yet to be read.
            lastHeard = now;
        }
        if (state == State.READY && socket != null) {
            if (now - lastHeard > SILENCE_MILLIS * NANOS_PER_MILLI) {
                socket.close("the node was silent for " + SILENCE_MILLIS + " ms");
            } else if (now - lastProbe > PROBE_MILLIS * NANOS_PER_MILLI) {
                probe(now);
            }
        }
        return over;
    }

    void close() {
        state = State.CLOSED;
        if (socket != null) {
            socket.close("the client was closed");
        }
    }

    @Override
    public void heard() {
        lastHeard = lane.now();
    }

    @Override
    public void frame(Frame frame) throws MalformedFrameException {
        var call = underWay.get(frame.requestId());
        if (call == null) {
            // Its time was over before the answer came: whoever asked has been told.
            return;
        }
        Answer answer;
        try {
            answer = ReplyCodec.decode(frame);
        } catch (MalformedFrameException e) {
            if (!e.isUnsupported()) {
                throw e;
            }
            underWay.remove(frame.requestId());
            call.fail(e);
            return;
        }
        var isSessionOver = answer instanceof Answer.Declined no && no.refused().refusal() == Refusal.LOGIN_REQUIRED;
        if (isSessionOver && socket != null) {
            // Its user was changed. A new connection logs in anew, and what is under way here is sent again there.
            socket.close("the session has ended");
            return;
        }
        underWay.remove(frame.requestId());
        if (answer instanceof Answer.Declined declined) {
            lane.refused(call, this, declined.refused());
        } else if (answer instanceof Answer.Given given) {
            call.succeed(given.reply());
        }
    }

    @Override
    public void closed(String reason) {
        var calls = List.copyOf(underWay.values());
        underWay.clear();
        var wasReady = state == State.READY;
        socket = null;
        operational = false;
        if (state == State.CLOSED) {
            calls.forEach(lane::lost);
            return;
        }
        lastFault = reason;
        var lasted = wasReady && lane.now() - readySince > PROBE_MILLIS * NANOS_PER_MILLI;
        failures = lasted ? 0 : failures + 1;
        log(wasReady, reason);
        if (failures == 0) {
            connect();
        } else {
            state = State.WAITING;
            lane.after(pauseMillis(), this::connect);
        }
        calls.forEach(lane::lost);
        lane.settle();
    }

    private void log(boolean wasReady, String reason) {
        if (lane.speaksForAll() && (wasReady || failures == 1)) {
            LOG.warn("HSM node {} at {}:{} is not reachable: {}", node.id(), node.host(), node.port(), reason);
        } else {
            LOG.debug("HSM node {} is still not reachable: {}", node.id(), reason);
        }
    }

    /** Jittered, so that the clients of a node that restarts do not come all at once; nothing secret hangs on it. */
    private long pauseMillis() {
        if (loginFailed) {
            return PAUSE_AFTER_LOGIN_FAILED_MILLIS;
        }
        var longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10));
        return ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    }

    private void logIn(NetSocket connection) {
        var stranger = stranger(connection);
        if (state == State.CLOSED || stranger != null) {
            var unused = connection.close();
            closed(stranger == null ? "the client was closed" : stranger);
            return;
        }
        socket = FramedSocket.open(connection, lane.context(), FramedSocket.Reading.ALWAYS, this);
        var login = Call.pinned(lane.login(), lane.now() + LOGIN_MILLIS * NANOS_PER_MILLI);
        loginFailed = false;
        var unused = login.stage().whenComplete((loggedIn, failure) -> {
            if (failure == null) {
                ready();
            } else if (socket != null) {
                loginFailed = failure instanceof Refused no && no.refusal() == Refusal.LOGIN_FAILED;
                socket.close("login: " + failure.getMessage());
            }
        });
        send(login);
    }

    private void ready() {
        if (state == State.CONNECTING) {
            state = State.READY;
            readySince = lane.now();
            lastHeard = readySince;
            // Taken for granted until the first probe says otherwise: a node that is not refuses, and the call goes on.
            operational = true;
            if (lane.speaksForAll()) {
                LOG.info("HSM node {} at {}:{} is connected", node.id(), node.host(), node.port());
            }
            probe(readySince);
            lane.settle();
        }
    }

    private void probe(long now) {
        lastProbe = now;
        var probe = Call.pinned(new SessionCommand.DescribeNode(), now + SILENCE_MILLIS * NANOS_PER_MILLI);
        var unused = probe.stage().thenAccept(node -> operational = node.state() == NodeState.OPERATIONAL);
        send(probe);
    }

    /** With what lies behind it: that a handshake failed says little, why it did says all. */
    private static String reason(Throwable failure) {
        var behind = failure.getCause();
        return failure.getMessage() + (behind == null ? "" : ": " + behind.getMessage());
    }

    /** What is wrong with the certificate at the other end; null if it names this node and no other. */
    private @Nullable String stranger(NetSocket connection) {
        try {
            var leaf = (X509Certificate) connection.peerCertificates().get(0);
            var names = leaf.getSubjectAlternativeNames();
            var identities = (names == null ? List.<List<?>>of() : names)
                    .stream()
                            .filter(name -> Integer.valueOf(URI_NAME).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)))
                            .filter(uri -> uri.startsWith("strongroom:"))
                            .toList();
            return identities.equals(List.of("strongroom:node:" + node.id()))
                    ? null
                    : "the certificate there is not that of node " + node.id();
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return "no certificate that can be read";
        }
    }
}
