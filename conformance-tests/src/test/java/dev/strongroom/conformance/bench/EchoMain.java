package dev.strongroom.conformance.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;

/**
 * The ceiling: a bare Vert.x server that reads a request of any size and answers with as many bytes as it is told to, in
 * the headers that the gateway sends. Whatever Strongroom needs beyond this is Strongroom's.
 */
public final class EchoMain {

    private EchoMain() {}

    public static void main(String[] args) {
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(request -> request.body().onSuccess(body -> {
                    int size = Integer.parseInt(request.getHeader("x-answer-bytes"));
                    request.response()
                            .putHeader("Content-Type", "application/x-amz-json-1.1")
                            .putHeader("x-amzn-RequestId", "00000000-0000-0000-0000-000000000000")
                            .putHeader("Date", "Tue, 24 Nov 2026 00:00:00 GMT")
                            .end(Buffer.buffer(new byte[size]));
                }))
                .listen()
                .onSuccess(server -> System.out.println("ready 127.0.0.1:" + server.actualPort()))
                .onFailure(failure -> System.out.println("strongroom: " + failure.getMessage()));
    }
}
