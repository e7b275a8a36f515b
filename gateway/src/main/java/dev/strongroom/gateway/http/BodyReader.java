package dev.strongroom.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;

/** Reads the body of a request into one array of its own, which its receiver wipes. Bodies beyond the limit are not kept. */
final class BodyReader {

    /** Longer than any request of the API: an attestation document of 262,144 bytes in base64, three times over. */
    static final int LIMIT = 1 << 20;

    private static final int BAD_REQUEST = 400;
    private static final int NOT_IMPLEMENTED = 501;

    /** What is read of a body that is too long before its connection is given up. */
    private static final int PATIENCE = 4 * LIMIT;

    /** The body is longer than {@link #LIMIT}. */
    static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooLongException() {
            super("the body is too long", null, false, false);
        }
    }

    private final HttpServerRequest request;
    private final Promise<byte[]> promise = Promise.promise();
    private byte[] octets = new byte[0];
    private int length;
    private long seen;

    private BodyReader(HttpServerRequest request) {
        this.request = request;
    }

    /** Fails with {@link TooLongException}, or when the connection breaks. To be called before the handler returns. */
    static Future<byte[]> read(HttpServerRequest request) {
        var reader = new BodyReader(request);
        request.handler(reader::take);
        request.endHandler(end -> reader.finish());
        request.exceptionHandler(failure -> {
            reader.drop();
            reader.promise.tryFail(failure);
        });
        long declared = declaredLength(request);
        if (declared > LIMIT) {
            reader.refuse();
        } else if (expectsContinue(request)) {
            request.response().writeContinue();
        }
        return reader.promise.future();
    }

    /**
     * The status for a request of which nobody can say where its body ends, as the decoder takes any transfer coding but
     * {@code chunked} for no body at all: what follows would pass for a request (RFC 9112, sections 6.1 and 6.3).
     */
    static OptionalInt framingFault(HttpServerRequest request) {
        var codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        var all = String.join(",", codings).toLowerCase(Locale.ROOT);
        if (codings.isEmpty() || all.strip().equals("chunked")) {
            return OptionalInt.empty();
        }
        var last = all.substring(all.lastIndexOf(',') + 1).strip();
        return OptionalInt.of(last.equals("chunked") ? NOT_IMPLEMENTED : BAD_REQUEST);
    }

    private void take(Buffer chunk) {
        seen += chunk.length();
        if (seen > PATIENCE) {
            request.connection().close();
        } else if (seen > LIMIT) {
            refuse();
        } else {
            append(chunk);
        }
    }

    private void append(Buffer chunk) {
        int needed = length + chunk.length();
        if (needed > octets.length) {
            var grown = new byte[length == 0 ? needed : Math.max(needed, Math.min(2 * octets.length, LIMIT))];
            System.arraycopy(octets, 0, grown, 0, length);
            Arrays.fill(octets, (byte) 0);
            octets = grown;
        }
        chunk.getBytes(octets, length);
        length = needed;
    }

    private void finish() {
        if (length == octets.length) {
            promise.tryComplete(octets);
        } else {
            promise.tryComplete(Arrays.copyOf(octets, length));
            drop();
        }
    }

    private void refuse() {
        drop();
        promise.tryFail(new TooLongException());
    }

    private void drop() {
        Arrays.fill(octets, (byte) 0);
        octets = new byte[0];
        length = 0;
    }

    private static boolean expectsContinue(HttpServerRequest request) {
        return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
    }

    /** As announced, 0 if nothing was; the HTTP decoder has refused what is no number. */
    private static long declaredLength(HttpServerRequest request) {
        var header = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return header == null ? 0 : Long.parseLong(header.trim());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
