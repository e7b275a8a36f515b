package dev.strongroom.gateway.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/** One value of a record that somebody else knows how to write. */
@FunctionalInterface
public interface JsonPart {

    JsonPart NULL = JsonGenerator::writeNull;

    /** A text. */
    static JsonPart of(String text) {
        return out -> out.writeString(text);
    }

    /** An object of texts, in the map's order. */
    static JsonPart of(Map<String, String> members) {
        return out -> {
            out.writeStartObject();
            for (var member : members.entrySet()) {
                out.writeStringField(member.getKey(), member.getValue());
            }
            out.writeEndObject();
        };
    }

    /** The same, unless it is longer than {@code most} bytes of JSON: then an object that says so. */
    default JsonPart atMost(int most) {
        return out -> AuditLine.writeAtMost(most, this, out);
    }

    /** Writes exactly one JSON value. */
    void writeTo(JsonGenerator out) throws IOException;
}
