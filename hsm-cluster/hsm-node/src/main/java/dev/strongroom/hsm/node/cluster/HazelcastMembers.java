package dev.strongroom.hsm.node.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.internal.server.ServerConnectionManager;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of a cluster, found, watched and connected by an embedded Hazelcast member (Community 5.7.0) whose every
 * connection is mutual TLS 1.3 between certificates of the cluster's CA.
 *
 * <p>Messages travel by connection, not by membership: a message goes out as soon as the two nodes have shaken hands,
 * whether or not Hazelcast has them in one cluster yet, and again right after a partition heals, while Hazelcast is
 * still merging. Hazelcast's membership, beside the connections, answers {@link #liveMembers} and nothing else.
 *
 * <p>Order: {@link #receive}, then {@link #start}, then anything. The receiver is called on the thread that reads from the
 * network, one call at a time, and must not block it. Safe for concurrent use.
 */
public final class HazelcastMembers implements MemberLink {

    private static final Logger log = LoggerFactory.getLogger(HazelcastMembers.class);

    /** How soon a lost connection is tried again. A failed try costs a packet, a repeated one waits for the one before. */
    private static final int KEEP_UP_MILLIS = 250;

    private static final String LOGGING = "hazelcast.logging.type";

    private final MemberSettings settings;
    private final ScheduledExecutorService timer;
    private final ExecutorService signatures;
    private final MemberLinks links;
    private final Map<MemberAddress, String> nodesByAddress;
    private volatile @Nullable BiConsumer<String, byte[]> receiver;
    private volatile @Nullable MemberNodeContext context;
    private volatile @Nullable HazelcastInstance instance;
    private boolean isStarted;
    private boolean isClosed;

    public HazelcastMembers(MemberSettings settings) {
        this.settings = settings;
        this.timer = Executors.newSingleThreadScheduledExecutor(thread("members-timer-"));
        this.signatures = Executors.newSingleThreadExecutor(thread("members-tls-"));
        this.links = new MemberLinks(settings, timer, signatures);
        this.nodesByAddress = settings.members().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));
    }

    @Override
    public synchronized void receive(BiConsumer<String, byte[]> receiver) {
        if (this.receiver != null) {
            throw new IllegalStateException("there is a receiver already");
        }
        this.receiver = receiver;
    }

    /**
     * Binds the port and looks for the others; returns when it has joined them or is the first. Takes about a second, and
     * some more when others are there but do not answer; messages flow before it returns.
     *
     * @throws IllegalStateException if there is no receiver, or the port cannot be bound
     */
    public void start() {
        synchronized (this) {
            if (receiver == null || isStarted) {
                throw new IllegalStateException("start once, after the receiver is known");
            }
            isStarted = true;
        }
        var unused = timer.scheduleWithFixedDelay(this::keepUp, KEEP_UP_MILLIS, KEEP_UP_MILLIS, TimeUnit.MILLISECONDS);
        try {
            launch();
        } catch (RuntimeException e) {
            close();
            throw new IllegalStateException("the member at " + settings.address() + " did not start", e);
        }
    }

    @Override
    public void send(String nodeId, byte[] message) {
        links.send(nodeId, message);
    }

    @Override
    public Set<String> liveMembers() {
        // A node that has just started is connected, serves, and is not yet a member for some seconds.
        var live = new HashSet<>(links.connected());
        var current = instance;
        if (current != null) {
            try {
                current.getCluster().getMembers().stream()
                        .filter(member -> !member.localMember())
                        .map(Member::getAddress)
                        .map(address -> nodesByAddress.get(MemberAddress.of(address)))
                        .filter(Objects::nonNull)
                        .forEach(live::add);
            } catch (HazelcastInstanceNotActiveException e) {
                log.debug("Hazelcast is not there to be asked who is alive");
            }
        }
        return Set.copyOf(live);
    }

    /** Ends at once, without asking the others: they hold everything that matters. */
    @Override
    public void close() {
        timer.shutdownNow();
        signatures.shutdownNow();
        HazelcastInstance current;
        synchronized (this) {
            isClosed = true;
            current = instance;
        }
        if (current != null) {
            current.getLifecycleService().terminate();
        }
    }

    private void launch() {
        // Also for what Hazelcast says before it has read its configuration.
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "slf4j");
        }
        var created = new MemberNodeContext(settings, links, Objects.requireNonNull(receiver, "checked by start"));
        context = created;
        var config = HazelcastConfig.of(settings);
        var launched = HazelcastInstanceFactory.newHazelcastInstance(config, config.getInstanceName(), created);
        synchronized (this) {
            instance = launched;
            if (!isClosed) {
                return;
            }
        }
        launched.getLifecycleService().terminate();
    }

    /** One turn of the timer; an exception that got out of it would end the turns. */
    private void keepUp() {
        try {
            var current = instance;
            if (current != null && !current.getLifecycleService().isRunning()) {
                log.error("Hazelcast gave up, starting it again");
                launch();
            }
            var connections = context == null ? Optional.<ServerConnectionManager>empty() : context.connections();
            connections.ifPresent(this::connect);
        } catch (RuntimeException e) {
            log.warn("the connections to the members could not be looked after", e);
        }
    }

    /** Connects to every member that is not connected; both sides do, and either connection is enough. */
    private void connect(ServerConnectionManager connections) {
        nodesByAddress.forEach((address, nodeId) -> {
            try {
                if (!nodeId.equals(settings.nodeId()) && !links.isConnected(nodeId)) {
                    var unused = connections.getOrConnect(address.resolve(), true);
                }
            } catch (UnknownHostException e) {
                log.debug("no address for {} yet: {}", nodeId, e.getMessage());
            }
        });
    }

    private ThreadFactory thread(String prefix) {
        return task -> {
            var thread = new Thread(task, prefix + settings.nodeId());
            thread.setDaemon(true);
            return thread;
        };
    }
}
