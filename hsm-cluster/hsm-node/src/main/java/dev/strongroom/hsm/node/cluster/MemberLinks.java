package dev.strongroom.hsm.node.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.nio.Packet;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.node.crypto.PeerIdentity.Role;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to members whose certificates were accepted, by node id: where messages go out and where they come in.
 *
 * <p>A message is attributed to the node that the certificate of its connection names, and sent on a connection whose
 * certificate names the receiver. Nothing that a peer <em>says</em> (address, UUID, member attribute) takes part in that,
 * so no member can speak or listen in another's place. Safe for concurrent use.
 */
final class MemberLinks implements TlsLink.Gate {

    private static final Logger log = LoggerFactory.getLogger(MemberLinks.class);

    private static final int HANDSHAKE_SECONDS = 5;
    private static final int FAREWELL_SECONDS = 1;

    /** Strangers in the middle of a handshake; members are few and shake hands in milliseconds. */
    private static final int HANDSHAKES_AT_ONCE = 64;

    private static final int REFUSALS_REPORTED = 10;
    private static final int REPORT_SECONDS = 60;

    /** What may wait for one member. It is stuck when more has piled up, and Raft sends again what still matters. */
    private static final long BACKLOG_BYTES = 16L << 20;

    /** One accepted connection and the bytes of messages that wait in its queue. */
    private record Accepted(String nodeId, TlsLink link, AtomicInteger backlogBytes) {}

    private final MemberSettings settings;
    private final MemberMessage messages;
    private final ScheduledExecutorService timer;
    private final Executor signatures;
    private final Set<Channel> shakingHands = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refusals = new AtomicInteger();
    private final Map<Channel, Accepted> byChannel = new ConcurrentHashMap<>();

    /** The newest connection to each node: if it came up beside an older one, the older may be to a dead process. */
    private final Map<String, Accepted> byNode = new ConcurrentHashMap<>();

    MemberLinks(MemberSettings settings, ScheduledExecutorService timer, Executor signatures) {
        this.settings = settings;
        this.messages = new MemberMessage(settings.lineage());
        this.timer = timer;
        this.signatures = signatures;
    }

    /** TLS for a new connection in either direction, which has a few seconds to be accepted. */
    TlsLink secure(Channel channel) throws SSLException {
        var identity = settings.identity();
        var engine = channel.isClientMode() ? identity.clientEngine() : identity.serverEngine();
        var link = new TlsLink(channel, engine, this, signatures);
        shakingHands.add(channel);
        channel.addCloseListener(this::closed);
        after(HANDSHAKE_SECONDS, () -> endHandshake(link));
        if (shakingHands.size() > HANDSHAKES_AT_ONCE && !channel.isClientMode()) {
            link.refuseUnheard("too many strangers at the door");
        }
        return link;
    }

    /** The node that the certificate of this connection names, if it was accepted and is open. */
    @Nullable
    String nodeOf(Channel channel) {
        var accepted = byChannel.get(channel);
        return accepted == null ? null : accepted.nodeId();
    }

    boolean isConnected(String nodeId) {
        return byNode.containsKey(nodeId);
    }

    /** Those who are connected now. */
    Set<String> connected() {
        return Set.copyOf(byNode.keySet());
    }

    /** Queues {@code message}, or drops it if there is no connection or too much waits for it already. */
    void send(String nodeId, byte[] message) {
        var accepted = byNode.get(nodeId);
        if (accepted == null) {
            return;
        }
        var backlog = accepted.backlogBytes();
        // A message larger than the bound still goes out when nothing is ahead of it.
        if (backlog.get() > 0 && backlog.get() + (long) message.length > BACKLOG_BYTES) {
            log.debug("{} is stuck, dropping a message of {} bytes", nodeId, message.length);
            return;
        }
        var packet = messages.write(message);
        backlog.addAndGet(packet.totalSize());
        if (!accepted.link().channel().write(packet)) {
            log.debug("the connection to {} has just closed, dropping a message", nodeId);
        }
    }

    /** The message in {@code packet}, which must be of our lineage. */
    byte[] read(Packet packet) throws IOException {
        return messages.read(packet);
    }

    /** A message has left the queue of {@code channel}. */
    void taken(Channel channel, int packetBytes) {
        var accepted = byChannel.get(channel);
        if (accepted != null) {
            accepted.backlogBytes().addAndGet(-packetBytes);
        }
    }

    /** Turns away a peer that was accepted and then did what no member does. */
    void refuse(Channel channel, String reason) {
        var accepted = byChannel.get(channel);
        if (accepted != null) {
            accepted.link().refuse(reason);
        }
    }

    @Override
    public void admit(TlsLink link, X509Certificate certificate) throws SSLException {
        var channel = link.channel();
        var nodeId = memberId(certificate);
        var target = (Address) channel.attributeMap().get(Address.class);
        if (channel.isClientMode() && !isAddressOf(nodeId, target)) {
            throw new SSLException(nodeId + " answers at " + target + ", which is not its address");
        }
        shakingHands.remove(channel);
        var accepted = new Accepted(nodeId, link, new AtomicInteger());
        byChannel.put(channel, accepted);
        byNode.put(nodeId, accepted);
        if (channel.isClosed()) {
            closed(channel);
        }
        log.debug("connected with {} at {}", nodeId, channel.remoteSocketAddress());
    }

    @Override
    public void refused(TlsLink link, String reason) {
        report(link.channel(), reason);
        after(FAREWELL_SECONDS, () -> link.close(reason));
    }

    /** Whether the list gives {@code address} to this node. */
    boolean isAddressOf(String nodeId, @Nullable Address address) {
        return address != null
                && MemberAddress.of(address).equals(settings.members().get(nodeId));
    }

    /** The id of a node of the list, other than this one; everybody else has no business here. */
    private String memberId(X509Certificate certificate) throws SSLException {
        PeerIdentity peer;
        try {
            peer = PeerIdentity.of(certificate);
        } catch (CertificateException e) {
            throw new SSLException(e.getMessage(), e);
        }
        if (peer.role() != Role.NODE) {
            throw new SSLException(peer.uri() + " is not a node");
        }
        if (!settings.members().containsKey(peer.name())) {
            throw new SSLException(peer.uri() + " is not in the list of members");
        }
        if (peer.name().equals(settings.nodeId())) {
            throw new SSLException(peer.uri() + " is this node itself, or its clone");
        }
        return peer.name();
    }

    private void endHandshake(TlsLink link) {
        if (!link.isAdmitted() && !link.channel().isClosed()) {
            report(link.channel(), "no handshake in time");
            link.close("no handshake in time");
        }
    }

    private void closed(Channel channel) {
        shakingHands.remove(channel);
        var accepted = byChannel.remove(channel);
        if (accepted == null || !byNode.remove(accepted.nodeId(), accepted)) {
            return;
        }
        for (var other : byChannel.values()) {
            if (other.nodeId().equals(accepted.nodeId())) {
                byNode.putIfAbsent(other.nodeId(), other);
            }
        }
    }

    /** A warning, unless there were many already: a stranger who knocks all night must not fill the disk. */
    private void report(Channel channel, String reason) {
        int earlier = refusals.getAndIncrement();
        if (earlier < REFUSALS_REPORTED) {
            log.warn("refused a connection with {}: {}", channel.remoteSocketAddress(), reason);
        }
        if (earlier == 0) {
            after(REPORT_SECONDS, this::summarize);
        }
    }

    private void summarize() {
        int more = refusals.getAndSet(0) - REFUSALS_REPORTED;
        if (more > 0) {
            log.warn("refused {} more connections in {} seconds", more, REPORT_SECONDS);
        }
    }

    private void after(int seconds, Runnable action) {
        try {
            var unused = timer.schedule(action, seconds, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("the node is closing, and its connections with it");
        }
    }
}
