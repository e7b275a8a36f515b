package dev.strongroom.gateway.http;

import dev.strongroom.gateway.audit.AuditRecord;
import dev.strongroom.gateway.authz.RequestEnvironment;
import dev.strongroom.gateway.sigv4.SignedRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** One HTTP request, read to its end, on the context it belongs to. Closed when its answer has left. */
final class Exchange implements SignedRequest, AutoCloseable {

    private final HttpServerRequest http;
    private final Context context;
    private final UUID requestId;
    private final AuditNotes notes = new AuditNotes();
    private byte[] body = new byte[0];
    private String operation = "Unknown";

    Exchange(HttpServerRequest http, Context context, UUID requestId) {
        this.http = http;
        this.context = context;
        this.requestId = requestId;
    }

    /** Takes {@code octets} over. */
    Exchange withBody(byte[] octets) {
        body = octets;
        return this;
    }

    /** The id that callers see as {@code x-amzn-RequestId}. */
    UUID requestId() {
        return requestId;
    }

    /** What its audit record will say. */
    AuditNotes notes() {
        return notes;
    }

    /** Where it came from, as its audit record says it. */
    AuditRecord.Origin origin() {
        var session = http.isSSL() ? http.connection().sslSession() : null;
        var host = header("host");
        var tls = session == null
                ? null
                : new AuditRecord.Tls(
                        session.getProtocol(), session.getCipherSuite(), host.isEmpty() ? "" : host.get(0));
        return new AuditRecord.Origin(source(), http.getHeader(HttpHeaders.USER_AGENT), tls);
    }

    /** Where and when it was made, as policies see it. */
    RequestEnvironment environment(Instant now, String region) {
        return new RequestEnvironment(
                now,
                Optional.of(source()).filter(address -> !address.isEmpty()),
                isEncrypted(),
                header("user-agent").stream().findFirst(),
                header("referer").stream().findFirst(),
                region,
                Optional.empty());
    }

    /** What it asks for is known: {@code name} is one of a closed list. */
    void called(String name) {
        operation = name;
    }

    /** What it asks for, as far as that is known. */
    String operation() {
        return operation;
    }

    HttpServerRequest http() {
        return http;
    }

    /** The same as a future of this request's context. */
    <T> Future<T> on(CompletionStage<T> stage) {
        return Future.fromCompletionStage(stage, context);
    }

    @Override
    public String method() {
        return http.method().name();
    }

    @Override
    public String path() {
        var path = http.path();
        return path == null ? "" : path;
    }

    @Override
    public String query() {
        var query = http.query();
        return query == null ? "" : query;
    }

    @Override
    public List<String> header(String name) {
        var values = http.headers().getAll(name);
        if (values.isEmpty() && name.equals("host")) {
            // HTTP/2 has a pseudo header of its own for it.
            var authority = http.authority();
            return authority == null ? List.of() : List.of(authority.toString());
        }
        return values;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public boolean isEncrypted() {
        return http.isSSL();
    }

    @Override
    public String source() {
        var address = http.remoteAddress();
        return address == null ? "" : String.valueOf(address.hostAddress());
    }

    @Override
    public void close() {
        Arrays.fill(body, (byte) 0);
    }
}
