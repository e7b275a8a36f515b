package dev.strongroom.conformance.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The form that every line of a gateway's log has, {@code record.schema.json}. */
final class LogSchema {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Schema SCHEMA = load();

    private LogSchema() {}

    private static Schema load() {
        try (var in = LogSchema.class.getResourceAsStream("record.schema.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(JSON.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a line; empty if nothing is. */
    static List<Error> objections(JsonNode line) {
        return SCHEMA.validate(line);
    }

    /** The lines of a log. */
    static List<JsonNode> read(Path log) throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(log)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }
}
