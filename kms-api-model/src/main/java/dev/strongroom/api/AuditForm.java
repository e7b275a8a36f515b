package dev.strongroom.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.strongroom.api.WireShape.Kind;
import dev.strongroom.api.WireShape.Member;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A request or response as an audit record shows it, in CloudTrail's form: member names begin with a small letter, dates are
 * texts (AWS KMS developer guide, "Logging AWS KMS API calls with AWS CloudTrail").
 *
 * <p>What it leaves out it leaves out by kind, not by operation, so that a new operation cannot forget it: every blob
 * (plaintexts, ciphertexts, messages, key material, import tokens), every member that {@link MemberTable} calls sensitive,
 * every grant token. An encryption context is shown in clear, because AWS does: it must not hold secrets.
 */
public final class AuditForm {

    private static final Set<String> TOKENS = Set.of("GrantTokens", "GrantToken");

    /** Shown with its default where the caller left it out. */
    private static final Map<Operation, Set<String>> ALGORITHMS = Map.of(
            Operation.ENCRYPT,
            Set.of("EncryptionAlgorithm"),
            Operation.DECRYPT,
            Set.of("EncryptionAlgorithm"),
            Operation.RE_ENCRYPT,
            Set.of("SourceEncryptionAlgorithm", "DestinationEncryptionAlgorithm"));

    private static final String DEFAULT_ALGORITHM = "SYMMETRIC_DEFAULT";

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("MMM d, uuuu, h:mm:ss a", Locale.US).withZone(ZoneOffset.UTC);

    /** A member that may be shown, with its parts if it is a structure or holds some. */
    private static final class Shown {
        private final Member member;
        private final SerializedString name;
        private final boolean hasDefault;
        private final List<Shown> parts;

        private Shown(@Nullable Operation operation, Member member, boolean hasDefault) {
            this.member = member;
            this.name = new SerializedString(Character.toLowerCase(member.name.charAt(0)) + member.name.substring(1));
            this.hasDefault = hasDefault;
            var structure = member.kind == Kind.LIST ? member.element().structure : member.structure;
            this.parts = structure == null ? List.of() : shown(operation, structure, Set.of());
        }
    }

    private static final Map<Operation, List<Shown>> REQUESTS = new EnumMap<>(Operation.class);
    private static final Map<Operation, List<Shown>> RESPONSES = new EnumMap<>(Operation.class);

    static {
        for (var operation : Operation.values()) {
            var defaults = ALGORITHMS.getOrDefault(operation, Set.of());
            REQUESTS.put(operation, shown(operation, WireShapes.request(operation), defaults));
            RESPONSES.put(operation, shown(null, WireShapes.response(operation), Set.of()));
        }
    }

    private AuditForm() {}

    /** @param operation whose request it is; null for a response, of whose members there are no rules */
    private static List<Shown> shown(@Nullable Operation operation, WireShape shape, Set<String> defaults) {
        var list = new ArrayList<Shown>();
        for (var member : shape.members()) {
            if (!isSecret(operation, member)) {
                list.add(new Shown(operation, member, defaults.contains(member.name)));
            }
        }
        return List.copyOf(list);
    }

    private static boolean isSecret(@Nullable Operation operation, Member member) {
        if (member.kind == Kind.BLOB || TOKENS.contains(member.name)) {
            return true;
        }
        var rule = operation == null ? null : MemberTable.find(operation, member.name);
        return rule != null && rule.isSensitive();
    }

    /** Writes the {@code requestParameters} of a request: an object. */
    public static void writeRequest(JsonGenerator out, Operation operation, SdkPojo request) throws IOException {
        writeStructure(out, REQUESTS.getOrDefault(operation, List.of()), request);
    }

    /**
     * Writes the {@code responseElements} of a success: null for what reads or uses, else an object, which names the key
     * where the response itself does not.
     *
     * @param keyArn the one key that was changed, if there was exactly one
     */
    public static void writeResponse(JsonGenerator out, Operation operation, SdkPojo response, Optional<String> keyArn)
            throws IOException {
        if (operation.readOnly()) {
            out.writeNull();
        } else if (operation.output() == Operation.OutputForm.BODY) {
            writeStructure(out, RESPONSES.getOrDefault(operation, List.of()), response);
        } else if (keyArn.isPresent()) {
            out.writeStartObject();
            out.writeStringField("keyId", keyArn.get());
            out.writeEndObject();
        } else {
            out.writeNull();
        }
    }

    /**
     * The text of an error as it may be shown. A refusal of the request's shape quotes what was wrong to the caller, who
     * knows it; a grant token must not reach anybody else that way.
     */
    public static String withoutTokens(String text, Operation operation, SdkPojo request) {
        var shown = text;
        for (var member : WireShapes.request(operation).members()) {
            var value = TOKENS.contains(member.name) ? member.value(request) : null;
            if (value instanceof List<?> tokens) {
                shown = shown.replace(String.valueOf(tokens), "***");
                for (var token : tokens) {
                    shown = without(shown, token);
                }
            } else {
                shown = without(shown, value);
            }
        }
        return shown;
    }

    private static String without(String text, @Nullable Object token) {
        return token instanceof String secret && !secret.isEmpty() ? text.replace(secret, "***") : text;
    }

    private static void writeStructure(JsonGenerator out, List<Shown> members, SdkPojo message) throws IOException {
        out.writeStartObject();
        for (var shown : members) {
            var value = shown.member.value(message);
            if (value != null) {
                out.writeFieldName(shown.name);
                writeValue(out, shown, shown.member, value);
            } else if (shown.hasDefault) {
                out.writeFieldName(shown.name);
                out.writeString(DEFAULT_ALGORITHM);
            }
        }
        out.writeEndObject();
    }

    private static void writeValue(JsonGenerator out, Shown shown, Member member, @Nullable Object value)
            throws IOException {
        if (value == null) {
            out.writeNull();
            return;
        }
        switch (member.kind) {
            case STRING -> out.writeString((String) value);
            case INTEGER -> out.writeNumber((Integer) value);
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case INSTANT -> out.writeString(DATE.format((Instant) value));
            case LIST -> {
                out.writeStartArray();
                for (var element : (List<?>) value) {
                    writeValue(out, shown, member.element(), element);
                }
                out.writeEndArray();
            }
            case MAP -> {
                out.writeStartObject();
                for (var entry : ((Map<?, ?>) value).entrySet()) {
                    out.writeFieldName((String) entry.getKey());
                    writeValue(out, shown, member.element(), entry.getValue());
                }
                out.writeEndObject();
            }
            case STRUCTURE -> writeStructure(out, shown.parts, (SdkPojo) value);
            case BLOB -> throw new IllegalStateException("a blob is never shown: " + member.name);
        }
    }
}
