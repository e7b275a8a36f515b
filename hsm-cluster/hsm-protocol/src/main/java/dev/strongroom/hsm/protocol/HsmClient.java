package dev.strongroom.hsm.protocol;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An HSM cluster across the network. Every lane keeps one pipelined connection to each node, logged in and probed once a
 * second; a call goes to a node that serves and has the least under way.
 *
 * <p>A call ends with the node's answer, or with {@link Refusal#UNREACHABLE} once no node is left to ask or its time is
 * over. If its connection dies or a node cannot serve, another node is asked, with the same command id. A call made while
 * no node is reachable fails as soon as that is known.
 *
 * <p>A call from a Vert.x context completes on that context; any other completes on an event loop, which must not be
 * blocked. The secret of a command is overwritten when the call ends. Safe for concurrent use.
 */
public final class HsmClient implements Hsm {

    private static final int CONNECT_MILLIS = 2_000;
    /** Longer, for two processes that have just started and share their cores with others. */
    private static final int HANDSHAKE_MILLIS = 5_000;

    private final Vertx vertx;
    private final HsmClientSettings settings;
    private final Plaintext credential;
    private final LongSupplier nanoTime;
    /** In a field on purpose: Vert.x closes a client that has become unreachable. */
    private final NetClient sockets;

    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private final Map<Thread, Lane> lanesByThread = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile @Nullable String deployment;

    private HsmClient(Vertx vertx, HsmClientSettings settings, Plaintext credential, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.settings = settings;
        this.credential = credential;
        this.nanoTime = nanoTime;
        this.sockets = vertx.createNetClient(options(settings.tls()));
    }

    /**
     * A client that is connecting; calls may be made at once.
     *
     * @param credential of the user to log in as; the client takes it over and overwrites it when it is closed
     * @param nanoTime a monotonic clock, as {@code System::nanoTime}
     */
    public static Future<HsmClient> open(
            Vertx vertx, HsmClientSettings settings, Plaintext credential, LongSupplier nanoTime) {
        var client = new HsmClient(vertx, settings, credential, nanoTime);
        return vertx.deployVerticle(() -> new Lane(client), new DeploymentOptions().setInstances(settings.lanes()))
                .map(deployment -> {
                    client.deployment = deployment;
                    return client;
                });
    }

    @Override
    public <R extends Reply> CompletionStage<R> call(Command<R> command, UUID servedRequest) {
        var deadline = now() + command.limit(settings.callTimeout()).toNanos();
        var call = Call.of(command, servedRequest, deadline);
        var own = lanesByThread.get(Thread.currentThread());
        if (own != null) {
            own.submit(call);
        } else {
            var lane = lanes.get(Math.floorMod(turn.getAndIncrement(), lanes.size()));
            lane.context().runOnContext(unused -> lane.submit(call));
        }
        return call.stage();
    }

    /** Ends every call and every connection. */
    public Future<Void> close() {
        var deployed = deployment;
        deployment = null;
        return deployed == null
                ? Future.succeededFuture()
                : vertx.undeploy(deployed).eventually(sockets::close).onComplete(closed -> credential.close());
    }

    HsmClientSettings settings() {
        return settings;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    void add(Lane lane, Thread thread) {
        lanes.add(lane);
        lanesByThread.putIfAbsent(thread, lane);
    }

    boolean isFirst(Lane lane) {
        return lanes.indexOf(lane) == 0;
    }

    Future<NetSocket> connect(HsmClientSettings.Node node) {
        return sockets.connect(node.port(), node.host());
    }

    /** With a credential of its own, which is overwritten when the login has ended. */
    SessionCommand.Login login() {
        return new SessionCommand.Login(settings.user(), Plaintext.wrap(credential.use(octets -> octets.clone())));
    }

    private static NetClientOptions options(HsmClientSettings.Tls tls) {
        var options = new NetClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setSslHandshakeTimeout(HANDSHAKE_MILLIS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setKeyPath(tls.privateKey().toString())
                        .setCertPath(tls.chain().toString()))
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(tls.authority().toString()))
                // The name that counts is the node's id in the certificate, which NodeLink compares.
                .setHostnameVerificationAlgorithm("");
        WireTls.require(options);
        return options;
    }
}
