package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.gateway.admin.Administration;
import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.hsm.protocol.Hsm;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kms.KmsClient;

/** An endpoint on a free port with clients to it. */
final class Gateway implements AutoCloseable {

    private static final AwsCredentialsIdentity ROOT =
            AwsCredentialsIdentity.create(ScriptedHsm.ACCESS_KEY_ID, ScriptedHsm.SECRET);

    private final Vertx vertx = Vertx.vertx();
    private final KmsEndpoint endpoint;
    private final ManagementEndpoint management;
    private final String scheme;

    Gateway(Hsm hsm, HttpSettings.@Nullable Tls tls) {
        this(hsm, tls, AuditLog.none());
    }

    Gateway(Hsm hsm, HttpSettings.@Nullable Tls tls, AuditLog audit) {
        this(hsm, tls, audit, System::nanoTime);
    }

    /**
     * With a monotonic clock of its own.
     *
     * @param nanos what the limits on reads are counted by
     */
    Gateway(Hsm hsm, HttpSettings.@Nullable Tls tls, AuditLog audit, LongSupplier nanos) {
        this(hsm, tls, audit, nanos, Optional.empty());
    }

    /** The same, with or without the management API. */
    Gateway(
            Hsm hsm,
            HttpSettings.@Nullable Tls tls,
            AuditLog audit,
            LongSupplier nanos,
            Optional<Administration> administration) {
        var world = new ClockAndIds(InstantSource.system(), nanos, UUID::randomUUID);
        scheme = tls == null ? "http" : "https";
        var metrics = new RequestMetrics();
        endpoint = await(KmsEndpoint.open(
                vertx, new HttpSettings("127.0.0.1", 0, tls, 2), hsm, world, metrics, audit, administration));
        management = await(ManagementEndpoint.open(vertx, "127.0.0.1", 0, hsm, metrics));
    }

    int port() {
        return endpoint.port();
    }

    int managementPort() {
        return management.port();
    }

    URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + port() + "/");
    }

    /** The SDK, without its retries. */
    KmsClient sdk(String secret) {
        return KmsClient.builder()
                .endpointOverride(uri())
                .region(Region.of(ScriptedHsm.SCOPE.region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ScriptedHsm.ACCESS_KEY_ID, secret)))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(overrides -> overrides.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    /** A signed request for the JDK's client. */
    HttpRequest request(String operation, String body) {
        return request(ROOT, operation, body);
    }

    /** The same, signed by somebody. */
    HttpRequest request(AwsCredentialsIdentity signer, String operation, String body) {
        var builder = HttpRequest.newBuilder(uri()).POST(HttpRequest.BodyPublishers.ofString(body));
        signed(signer, operation, body).forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                builder.header(name, value);
            }
        });
        return builder.build();
    }

    /** A signed request as it goes over the wire. */
    String raw(String operation, String body) {
        var text = new StringBuilder("POST / HTTP/1.1\r\n");
        signed(operation, body)
                .forEach((name, value) ->
                        text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("Content-Length: ")
                .append(body.getBytes(UTF_8).length)
                .append("\r\n\r\n")
                .append(body)
                .toString();
    }

    /** The headers of a signed request. */
    Map<String, String> signed(String operation, String body) {
        return signed(ROOT, operation, body);
    }

    private Map<String, String> signed(AwsCredentialsIdentity signer, String operation, String body) {
        var request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(uri())
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("X-Amz-Target", "TrentService." + operation)
                .build();
        var signed = AwsV4HttpSigner.create()
                .sign(signing -> signing.identity(signer)
                        .request(request)
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "kms")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, ScriptedHsm.SCOPE.region()))
                .request();
        var headers = new java.util.TreeMap<String, String>();
        signed.headers().forEach((name, values) -> headers.put(name, values.get(0)));
        return headers;
    }

    @Override
    public void close() {
        await(endpoint.close());
        await(management.close());
        await(vertx.close());
    }

    static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
