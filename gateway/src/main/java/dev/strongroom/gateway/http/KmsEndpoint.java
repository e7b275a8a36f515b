package dev.strongroom.gateway.http;

import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.hsm.protocol.Hsm;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The KMS API over HTTP/1.1, and over HTTP/2 where TLS negotiates it. Requests that were sent ahead on one connection are
 * answered in their order; an error does not end a connection.
 */
public final class KmsEndpoint {

    /** Room for a session token of some kilobytes beside everything else. */
    private static final int MAX_HEADER_BYTES = 16 * 1_024;

    private static final int MAX_LINE_BYTES = 4_096;
    private static final int IDLE_SECONDS = 75;
    private static final int BAD_REQUEST = 400;
    private static final int URI_TOO_LONG = 414;
    private static final int HEADER_TOO_LONG = 431;
    private static final Duration SWEEP = Duration.ofMinutes(1);

    /** IMF-fixdate, RFC 9110, section 5.6.7. Clients set their clocks by it. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-amzn-RequestId");
    private static final CharSequence NO_STORE =
            HttpHeaders.createOptimized("no-cache, no-store, must-revalidate, private");

    private final Vertx vertx;
    private final KmsPipeline pipeline;
    private final HttpSettings settings;
    private final ClockAndIds world;
    private final RequestMetrics metrics;
    private final AtomicInteger port = new AtomicInteger();
    private String deployment = "";

    private KmsEndpoint(
            Vertx vertx, HttpSettings settings, Hsm hsm, ClockAndIds world, RequestMetrics metrics, AuditLog audit) {
        this.vertx = vertx;
        this.pipeline = new KmsPipeline(hsm, world, audit);
        this.settings = settings;
        this.world = world;
        this.metrics = metrics;
    }

    /** An endpoint that serves and keeps no record of it. */
    public static Future<KmsEndpoint> open(
            Vertx vertx, HttpSettings settings, Hsm hsm, ClockAndIds world, RequestMetrics metrics) {
        return open(vertx, settings, hsm, world, metrics, AuditLog.none());
    }

    /**
     * An endpoint that serves.
     *
     * @param audit every answer to a known caller is recorded there first; stays the caller's, who closes it later
     */
    public static Future<KmsEndpoint> open(
            Vertx vertx, HttpSettings settings, Hsm hsm, ClockAndIds world, RequestMetrics metrics, AuditLog audit) {
        var endpoint = new KmsEndpoint(vertx, settings, hsm, world, metrics, audit);
        return vertx.deployVerticle(endpoint::loop, new DeploymentOptions().setInstances(settings.loops()))
                .map(deployment -> {
                    endpoint.deployment = deployment;
                    return endpoint;
                });
    }

    /** Where it listens. */
    public int port() {
        return port.get();
    }

    /** Takes no more requests and closes the connections. */
    public Future<Void> close() {
        return vertx.undeploy(deployment);
    }

    private VerticleBase loop() {
        return new Loop(this);
    }

    /** The part of the endpoint on one event loop. */
    private static final class Loop extends VerticleBase {
        private final KmsEndpoint endpoint;
        private long dateSecond = Long.MIN_VALUE;
        private String date = "";

        private Loop(KmsEndpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public Future<?> start() {
            vertx.setPeriodic(SWEEP.toMillis(), tick -> endpoint.pipeline.sweep());
            return vertx.createHttpServer(options(endpoint.settings))
                    .requestHandler(this::handle)
                    .invalidRequestHandler(this::handleInvalid)
                    .listen()
                    .onSuccess(server -> endpoint.port.set(server.actualPort()));
        }

        private void handle(HttpServerRequest http) {
            var exchange = exchange(http);
            long begun = endpoint.world.nanoTime().getAsLong();
            endpoint.metrics.begin();
            BodyReader.read(http)
                    .compose(
                            body -> endpoint.pipeline.answer(exchange.withBody(body)),
                            failure -> Future.succeededFuture(
                                    failure instanceof BodyReader.TooLongException
                                            ? HttpAnswer.tooLong()
                                            : HttpAnswer.malformed(BAD_REQUEST)))
                    .compose(answer -> {
                        long nanos = endpoint.world.nanoTime().getAsLong() - begun;
                        endpoint.metrics.end(KmsPipeline.operation(exchange), answer.code(), nanos);
                        return send(exchange, answer);
                    });
        }

        /** For what the decoder could make no request of; where the next one would begin nobody knows. */
        private void handleInvalid(HttpServerRequest http) {
            var cause = http.decoderResult().cause();
            int status = cause instanceof TooLongHttpLineException
                    ? URI_TOO_LONG
                    : cause instanceof TooLongHttpHeaderException ? HEADER_TOO_LONG : BAD_REQUEST;
            send(exchange(http), HttpAnswer.malformed(status))
                    .onComplete(sent -> http.connection().close());
        }

        private Exchange exchange(HttpServerRequest http) {
            return new Exchange(http, context, endpoint.world.ids().get());
        }

        private Future<Void> send(Exchange exchange, HttpAnswer answer) {
            var response = exchange.http().response();
            response.setStatusCode(answer.status());
            response.headers()
                    .set(HttpHeaders.CONTENT_TYPE, answer.contentType())
                    .set(REQUEST_ID, exchange.requestId().toString())
                    .set(HttpHeaders.DATE, date())
                    .set(HttpHeaders.CACHE_CONTROL, NO_STORE);
            var body = Buffer.buffer(answer.body());
            return response.end(body).onComplete(written -> {
                body.setBytes(0, new byte[body.length()]);
                answer.close();
                exchange.close();
            });
        }

        private String date() {
            long second = endpoint.world.clock().instant().getEpochSecond();
            if (second != dateSecond) {
                dateSecond = second;
                date = DATE.format(Instant.ofEpochSecond(second));
            }
            return date;
        }
    }

    private static HttpServerOptions options(HttpSettings settings) {
        var options = new HttpServerOptions()
                .setHost(settings.host())
                // To Vert.x, a negative port is any free one that all loops share.
                .setPort(settings.port() == 0 ? -1 : settings.port())
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setHttp2ClearTextEnabled(false)
                // There are no WebSockets here, so nothing needs to look at every message for them.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
        var tls = settings.tls();
        if (tls != null) {
            options.setSsl(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(tls.certificate().toString())
                            .setKeyPath(tls.key().toString()))
                    .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                    .setUseAlpn(true)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
        }
        return options;
    }
}
