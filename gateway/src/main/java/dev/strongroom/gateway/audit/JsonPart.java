package dev.strongroom.gateway.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** One value of a record that somebody else knows how to write. */
@FunctionalInterface
public interface JsonPart {

    JsonPart NULL = JsonGenerator::writeNull;

    /** Writes exactly one JSON value. */
    void writeTo(JsonGenerator out) throws IOException;
}
