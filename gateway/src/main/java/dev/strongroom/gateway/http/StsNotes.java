package dev.strongroom.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.strongroom.gateway.audit.AuditRecord;
import dev.strongroom.gateway.audit.JsonPart;
import dev.strongroom.gateway.audit.UserIdentity;
import dev.strongroom.gateway.authz.CallerSession;
import dev.strongroom.gateway.operation.EventId;
import dev.strongroom.gateway.sts.QueryForm;
import dev.strongroom.gateway.sts.SessionTags;
import dev.strongroom.gateway.sts.StsAction;
import dev.strongroom.gateway.sts.StsException;
import dev.strongroom.hsm.protocol.Reply;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said about an STS request in the audit log (CloudTrail user guide, "Logging IAM and AWS STS API calls").
 * Whoever could not be authenticated leaves no record, as in {@link AuditNotes}; and neither a token nor a secret does.
 */
final class StsNotes {

    /** Members that are shown; everything else of a request is left out. */
    private static final List<String> SHOWN =
            List.of("RoleArn", "RoleSessionName", "ExternalId", "SourceIdentity", "SerialNumber", "Policy");

    /** The Region of what is not signed for one. */
    static final String REGION = "us-east-1";

    private @Nullable StsAction action;
    private @Nullable QueryForm form;
    private @Nullable UserIdentity who;
    private @Nullable StsException refusal;
    private String region = REGION;
    private JsonPart response = JsonPart.NULL;
    private Map<String, String> inherited = Map.of();
    private SessionTags vouched = SessionTags.NONE;
    private Optional<String> sourceIdentity = Optional.empty();

    void asked(StsAction asked, QueryForm members) {
        action = asked;
        form = members;
    }

    void authenticated(StsWork.Signed signed) {
        region = signed.region();
        who = AuditNotes.user(signed.caller());
    }

    /** A provider vouched for the caller. */
    void authenticated(UserIdentity bearer) {
        who = bearer;
    }

    /** The caller is not who it was thought to be; whoever it is has yet to be found. */
    void forget() {
        who = null;
    }

    /** The caller's session hands tags down. */
    void inheriting(CallerSession session) {
        inherited = new TreeMap<>(session.tags());
        inherited.keySet().retainAll(session.transitiveTagKeys());
    }

    /** The provider gives the session tags. */
    void vouched(SessionTags tags) {
        vouched = tags;
    }

    /** Who is behind the new session, as its maker was asked to say. */
    void originating(Optional<String> identity) {
        sourceIdentity = identity;
    }

    void minted(Reply.MintedSession session) {
        response = out -> {
            out.writeStartObject();
            out.writeObjectFieldStart("credentials");
            out.writeStringField("accessKeyId", session.accessKeyId());
            out.writeStringField("expiration", session.expires().toString());
            out.writeEndObject();
            if (session.principalArn().contains(":assumed-role/")) {
                out.writeObjectFieldStart("assumedRoleUser");
                out.writeStringField("assumedRoleId", session.uniqueId());
                out.writeStringField("arn", session.principalArn());
                out.writeEndObject();
            }
            if (sourceIdentity.isPresent()) {
                out.writeStringField("sourceIdentity", sourceIdentity.get());
            }
            out.writeEndObject();
        };
    }

    void refused(StsException no) {
        refusal = no;
        response = JsonPart.NULL;
    }

    /** The record; empty if nobody knows who asked. */
    Optional<AuditRecord> record(Exchange exchange, Instant now) {
        var known = who;
        var asked = action;
        if (known == null) {
            return Optional.empty();
        }
        var no = refusal;
        return Optional.of(new AuditRecord(
                new AuditRecord.Event(
                        now,
                        "sts.amazonaws.com",
                        asked == null ? AuditRecord.Event.UNKNOWN : asked.wireName(),
                        true,
                        region,
                        exchange.requestId().toString(),
                        EventId.of(exchange.requestId())),
                known,
                exchange.origin(),
                new AuditRecord.Content(
                        parameters(),
                        response,
                        Map.of(),
                        no == null ? null : new AuditRecord.Failure(no.error().code(), no.text())),
                role()));
    }

    private JsonPart parameters() {
        var members = form;
        return members == null ? JsonPart.NULL : out -> write(members, out);
    }

    private void write(QueryForm members, JsonGenerator out) throws IOException {
        out.writeStartObject();
        for (var name : SHOWN) {
            var value = members.find(name);
            if (value.isPresent()) {
                out.writeStringField(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), value.get());
            }
        }
        var seconds = members.find("DurationSeconds");
        if (seconds.isPresent() && seconds.get().matches("[0-9]{1,9}")) {
            out.writeNumberField("durationSeconds", Integer.parseInt(seconds.get()));
        }
        writeAll(out, "policyArns", members.wellNumbered("PolicyArns"), Map.of("arn", "arn"));
        writeAll(out, "tags", members.wellNumbered("Tags"), Map.of("Key", "key", "Value", "value"));
        writeMap(out, "incomingTransitiveTags", inherited);
        writeMap(out, "principalTags", vouched.values());
        var transitive = vouched.transitive().isEmpty()
                ? members.wellNumbered("TransitiveTagKeys").stream()
                        .map(key -> key.find("").orElse(""))
                        .toList()
                : vouched.transitive();
        if (!transitive.isEmpty()) {
            out.writeArrayFieldStart("transitiveTagKeys");
            for (var key : transitive) {
                out.writeString(key);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    /** A list of structures of texts. */
    private static void writeAll(JsonGenerator out, String name, List<QueryForm> elements, Map<String, String> shown)
            throws IOException {
        if (elements.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart(name);
        for (var element : elements) {
            out.writeStartObject();
            for (var member : new TreeMap<>(shown).entrySet()) {
                var value = element.find(member.getKey());
                if (value.isPresent()) {
                    out.writeStringField(member.getValue(), value.get());
                }
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void writeMap(JsonGenerator out, String name, Map<String, String> texts) throws IOException {
        if (texts.isEmpty()) {
            return;
        }
        out.writeObjectFieldStart(name);
        for (var text : new TreeMap<>(texts).entrySet()) {
            out.writeStringField(text.getKey(), text.getValue());
        }
        out.writeEndObject();
    }

    private List<String> role() {
        return member("RoleArn")
                .filter(arn -> arn.startsWith("arn:aws:iam:"))
                .map(List::of)
                .orElse(List.of());
    }

    private Optional<String> member(String name) {
        var members = form;
        return members == null ? Optional.empty() : members.find(name);
    }
}
