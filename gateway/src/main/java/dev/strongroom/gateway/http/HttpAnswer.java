package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.api.AwsJson;
import dev.strongroom.api.KmsException;
import java.util.Arrays;
import software.amazon.awssdk.core.SdkPojo;

/** What is sent back: a status and a body, which is wiped when this is closed. */
final class HttpAnswer implements AutoCloseable {

    static final String JSON = "application/x-amz-json-1.1";
    private static final String PLAIN_JSON = "application/json";
    private static final String XML = "application/xml";
    private static final int OK = 200;

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final String code;

    private HttpAnswer(int status, String contentType, byte[] body, String code) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.code = code;
    }

    static HttpAnswer of(SdkPojo response) {
        return new HttpAnswer(OK, JSON, AwsJson.write(response), "OK");
    }

    static HttpAnswer of(KmsException refusal) {
        var error = refusal.error();
        return new HttpAnswer(error.status(), JSON, AwsJson.writeError(refusal), error.code());
    }

    /** An answer of the management API. */
    static HttpAnswer json(int status, byte[] body, String code) {
        return new HttpAnswer(status, PLAIN_JSON, body, code);
    }

    /** For what is no KMS request at all. */
    static HttpAnswer notFound() {
        return new HttpAnswer(404, XML, "<UnknownOperationException/>".getBytes(US_ASCII), "UnknownOperationException");
    }

    static HttpAnswer tooLong() {
        return new HttpAnswer(
                413, JSON, "{\"__type\":\"RequestEntityTooLargeException\"}".getBytes(US_ASCII), "TooLong");
    }

    /** For what is no HTTP request that could be read. */
    static HttpAnswer malformed(int status) {
        return new HttpAnswer(
                status, JSON, "{\"__type\":\"MalformedHttpRequestException\"}".getBytes(US_ASCII), "BadHttp");
    }

    int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    /** The body itself. */
    byte[] body() {
        return body;
    }

    /** {@code OK} or the code of the error. */
    String code() {
        return code;
    }

    @Override
    public void close() {
        Arrays.fill(body, (byte) 0);
    }
}
