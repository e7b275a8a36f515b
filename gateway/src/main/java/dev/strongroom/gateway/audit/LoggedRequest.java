package dev.strongroom.gateway.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.strongroom.gateway.admin.AdminAction;
import dev.strongroom.gateway.admin.AdminParameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A line of a gateway's log, as far as a node could know it too.
 *
 * @param place file and line
 * @param id of the request
 * @param source of the event
 * @param error what the caller was told; empty for a success
 */
record LoggedRequest(String place, String id, String source, String name, Optional<String> error, About about) {

    private static final int ARN_PARTS = 6;
    private static final String KEY = "key/";
    private static final String HTTPS = "https://";

    /** Where else than among its resources a line names keys; an alias is no name of a key. */
    private static final List<String> NAMES = List.of(
            "/requestParameters/keyId",
            "/requestParameters/sourceKeyId",
            "/requestParameters/destinationKeyId",
            "/requestParameters/targetKeyId",
            "/responseElements/keyId",
            "/responseElements/keyMetadata/keyId",
            "/responseElements/keyMetadata/arn");

    /**
     * What it is about.
     *
     * @param keys its resources, each {@code account/Region/id}
     * @param named keys that it names otherwise, each in that form or as {@code id} only
     * @param records what it may change as the nodes' trails name it, in small letters; empty if that is not known
     * @param accessKeyId of the session that was made; empty if none was
     */
    record About(List<String> keys, List<String> named, Set<String> records, String accessKeyId) {

        About {
            keys = List.copyOf(keys);
            named = List.copyOf(named);
            records = Set.copyOf(records);
        }

        private static About of(JsonNode line) {
            var keys = new ArrayList<String>();
            for (var resource : line.path("resources")) {
                key(resource.path("ARN").asText()).ifPresent(keys::add);
            }
            var named = new ArrayList<String>();
            for (var name : NAMES) {
                var text = line.at(name).asText();
                if (text.startsWith("arn:")) {
                    key(text).ifPresent(named::add);
                } else if (!text.isEmpty() && !text.startsWith("alias/")) {
                    named.add(text);
                }
            }
            return new About(
                    keys,
                    named,
                    records(line),
                    line.at("/responseElements/credentials/accessKeyId").asText());
        }

        /** Of {@code arn:aws:kms:Region:account:key/id}. */
        private static Optional<String> key(String arn) {
            var parts = arn.split(":", ARN_PARTS);
            return parts.length == ARN_PARTS && parts[5].startsWith(KEY)
                    ? Optional.of(parts[4] + "/" + parts[3] + "/" + parts[5].substring(KEY.length()))
                    : Optional.empty();
        }

        private static Set<String> records(JsonNode line) {
            var event = line.path("eventName").asText();
            var said = line.path("requestParameters");
            var action = Arrays.stream(AdminAction.values())
                    .filter(known -> !known.readOnly() && known.eventName().equals(event))
                    .findFirst();
            // Too long a request is not in the line.
            if (action.isEmpty() || said.path("omitted").asBoolean()) {
                return Set.of();
            }
            var made = line.at("/responseElements/accessKey/accessKeyId").asText();
            return action.get() == AdminAction.ACCESS_KEY_CREATE
                    ? Set.of(small(made))
                    : Set.copyOf(List.of(small(record(action.get(), line, said)), small(made)));
        }

        /** {@code account/KIND/name}; an account has no other name. */
        private static String record(AdminAction action, JsonNode line, JsonNode said) {
            var account = said.path(AdminParameter.ACCOUNT.member())
                    .asText(line.at("/userIdentity/accountId").asText());
            var subject = action.required().get(0);
            var name = subject == AdminParameter.ACCOUNT
                    ? ""
                    : said.path(subject.member()).asText();
            return account + "/" + action.kind().replace('-', '_') + "/"
                    + (name.startsWith(HTTPS) ? name.substring(HTTPS.length()) : name);
        }

        private static String small(String text) {
            return text.toLowerCase(Locale.ROOT);
        }

        /** Whether a change of this record was asked for. */
        boolean isOf(String record) {
            return records.isEmpty() || records.contains(small(record));
        }

        /** A name of a key that is none of these; empty if all are, or none is known. */
        Optional<String> stranger(List<String> done) {
            return named.stream()
                    .filter(name -> !done.isEmpty()
                            && done.stream().noneMatch(key -> key.equals(name) || key.endsWith("/" + name)))
                    .findFirst();
        }
    }

    /** Reads a line; empty if it is no record. */
    static Optional<LoggedRequest> of(String place, JsonNode line) {
        var id = line.path("requestID").asText();
        var name = line.path("eventName").asText();
        if (id.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new LoggedRequest(
                place,
                id,
                line.path("eventSource").asText(),
                name,
                Optional.ofNullable(line.get("errorCode")).map(JsonNode::asText),
                About.of(line)));
    }

    @Override
    public String toString() {
        return "request " + id + " (" + name + ", " + place + ")";
    }
}
