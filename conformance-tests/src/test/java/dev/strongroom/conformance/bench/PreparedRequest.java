package dev.strongroom.conformance.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** A KMS request as bytes, signed by the AWS SDK's own signer with the headers that the SDK for Java sends. */
final class PreparedRequest {

    private PreparedRequest() {}

    /** Good for five minutes. */
    static byte[] sign(URI endpoint, String operation, String json, String accessKeyId, String secretKey) {
        var body = json.getBytes(UTF_8);
        var unsigned = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint.resolve("/"))
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("Content-Length", String.valueOf(body.length))
                .putHeader("X-Amz-Target", "TrentService." + operation)
                .putHeader("amz-sdk-invocation-id", "11111111-2222-3333-4444-555555555555")
                .putHeader("amz-sdk-request", "attempt=1; max=3")
                .build();
        var signed = AwsV4HttpSigner.create()
                .sign(request -> request.identity(AwsBasicCredentials.create(accessKeyId, secretKey))
                        .request(unsigned)
                        .payload(() -> new ByteArrayInputStream(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "kms")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1"))
                .request();
        var text = new StringBuilder("POST / HTTP/1.1\r\n");
        signed.forEachHeader((name, values) ->
                text.append(name).append(": ").append(values.get(0)).append("\r\n"));
        var out = new ByteArrayOutputStream();
        out.writeBytes(text.append("\r\n").toString().getBytes(US_ASCII));
        out.writeBytes(body);
        return out.toByteArray();
    }

    /** Sends the request once and returns the length of the body that comes back with 200. */
    static int answerBytes(URI endpoint, byte[] request) throws IOException {
        try (var socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.getOutputStream().write(request);
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            var status = in.readLine();
            if (status == null || !status.contains(" 200 ")) {
                throw new IllegalStateException("the target answers " + status);
            }
            for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    return Integer.parseInt(
                            line.substring(line.indexOf(':') + 1).strip());
                }
            }
            throw new IllegalStateException("an answer without Content-Length");
        }
    }

    /** A request of {@code like}'s size that tells the echo how much to answer. */
    static byte[] echo(byte[] like, int answerBytes) {
        var text = new String(like, UTF_8);
        return text.replaceFirst("amz-sdk-invocation-id: [^\r]*", "x-answer-bytes: " + answerBytes)
                .getBytes(UTF_8);
    }
}
