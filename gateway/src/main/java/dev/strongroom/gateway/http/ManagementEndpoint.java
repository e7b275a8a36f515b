package dev.strongroom.gateway.http;

import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionCommand;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What operators and their machines ask, in plain HTTP on a port of its own that callers have no business with.
 *
 * <ul>
 *   <li>{@code /healthz}: 200 as long as the process answers at all
 *   <li>{@code /readyz}: 200 if a node that serves can be reached, else 503
 *   <li>{@code /metrics}: numbers in Prometheus's text format
 * </ul>
 */
public final class ManagementEndpoint {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpServer server;

    private ManagementEndpoint(HttpServer server) {
        this.server = server;
    }

    /**
     * An endpoint that serves.
     *
     * @param port 0 for any free one
     */
    public static Future<ManagementEndpoint> open(Vertx vertx, String host, int port, Hsm hsm, RequestMetrics metrics) {
        return vertx.createHttpServer()
                .requestHandler(request -> handle(request, vertx.getOrCreateContext(), hsm, metrics))
                .listen(port, host)
                .map(ManagementEndpoint::new);
    }

    /** Where it listens. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        return server.close();
    }

    private static void handle(HttpServerRequest request, Context context, Hsm hsm, RequestMetrics metrics) {
        var path = request.method().equals(HttpMethod.GET) ? String.valueOf(request.path()) : "";
        switch (path) {
            case "/healthz" -> answer(request, OK, TEXT, Buffer.buffer("ok\n"));
            case "/readyz" ->
                Future.fromCompletionStage(state(hsm), context)
                        .onSuccess(state -> answer(
                                request,
                                state.equals(NodeState.OPERATIONAL.name()) ? OK : UNAVAILABLE,
                                TEXT,
                                Buffer.buffer(state + "\n")));
            case "/metrics" -> answer(request, OK, RequestMetrics.contentType(), Buffer.buffer(metrics.text()));
            default -> answer(request, NOT_FOUND, TEXT, Buffer.buffer("/healthz, /readyz or /metrics\n"));
        }
    }

    /** The state of the node that answers, or UNREACHABLE. */
    private static CompletionStage<String> state(Hsm hsm) {
        try {
            return hsm.call(new SessionCommand.DescribeNode())
                    .thenApply(Reply.NodeDescription::state)
                    .thenApply(NodeState::name)
                    .exceptionally(failure -> "UNREACHABLE");
        } catch (RuntimeException e) {
            return CompletableFuture.completedStage("UNREACHABLE");
        }
    }

    private static void answer(HttpServerRequest request, int status, String contentType, Buffer body) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                .end(body);
    }
}
