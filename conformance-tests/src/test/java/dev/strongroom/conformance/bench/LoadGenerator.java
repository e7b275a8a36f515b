package dev.strongroom.conformance.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends one prepared request again and again over a number of connections, each waiting for its answer before it sends the
 * next. One event loop, so that it takes as little of the shared cores as it can.
 */
final class LoadGenerator implements AutoCloseable {

    private static final byte[] LENGTH = "content-length: ".getBytes(US_ASCII);
    private static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final NetClient client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));

    /**
     * What a run came to.
     *
     * @param seconds how long it was
     * @param nanos latencies of all answered requests
     * @param failed answers that were not 200
     */
    record Result(double seconds, Histogram nanos, long failed) {

        double perSecond() {
            return nanos.getTotalCount() / seconds;
        }
    }

    /** Runs for {@code seconds}; returns when every connection has had its last answer. */
    Result run(URI endpoint, byte[] request, int connections, int seconds) throws InterruptedException {
        var run = new Run(Buffer.buffer(request), connections, System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
        long begun = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            var unused = client.connect(endpoint.getPort(), endpoint.getHost())
                    .onSuccess(run::begin)
                    .onFailure(failure -> run.abandon());
        }
        run.ended.await();
        return new Result((System.nanoTime() - begun) / 1e9, run.nanos, run.failed);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Touched by the one event loop only, save for the latch. */
    private static final class Run {
        private final Buffer request;
        private final long deadline;
        private final Histogram nanos = new Histogram(HIGHEST_NANOS, 3);
        private final CountDownLatch ended;
        private long failed;

        private Run(Buffer request, int connections, long deadline) {
            this.request = request;
            this.deadline = deadline;
            this.ended = new CountDownLatch(connections);
        }

        private void begin(NetSocket socket) {
            var connection = new Connection(this, socket);
            socket.handler(connection::receive);
            socket.closeHandler(closed -> connection.end());
            connection.send();
        }

        private void abandon() {
            failed++;
            ended.countDown();
        }
    }

    /** One connection: a request in flight at a time. */
    private static final class Connection {
        private final Run run;
        private final NetSocket socket;
        private Buffer received = Buffer.buffer();
        private long sent;
        private boolean over;

        private Connection(Run run, NetSocket socket) {
            this.run = run;
            this.socket = socket;
        }

        private void send() {
            sent = System.nanoTime();
            if (sent > run.deadline) {
                end();
                var unused = socket.close();
                return;
            }
            var unused = socket.write(run.request);
        }

        private void receive(Buffer chunk) {
            received.appendBuffer(chunk);
            int body = bodyStart(received);
            if (body < 0 || received.length() < body + contentLength(received, body)) {
                return;
            }
            run.nanos.recordValue(Math.min(System.nanoTime() - sent, HIGHEST_NANOS));
            if (received.getByte(9) != '2') {
                run.failed++;
            }
            received = Buffer.buffer();
            send();
        }

        private void end() {
            if (!over) {
                over = true;
                run.ended.countDown();
            }
        }
    }

    private static int bodyStart(Buffer buffer) {
        for (int i = 0; i + 3 < buffer.length(); i++) {
            if (buffer.getByte(i) == '\r' && buffer.getByte(i + 2) == '\r' && buffer.getByte(i + 3) == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private static int contentLength(Buffer buffer, int body) {
        for (int i = 0; i + LENGTH.length < body; i++) {
            if (matches(buffer, i)) {
                int length = 0;
                for (int at = i + LENGTH.length; buffer.getByte(at) != '\r'; at++) {
                    length = length * 10 + buffer.getByte(at) - '0';
                }
                return length;
            }
        }
        throw new IllegalStateException("an answer without Content-Length");
    }

    private static boolean matches(Buffer buffer, int at) {
        for (int i = 0; i < LENGTH.length; i++) {
            if ((buffer.getByte(at + i) | (Character.isLetter(LENGTH[i]) ? 0x20 : 0)) != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }
}
