package dev.strongroom.gateway.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line of a gateway's log, as far as a node could know it too.
 *
 * @param place file and line
 * @param id of the request
 * @param source of the event
 * @param error what the caller was told; empty for a success
 * @param keys it was about, each {@code account/Region/id}
 * @param accessKeyId of the session that was made; empty if none was
 */
record LoggedRequest(
        String place,
        String id,
        String source,
        String name,
        boolean readOnly,
        Optional<String> error,
        List<String> keys,
        String accessKeyId) {

    private static final int ARN_PARTS = 6;
    private static final String KEY = "key/";

    LoggedRequest {
        keys = List.copyOf(keys);
    }

    /** Reads a line; empty if it is no record. */
    static Optional<LoggedRequest> of(String place, JsonNode line) {
        var id = line.path("requestID").asText();
        var name = line.path("eventName").asText();
        if (id.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        var keys = new ArrayList<String>();
        for (var resource : line.path("resources")) {
            // arn:aws:kms:Region:account:key/id
            var parts = resource.path("ARN").asText().split(":", ARN_PARTS);
            if (parts.length == ARN_PARTS && parts[5].startsWith(KEY)) {
                keys.add(parts[4] + "/" + parts[3] + "/" + parts[5].substring(KEY.length()));
            }
        }
        return Optional.of(new LoggedRequest(
                place,
                id,
                line.path("eventSource").asText(),
                name,
                line.path("readOnly").asBoolean(),
                Optional.ofNullable(line.get("errorCode")).map(JsonNode::asText),
                keys,
                line.at("/responseElements/credentials/accessKeyId").asText()));
    }

    @Override
    public String toString() {
        return "request " + id + " (" + name + ", " + place + ")";
    }
}
