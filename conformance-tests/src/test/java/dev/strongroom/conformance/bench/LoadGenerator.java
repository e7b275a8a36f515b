package dev.strongroom.conformance.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends one prepared request again and again over a number of connections, each waiting for its answer before it sends the
 * next. One thread over plain sockets, so that it takes as little as it can of the cores that it shares with the servers.
 */
public final class LoadGenerator {

    private static final byte[] LENGTH = "content-length: ".getBytes(US_ASCII);
    private static final byte[] CLOSE = "connection: close".getBytes(US_ASCII);
    private static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int LONGEST_ANSWER = 64 * 1024;

    /** Servers that fall silent end the run, not the patience of whoever started it. */
    private static final long SILENCE_MILLIS = 10_000;

    /**
     * What a run came to.
     *
     * @param seconds how long it was
     * @param nanos latencies of all answered requests
     * @param failed answers that were not 200
     */
    public record Result(double seconds, Histogram nanos, long failed) {

        public double perSecond() {
            return nanos.getTotalCount() / seconds;
        }
    }

    private final InetSocketAddress address;
    private final byte[] request;
    private final long deadline;
    private final Selector selector;
    private final Histogram nanos = new Histogram(HIGHEST_NANOS, 3);
    private long failed;
    private int open;

    private LoadGenerator(URI endpoint, byte[] request, long deadline, Selector selector) {
        this.address = new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
        this.request = request;
        this.deadline = deadline;
        this.selector = selector;
    }

    /** Runs for {@code length}; returns when every connection has had its last answer. */
    public static Result run(URI endpoint, byte[] request, int connections, Duration length) throws IOException {
        long begun = System.nanoTime();
        try (var selector = Selector.open()) {
            var run = new LoadGenerator(endpoint, request, begun + length.toNanos(), selector);
            for (int i = 0; i < connections; i++) {
                run.open++;
                run.connect(run.new Connection());
            }
            while (run.open > 0) {
                if (selector.select(key -> ((Connection) key.attachment()).receive(key), SILENCE_MILLIS) == 0) {
                    throw new IOException(endpoint + " has been silent for " + SILENCE_MILLIS + " ms");
                }
            }
            return new Result((System.nanoTime() - begun) / 1e9, run.nanos, run.failed);
        }
    }

    private void connect(Connection connection) throws IOException {
        var channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, connection);
        connection.send(channel);
    }

    /** One connection: a request in flight at a time. */
    private final class Connection {
        private final ByteBuffer toSend = ByteBuffer.wrap(request);
        private final ByteBuffer received = ByteBuffer.allocate(LONGEST_ANSWER);
        private long sent;

        /** A request is far smaller than a socket's buffer, so it always leaves at once. */
        private void send(SocketChannel channel) throws IOException {
            received.clear();
            toSend.rewind();
            sent = System.nanoTime();
            while (toSend.hasRemaining()) {
                channel.write(toSend);
            }
        }

        private void receive(SelectionKey key) {
            var channel = (SocketChannel) key.channel();
            try {
                if (channel.read(received) < 0) {
                    throw new IOException("a connection was closed in the middle of an answer");
                }
                var octets = received.array();
                int end = received.position();
                int body = bodyStart(octets, end);
                if (body >= 0 && end >= body + contentLength(octets, body)) {
                    answered(channel, octets, body);
                }
            } catch (IOException e) {
                throw new IllegalStateException("the server broke off", e);
            }
        }

        private void answered(SocketChannel channel, byte[] octets, int body) throws IOException {
            long now = System.nanoTime();
            nanos.recordValue(Math.min(now - sent, HIGHEST_NANOS));
            if (octets[9] != '2') {
                failed++;
            }
            if (now >= deadline) {
                channel.close();
                open--;
            } else if (find(CLOSE, octets, body) < 0) {
                send(channel);
            } else {
                channel.close();
                connect(this);
            }
        }
    }

    private static int bodyStart(byte[] octets, int end) {
        for (int i = 0; i + 3 < end; i++) {
            if (octets[i] == '\r' && octets[i + 2] == '\r' && octets[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private static int contentLength(byte[] octets, int body) {
        int at = find(LENGTH, octets, body);
        if (at < 0) {
            throw new IllegalStateException("an answer without Content-Length");
        }
        int length = 0;
        for (int digit = at + LENGTH.length; octets[digit] != '\r'; digit++) {
            length = length * 10 + octets[digit] - '0';
        }
        return length;
    }

    /** Where the head of an answer, which ends at {@code body}, has {@code text} in any case; negative if nowhere. */
    private static int find(byte[] text, byte[] octets, int body) {
        for (int i = 0; i + text.length < body; i++) {
            if (matches(text, octets, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] text, byte[] octets, int at) {
        for (int i = 0; i < text.length; i++) {
            if ((octets[at + i] | (Character.isLetter(text[i]) ? 0x20 : 0)) != text[i]) {
                return false;
            }
        }
        return true;
    }
}
