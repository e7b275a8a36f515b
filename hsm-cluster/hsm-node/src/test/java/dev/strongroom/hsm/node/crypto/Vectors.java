package dev.strongroom.hsm.node.crypto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * A file of test vectors beside the tests: comments that tell where it comes from, then lines of fields. A line that
 * begins with {@code key} holds for the lines below it.
 */
final class Vectors {

    /** One test: its fields and those of the key above it, if there is one, without the words they begin with. */
    record Line(List<String> key, List<String> fields) {

        String text(int index) {
            return fields.get(index);
        }

        byte[] octets(int index) {
            return HexFormat.of().parseHex(fields.get(index));
        }
    }

    private Vectors() {}

    static List<Line> read(String file) {
        var lines = new ArrayList<Line>();
        List<String> key = List.of();
        for (var line : text(file).lines().toList()) {
            if (line.startsWith("#")) {
                continue;
            }
            var fields = List.of(line.split(",", -1));
            var rest = fields.subList(1, fields.size());
            if (fields.get(0).equals("key")) {
                key = rest;
            } else {
                lines.add(new Line(key, rest));
            }
        }
        return lines;
    }

    private static String text(String file) {
        try (var in = Vectors.class.getResourceAsStream(file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
