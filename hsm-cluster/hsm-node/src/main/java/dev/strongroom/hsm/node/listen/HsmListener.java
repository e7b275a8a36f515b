package dev.strongroom.hsm.node.listen;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.node.crypto.TlsIdentity;
import dev.strongroom.hsm.protocol.WireTls;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the HSM protocol ({@code hsm.proto}) to gateways that hold a certificate of the cluster's CA. There is no plaintext
 * mode. Everything that a stranger can send ends in a closed connection, everything that a client can ask for in an answer.
 *
 * <p>Safe for concurrent use.
 */
public final class HsmListener {

    static final int MAX_CONNECTIONS = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(HsmListener.class);
    private static final int HANDSHAKE_SECONDS = 10;
    /** Clients probe every second or so; who says nothing for so long is gone. */
    private static final int SILENCE_SECONDS = 60;

    private final HsmListenerSettings settings;
    private final NetServerOptions options;
    private final CommandDispatch dispatch;
    private final LongSupplier nanoTime;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong connectionNumber = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger port = new AtomicInteger();
    private final Vertx vertx;
    private String deployment = "";

    private HsmListener(
            Vertx vertx,
            HsmListenerSettings settings,
            TlsIdentity identity,
            CommandDispatch dispatch,
            LongSupplier nanoTime) {
        this.vertx = vertx;
        this.settings = settings;
        this.options = options(identity);
        this.dispatch = dispatch;
        this.nanoTime = nanoTime;
    }

    /**
     * A listener that accepts connections.
     *
     * @param identity of the node; its CA is the only one believed
     * @param nanoTime a monotonic clock, as {@code System::nanoTime}
     */
    public static Future<HsmListener> open(
            Vertx vertx,
            HsmListenerSettings settings,
            TlsIdentity identity,
            CommandDispatch dispatch,
            LongSupplier nanoTime) {
        var listener = new HsmListener(vertx, settings, identity, dispatch, nanoTime);
        return vertx.deployVerticle(
                        () -> listener.new Loop(), new DeploymentOptions().setInstances(settings.eventLoops()))
                .map(deployment -> {
                    listener.deployment = deployment;
                    return listener;
                });
    }

    /** The port it listens on. */
    public int port() {
        return port.get();
    }

    /** Stops accepting and hangs up on everybody. */
    public Future<Void> close() {
        return vertx.undeploy(deployment);
    }

    HsmListenerSettings settings() {
        return settings;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** Commands under way on all connections. */
    AtomicInteger underWay() {
        return underWay;
    }

    private void accept(NetSocket socket, Context context) {
        var from = socket.remoteAddress();
        PeerIdentity peer;
        String fingerprint;
        try {
            var certificate = (X509Certificate) socket.peerCertificates().get(0);
            peer = PeerIdentity.of(certificate);
            fingerprint = HexFormat.of().formatHex(Digests.sha256(certificate.getEncoded()));
        } catch (SSLPeerUnverifiedException | CertificateException e) {
            hangUp(socket, "its certificate names nobody: " + e.getMessage());
            return;
        }
        if (peer.role() != PeerIdentity.Role.GATEWAY) {
            hangUp(socket, peer.uri() + " is no gateway");
        } else if (connections.incrementAndGet() > MAX_CONNECTIONS) {
            connections.decrementAndGet();
            hangUp(socket, MAX_CONNECTIONS + " connections are open already");
        } else {
            LOG.info("{} connected from {}", peer.uri(), from);
            Connection.open(
                    this,
                    socket,
                    context,
                    dispatch.begin(peer.name(), from.hostAddress(), fingerprint),
                    new Connection.Client(peer.name(), connectionNumber.incrementAndGet()),
                    reason -> {
                        connections.decrementAndGet();
                        LOG.info("{} from {} is gone: {}", peer.uri(), from, reason);
                    });
        }
    }

    private static void hangUp(NetSocket socket, String reason) {
        LOG.warn("refused a connection from {}: {}", socket.remoteAddress(), reason);
        var unused = socket.close();
    }

    private static NetServerOptions options(TlsIdentity identity) {
        var options = new NetServerOptions()
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setKeyValue(Buffer.buffer(identity.privateKeyPem()))
                        .setCertValue(Buffer.buffer(identity.chainPem())))
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(identity.authorityPem())))
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout(SILENCE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        WireTls.require(options);
        return options;
    }

    /** The listener's share of one event loop; Vert.x spreads the connections over those that listen on one port. */
    private final class Loop implements Deployable {

        @Override
        public Future<?> deploy(Context context) {
            return context.owner()
                    .createNetServer(options)
                    .connectHandler(socket -> accept(socket, context))
                    .exceptionHandler(e -> LOG.debug("a connection failed before it was accepted", e))
                    .listen(settings.port(), settings.host())
                    .map(NetServer::actualPort)
                    .onSuccess(port::set);
        }
    }
}
