package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.api.AwsJson;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.sts.StsAnswer;
import dev.strongroom.gateway.sts.StsException;
import java.util.Arrays;
import java.util.UUID;
import software.amazon.awssdk.core.SdkPojo;

/** What is sent back: a status and a body, which is wiped when this is closed. */
final class HttpAnswer implements AutoCloseable {

    static final String JSON = "application/x-amz-json-1.1";
    private static final String PLAIN_JSON = "application/json";
    private static final String XML = "application/xml";
    private static final String STS_XML = "text/xml";
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

    /** An answer of STS. */
    static HttpAnswer ofSts(String xml) {
        return new HttpAnswer(OK, STS_XML, xml.getBytes(UTF_8), "OK");
    }

    static HttpAnswer ofSts(StsException refusal, UUID requestId) {
        var error = refusal.error();
        return new HttpAnswer(
                error.status(), STS_XML, StsAnswer.error(refusal, requestId).getBytes(UTF_8), error.code());
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
