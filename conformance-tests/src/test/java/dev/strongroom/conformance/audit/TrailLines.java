package dev.strongroom.conformance.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The trail of one node as somebody who has its files reads it. */
record TrailLines(Path file, List<String> lines) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A head that this trail says its node was told of.
     *
     * @param micros when, since 1970
     * @param seq the record that the other node had come to
     */
    record Heard(long micros, long seq) {}

    /** Reads a trail that has not grown beyond its first file, without the line that is perhaps being written. */
    static TrailLines read(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            var trail = files.filter(path -> path.toString().endsWith(".jsonl")).toList();
            if (trail.size() != 1) {
                throw new AssertionError("one file was expected: " + trail);
            }
            var text = Files.readString(trail.get(0));
            return new TrailLines(
                    trail.get(0),
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList());
        }
    }

    long last() throws IOException {
        return JSON.readTree(lines.get(lines.size() - 1)).get("seq").longValue();
    }

    /** When each record was made, in their order; that of record 1 first. */
    long[] micros() throws IOException {
        var micros = new long[lines.size()];
        for (int i = 0; i < micros.length; i++) {
            micros[i] = JSON.readTree(lines.get(i)).get("ts").longValue();
        }
        return micros;
    }

    /** What was heard of another node, in the order of the records. */
    List<Heard> heardOf(String node) throws IOException {
        var heard = new ArrayList<Heard>();
        for (var line : lines) {
            if (line.contains("\"kind\":\"peer\",\"peerNode\":\"" + node + "\"")) {
                JsonNode record = JSON.readTree(line);
                heard.add(new Heard(
                        record.get("ts").longValue(), record.get("peerSeq").longValue()));
            }
        }
        return heard;
    }

    /** Leaves the first {@code count} records. */
    void cutTo(int count) throws IOException {
        Files.writeString(file, String.join("\n", lines.subList(0, count)) + "\n");
    }
}
