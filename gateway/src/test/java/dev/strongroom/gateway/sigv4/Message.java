package dev.strongroom.gateway.sigv4;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A request that a test builds, signs with the SDK's signer, and then perhaps spoils. */
final class Message implements SignedRequest {

    static final String ACCESS_KEY_ID = "AKIDEXAMPLEEXAMPLE01";
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    static final String REGION = "eu-west-1";
    static final Instant NOW = Instant.parse("2026-11-24T10:20:30Z");

    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private String method = "POST";
    private String path = "/";
    private String query = "";
    private byte[] body;
    private boolean encrypted;

    private Message(byte[] body) {
        this.body = body;
    }

    /** As an SDK would send ListKeys, not signed yet. */
    static Message listKeys() {
        return new Message("{\"Limit\":7}".getBytes(UTF_8))
                .put("Host", "kms.example.test:8400")
                .put("Content-Type", "application/x-amz-json-1.1")
                .put("X-Amz-Target", "TrentService.ListKeys");
    }

    /** The same, signed by the SDK for {@link #NOW}. */
    static Message signed() {
        return listKeys().sign();
    }

    Message put(String name, String... values) {
        headers.put(name, new ArrayList<>(List.of(values)));
        return this;
    }

    Message remove(String name) {
        headers.remove(name);
        return this;
    }

    Message withBody(byte[] replacement) {
        body = replacement;
        return this;
    }

    Message withMethod(String replacement) {
        method = replacement;
        return this;
    }

    Message withTarget(String path, String query) {
        this.path = path;
        this.query = query;
        return this;
    }

    /** Signed from here on without a hash of the body, as SDKs do under TLS when they are told to. */
    Message overTls() {
        encrypted = true;
        return this;
    }

    Message inTheClear() {
        encrypted = false;
        return this;
    }

    Message sign() {
        return sign(NOW, REGION, "kms");
    }

    /** A request as it was captured: request line, headers, empty line, body; lines that begin with a number sign are comments. */
    static Message parse(String text) {
        var halves = text.split("\n\n", 2);
        var message = new Message(halves[1].getBytes(UTF_8));
        for (var line : halves[0].split("\n", -1)) {
            if (line.startsWith("POST ")) {
                var target = line.substring("POST ".length()).split("\\?", 2);
                message = message.withTarget(target[0], target.length > 1 ? target[1] : "");
            } else if (!line.startsWith("#")) {
                var header = line.split(": ", 2);
                message = message.put(header[0], header[1]);
            }
        }
        return message;
    }

    /** Takes over every header that the SDK's signer adds. */
    Message sign(Instant time, String region, String service) {
        var request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.valueOf(method))
                .uri(URI.create((encrypted ? "https://" : "http://")
                        + header("host").get(0)
                        + path
                        + (query.isEmpty() ? "" : "?" + query)));
        headers.forEach((name, values) -> {
            if (!name.equalsIgnoreCase("host")) {
                request.putHeader(name, values);
            }
        });
        var signed = AwsV4HttpSigner.create()
                .sign(signing -> signing.identity(AwsCredentialsIdentity.create(ACCESS_KEY_ID, SECRET))
                        .request(request.build())
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, !encrypted)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC)))
                .request();
        signed.headers().forEach((name, values) -> headers.put(name, new ArrayList<>(values)));
        path = signed.encodedPath();
        query = signed.encodedQueryParameters().orElse("");
        return this;
    }

    String authorization() {
        return header("authorization").get(0);
    }

    /** Rewrites the Authorization header. */
    Message authorization(String from, String to) {
        var before = authorization();
        if (!before.contains(from)) {
            throw new IllegalArgumentException(from + " is not in " + before);
        }
        return put("Authorization", before.replace(from, to));
    }

    Map<String, List<String>> headers() {
        return headers;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String query() {
        return query;
    }

    @Override
    public List<String> header(String name) {
        if (!name.equals(name.toLowerCase(Locale.ROOT))) {
            throw new AssertionError(name + " should be asked for in lower case");
        }
        return headers.getOrDefault(name, List.of()).stream()
                .map(value -> new String(value.getBytes(UTF_8), ISO_8859_1))
                .toList();
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public boolean isEncrypted() {
        return encrypted;
    }

    @Override
    public String source() {
        return "192.0.2.7";
    }
}
