package dev.strongroom.conformance.audit;

import dev.strongroom.conformance.subject.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** Sends what no SDK would send, properly signed. */
public final class SignedPost {

    private static final Map<String, String> FORM = Map.of("Content-Type", "application/x-www-form-urlencoded");

    private final URI endpoint;
    private final AwsBasicCredentials credentials;
    private final HttpClient client;

    private SignedPost(URI endpoint, AwsBasicCredentials credentials, HttpClient client) {
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.client = client;
    }

    /** As the target's root. */
    public SignedPost(Target target) {
        this(
                target,
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    /** The same through a client that trusts the target's certificate. */
    SignedPost(Target target, HttpClient client) {
        this(target.endpoint(), AwsBasicCredentials.create(target.accessKeyId(), target.secretKey()), client);
    }

    /** The same to another gateway. */
    public SignedPost at(URI gateway) {
        return new SignedPost(gateway, credentials, client);
    }

    /** The same as somebody else. */
    public SignedPost as(String accessKeyId, String secretKey) {
        return new SignedPost(endpoint, AwsBasicCredentials.create(accessKeyId, secretKey), client);
    }

    HttpResponse<String> send(String operation, String body) throws IOException, InterruptedException {
        return send(
                "kms",
                "/",
                Map.of("Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", "TrentService." + operation),
                body);
    }

    /** Asks the token service. */
    public HttpResponse<String> sts(String form) throws IOException, InterruptedException {
        return send("sts", "/", FORM, form);
    }

    /** Asks the token service as nobody; a token of an identity provider is in the form. */
    HttpResponse<String> unsigned(String form) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(endpoint.resolve("/")).POST(HttpRequest.BodyPublishers.ofString(form));
        FORM.forEach(request::header);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Administers. */
    public HttpResponse<String> admin(String json) throws IOException, InterruptedException {
        return send("strongroom", "/admin/v1", Map.of("Content-Type", "application/json"), json);
    }

    private HttpResponse<String> send(String service, String path, Map<String, String> headers, String body)
            throws IOException, InterruptedException {
        var uri = endpoint.resolve(path);
        var plain = SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(uri);
        headers.forEach(plain::putHeader);
        var signed = AwsV4HttpSigner.create()
                .sign(signing -> signing.identity(credentials)
                        .request(plain.build())
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1"))
                .request();
        var request = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body));
        signed.headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                request.header(name, values.get(0));
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
