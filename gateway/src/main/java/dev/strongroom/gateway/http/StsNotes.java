package dev.strongroom.gateway.http;

import dev.strongroom.gateway.audit.AuditRecord;
import dev.strongroom.gateway.audit.JsonPart;
import dev.strongroom.gateway.audit.UserIdentity;
import dev.strongroom.gateway.operation.EventId;
import dev.strongroom.gateway.sts.QueryForm;
import dev.strongroom.gateway.sts.StsAction;
import dev.strongroom.gateway.sts.StsException;
import dev.strongroom.hsm.protocol.Reply;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said about an STS request in the audit log (CloudTrail user guide, "Logging IAM and AWS STS API calls").
 * Whoever could not be authenticated leaves no record, as in {@link AuditNotes}; and neither a token nor a secret does.
 */
final class StsNotes {

    /** Members that are shown; everything else of a request is left out. */
    private static final List<String> SHOWN =
            List.of("RoleArn", "RoleSessionName", "ExternalId", "DurationSeconds", "SourceIdentity", "Policy");

    /** The Region of what is not signed for one. */
    static final String REGION = "us-east-1";

    private @Nullable StsAction action;
    private @Nullable QueryForm form;
    private @Nullable UserIdentity who;
    private @Nullable StsException refusal;
    private String region = REGION;
    private JsonPart response = JsonPart.NULL;

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
        if (known == null || asked == null) {
            return Optional.empty();
        }
        var no = refusal;
        return Optional.of(new AuditRecord(
                new AuditRecord.Event(
                        now,
                        "sts.amazonaws.com",
                        asked.wireName(),
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
        var said = new LinkedHashMap<String, String>();
        for (var name : SHOWN) {
            var shown = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
            member(name).ifPresent(value -> said.put(shown, value));
        }
        return said.isEmpty() ? JsonPart.NULL : JsonPart.of(said);
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
