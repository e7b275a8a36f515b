package dev.strongroom.gateway.http;

import dev.strongroom.api.AwsJson;
import dev.strongroom.gateway.admin.Administration;
import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.gateway.operation.OperationTable;
import dev.strongroom.hsm.protocol.Hsm;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
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
    private final Optional<AdminPipeline> administration;
    private final StsPipeline sts;
    private final HttpSettings settings;
    private final ClockAndIds world;
    private final RequestMetrics metrics;
    private final AtomicInteger port = new AtomicInteger();
    private final Optional<PublicTls> tls;
    private String deployment = "";

    private KmsEndpoint(
            Vertx vertx,
            HttpSettings settings,
            Optional<PublicTls> tls,
            Hsm hsm,
            ClockAndIds world,
            RequestMetrics metrics,
            AuditLog audit,
            Optional<Administration> administration) {
        this.vertx = vertx;
        this.pipeline = new KmsPipeline(hsm, world, audit);
        this.administration = administration.map(found -> new AdminPipeline(found, hsm, world, audit));
        this.sts = pipeline.sts();
        this.settings = settings;
        this.tls = tls;
        this.world = world;
        this.metrics = metrics;
    }

    /** An endpoint that serves and keeps no record of it. */
    public static Future<KmsEndpoint> open(
            Vertx vertx, HttpSettings settings, Hsm hsm, ClockAndIds world, RequestMetrics metrics) {
        return open(vertx, settings, hsm, world, metrics, AuditLog.none());
    }

    /** The same, without the management API. */
    public static Future<KmsEndpoint> open(
            Vertx vertx, HttpSettings settings, Hsm hsm, ClockAndIds world, RequestMetrics metrics, AuditLog audit) {
        return open(vertx, settings, hsm, world, metrics, audit, Optional.empty());
    }

    /**
     * An endpoint that serves; fails with one line if it cannot listen, or its certificate cannot be used.
     *
     * @param audit every answer to a known caller is recorded there first; stays the caller's, who closes it later
     * @param administration what the management API does; it is not there if absent
     */
    public static Future<KmsEndpoint> open(
            Vertx vertx,
            HttpSettings settings,
            Hsm hsm,
            ClockAndIds world,
            RequestMetrics metrics,
            AuditLog audit,
            Optional<Administration> administration) {
        Optional<PublicTls> tls;
        try {
            var files = settings.tls();
            tls = files == null ? Optional.empty() : Optional.of(PublicTls.read(files));
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
        var endpoint = new KmsEndpoint(vertx, settings, tls, hsm, world, metrics, audit, administration);
        return vertx.executeBlocking(() -> {
                    AwsJson.load();
                    return OperationTable.built();
                })
                .compose(loaded ->
                        vertx.deployVerticle(endpoint::loop, new DeploymentOptions().setInstances(settings.loops())))
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

    /** Called by each loop; what one does to the server holds for all, so the first alone looks after the certificate. */
    private void listens(Vertx loop, HttpServer server) {
        if (port.getAndSet(server.actualPort()) == 0) {
            tls.ifPresent(served -> served.watch(loop, server));
        }
    }

    private void sweep() {
        pipeline.sweep();
        administration.ifPresent(AdminPipeline::sweep);
    }

    private Future<HttpAnswer> answer(Exchange exchange) {
        if (administration.isPresent() && exchange.path().equals(AdminPipeline.PATH)) {
            return administration.get().answer(exchange);
        }
        return StsPipeline.isMeant(exchange) ? sts.answer(exchange) : pipeline.answer(exchange);
    }

    private VerticleBase loop() {
        return new Loop(this);
    }

    /** The part of the endpoint on one event loop. */
    private static final class Loop extends VerticleBase {
        private final KmsEndpoint endpoint;
        /** Connections that are about to be closed. */
        private final Set<HttpConnection> givenUp = new HashSet<>();

        private long dateSecond = Long.MIN_VALUE;
        private String date = "";

        private Loop(KmsEndpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public Future<?> start() {
            vertx.setPeriodic(SWEEP.toMillis(), tick -> endpoint.sweep());
            return vertx.createHttpServer(endpoint.options())
                    .requestHandler(this::handle)
                    .invalidRequestHandler(this::handleInvalid)
                    .listen()
                    .onSuccess(server -> endpoint.listens(vertx, server));
        }

        private void handle(HttpServerRequest http) {
            if (givenUp.contains(http.connection())) {
                return;
            }
            var fault = BodyReader.framingFault(http);
            if (fault.isPresent()) {
                giveUp(http, fault.getAsInt());
                return;
            }
            var exchange = exchange(http);
            long begun = endpoint.world.nanoTime().getAsLong();
            endpoint.metrics.begin();
            BodyReader.read(http)
                    .compose(
                            body -> endpoint.answer(exchange.withBody(body)),
                            failure -> Future.succeededFuture(
                                    failure instanceof BodyReader.TooLongException
                                            ? HttpAnswer.tooLong()
                                            : HttpAnswer.malformed(BAD_REQUEST)))
                    .compose(answer -> {
                        long nanos = endpoint.world.nanoTime().getAsLong() - begun;
                        endpoint.metrics.end(exchange.operation(), answer.code(), nanos);
                        return send(exchange, answer);
                    });
        }

        /** For what the decoder could make no request of. */
        private void handleInvalid(HttpServerRequest http) {
            var cause = http.decoderResult().cause();
            giveUp(
                    http,
                    cause instanceof TooLongHttpLineException
                            ? URI_TOO_LONG
                            : cause instanceof TooLongHttpHeaderException ? HEADER_TOO_LONG : BAD_REQUEST);
        }

        /** Where the next request would begin nobody knows, so what else came on this connection is not looked at. */
        private void giveUp(HttpServerRequest http, int status) {
            var connection = http.connection();
            if (givenUp.add(connection)) {
                connection.closeHandler(closed -> givenUp.remove(connection));
            }
            send(exchange(http), HttpAnswer.malformed(status)).onComplete(sent -> connection.close());
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

    private HttpServerOptions options() {
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
        tls.ifPresent(served -> served.apply(options));
        return options;
    }
}
