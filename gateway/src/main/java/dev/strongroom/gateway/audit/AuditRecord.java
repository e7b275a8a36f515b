package dev.strongroom.gateway.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request that is over.
 *
 * @param who signed it
 * @param from where it came from
 * @param content what it said and was told, without secrets
 * @param resources ARNs of the KMS keys, or of the role, it was about, in the order of the operation
 */
public record AuditRecord(Event event, UserIdentity who, Origin from, Content content, List<String> resources) {

    public AuditRecord {
        resources = List.copyOf(resources);
    }

    /**
     * Which request.
     *
     * @param source of the event, such as {@code kms.amazonaws.com}
     * @param name of the operation, such as {@code Encrypt}; {@link #UNKNOWN} where nothing tells
     * @param region of the credential scope
     * @param requestId as the caller sees it in {@code x-amzn-RequestId}
     * @param id of this record
     */
    public record Event(
            Instant time, String source, String name, boolean readOnly, String region, String requestId, UUID id) {

        /** The name of what cannot be read, by a caller who is known. */
        public static final String UNKNOWN = "Unknown";
    }

    /**
     * Where it came from, as seen at the connection.
     *
     * @param tls null over plain HTTP
     */
    public record Origin(
            String address,
            @Nullable String userAgent,
            @Nullable Tls tls) {}

    /**
     * The connection's protection.
     *
     * @param host as the client called this server
     */
    public record Tls(String version, String cipherSuite, String host) {}

    /**
     * What it said and was told.
     *
     * @param parameters the {@code requestParameters}
     * @param response the {@code responseElements}
     * @param additional the {@code additionalEventData}; left out if empty
     * @param failure null for a success
     */
    public record Content(
            JsonPart parameters,
            JsonPart response,
            Map<String, JsonPart> additional,
            @Nullable Failure failure) {}

    /**
     * Why it failed.
     *
     * @param message null if the answer had no text
     */
    public record Failure(String code, @Nullable String message) {}
}
