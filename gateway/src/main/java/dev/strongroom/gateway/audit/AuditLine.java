package dev.strongroom.gateway.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as lines: one JSON object in CloudTrail's order of fields (event version 1.11), then a line feed. All
 * but ASCII is escaped, so that no caller can begin a line of its own or change how one reads, whatever it is read with. Reused; for one thread at a time.
 */
final class AuditLine extends ByteArrayOutputStream {

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final int USUAL_BYTES = 2_048;
    private static final int KEEP_BYTES = 1 << 17;

    /** CloudTrail cuts a user agent at 1 KB too. */
    /** Of what a caller may have made long, in characters. */
    private static final int MAX_TEXT = 1_024;

    private static final String IAM = "arn:aws:iam:";

    private long second = Long.MIN_VALUE;
    private String time = "";

    AuditLine() {
        super(USUAL_BYTES);
    }

    /** Replaces the content by the line of {@code record}. */
    void fill(AuditRecord record) throws IOException {
        if (buf.length > KEEP_BYTES) {
            buf = new byte[USUAL_BYTES];
        }
        reset();
        try (var out = JSON.createGenerator(this)) {
            write(record, out);
        }
        write('\n');
    }

    /**
     * What {@code part} writes if that is not longer than {@code most} bytes, else an object that says that something was
     * left out.
     */
    static void writeAtMost(int most, JsonPart part, JsonGenerator out) throws IOException {
        var written = new ByteArrayOutputStream();
        try (var aside = JSON.createGenerator(written)) {
            part.writeTo(aside);
        }
        if (written.size() <= most) {
            out.writeRawValue(written.toString(StandardCharsets.US_ASCII));
        } else {
            out.writeStartObject();
            out.writeBooleanField("omitted", true);
            out.writeStringField("reason", "requestParameters too large");
            out.writeEndObject();
        }
    }

    /** The array that holds the line; {@link #size()} says how much of it. */
    byte[] array() {
        return buf;
    }

    private void write(AuditRecord record, JsonGenerator out) throws IOException {
        var event = record.event();
        var account = record.who().account();
        out.writeStartObject();
        out.writeStringField("eventVersion", "1.11");
        out.writeFieldName("userIdentity");
        record.who().writeTo(out);
        out.writeStringField("eventTime", time(event.time()));
        out.writeStringField("eventSource", event.source());
        out.writeStringField("eventName", event.name());
        out.writeStringField("awsRegion", event.region());
        out.writeStringField("sourceIPAddress", record.from().address());
        writeUserAgent(record.from().userAgent(), out);
        writeContent(record.content(), out);
        out.writeStringField("requestID", event.requestId());
        out.writeStringField("eventID", event.id().toString());
        out.writeBooleanField("readOnly", event.readOnly());
        writeResources(record.resources(), out);
        out.writeStringField("eventType", "AwsApiCall");
        out.writeBooleanField("managementEvent", true);
        out.writeStringField("recipientAccountId", account.id());
        out.writeStringField("eventCategory", "Management");
        writeTls(record.from().tls(), out);
        out.writeEndObject();
    }

    private static void writeUserAgent(@Nullable String userAgent, JsonGenerator out) throws IOException {
        if (userAgent != null) {
            out.writeStringField("userAgent", cut(userAgent));
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    private static void writeContent(AuditRecord.Content content, JsonGenerator out) throws IOException {
        var failure = content.failure();
        if (failure != null) {
            out.writeStringField("errorCode", failure.code());
            if (failure.message() != null) {
                out.writeStringField("errorMessage", cut(failure.message()));
            }
        }
        out.writeFieldName("requestParameters");
        content.parameters().writeTo(out);
        out.writeFieldName("responseElements");
        content.response().writeTo(out);
        if (!content.additional().isEmpty()) {
            out.writeObjectFieldStart("additionalEventData");
            for (var entry : content.additional().entrySet()) {
                out.writeFieldName(entry.getKey());
                entry.getValue().writeTo(out);
            }
            out.writeEndObject();
        }
    }

    private static void writeResources(List<String> arns, JsonGenerator out) throws IOException {
        if (arns.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart("resources");
        for (var arn : arns) {
            out.writeStartObject();
            out.writeStringField("accountId", accountOf(arn));
            out.writeStringField("type", arn.startsWith(IAM) ? "AWS::IAM::Role" : "AWS::KMS::Key");
            out.writeStringField("ARN", arn);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** {@code arn:aws:service:region:account:resource}. */
    private static String accountOf(String arn) {
        int end = arn.lastIndexOf(':');
        return arn.substring(arn.lastIndexOf(':', end - 1) + 1, end);
    }

    private static void writeTls(AuditRecord.@Nullable Tls tls, JsonGenerator out) throws IOException {
        if (tls != null) {
            out.writeObjectFieldStart("tlsDetails");
            out.writeStringField("tlsVersion", tls.version());
            out.writeStringField("cipherSuite", tls.cipherSuite());
            out.writeStringField("clientProvidedHostHeader", tls.host());
            out.writeEndObject();
        }
    }

    private String time(Instant instant) {
        if (instant.getEpochSecond() != second) {
            second = instant.getEpochSecond();
            time = DateTimeFormatter.ISO_INSTANT.format(instant.truncatedTo(ChronoUnit.SECONDS));
        }
        return time;
    }
}
