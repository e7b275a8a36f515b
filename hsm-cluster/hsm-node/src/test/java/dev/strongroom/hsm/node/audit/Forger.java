package dev.strongroom.hsm.node.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.protocol.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Edits a trail on disk, as somebody who has the disk but no key. The original is kept and put back. */
final class Forger {

    /** What can be done to a trail. */
    enum Edit {
        /** One byte becomes another. */
        CHANGE,
        DROP,
        SWAP,
        /** A record comes a second time, elsewhere. */
        REPEAT,
        /** A record is made up, with the hash that fits. */
        INSERT,
        /** Everything behind some record goes. */
        CUT_RECORDS,
        /** Everything behind some byte goes, as after a crash. */
        CUT_BYTES,
        DROP_FILE,
        /** A field changes, and every hash from there on is made anew. */
        REWRITE,
        /** A record goes, and every number and hash from there on is made anew. */
        REWRITE_WITHOUT_ONE
    }

    private final TreeMap<Path, String> original = new TreeMap<>();

    Forger(Path folder) {
        try {
            for (var file : TrailFolder.files(folder)) {
                original.put(file, Files.readString(file, ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does it at a place that {@code random} chooses, and says where. */
    String plant(Edit edit, Random random) throws IOException {
        var files = new ArrayList<>(original.keySet());
        var file = files.get(random.nextInt(files.size()));
        var whole = original.getOrDefault(file, "");
        var lines = new ArrayList<>(whole.lines().toList());
        int at = random.nextInt(lines.size());
        switch (edit) {
            case CHANGE -> {
                var text = new StringBuilder(whole);
                // The last line feed is that of the last record: without it, that is an unfinished record, see
                // CUT_BYTES.
                at = random.nextInt(text.length() - 1);
                char other = (char) (text.charAt(at) ^ 1 << random.nextInt(8));
                text.setCharAt(at, other);
                Files.writeString(file, text, ISO_8859_1);
                return edit + " byte " + at + " of " + file.getFileName();
            }
            case DROP -> lines.remove(at);
            case SWAP -> swap(lines, at, random);
            case REPEAT -> lines.add(random.nextInt(lines.size()), lines.get(at));
            case INSERT -> lines.add(at, forged(lines.get(at), random));
            case CUT_RECORDS -> {
                dropBehind(files, file);
                lines.subList(at, lines.size()).clear();
            }
            case CUT_BYTES -> {
                dropBehind(files, file);
                Files.writeString(file, whole.substring(0, random.nextInt(whole.length())), ISO_8859_1);
                return edit + " in " + file.getFileName();
            }
            case DROP_FILE -> {
                Files.delete(file);
                return edit + " " + file.getFileName();
            }
            case REWRITE -> {
                rewrite(file, lines, at, random.nextInt(1_000_000));
                return edit + " line " + at + " of " + file.getFileName();
            }
            case REWRITE_WITHOUT_ONE -> {
                lines.remove(at);
                rewrite(file, lines, Math.min(at, lines.size()), -1);
                return edit + " line " + at + " of " + file.getFileName();
            }
        }
        write(file, lines);
        return edit + " line " + at + " of " + file.getFileName();
    }

    /** Puts everything back. */
    void undo() throws IOException {
        for (var entry : original.entrySet()) {
            Files.writeString(entry.getKey(), entry.getValue(), ISO_8859_1);
        }
    }

    private static void swap(List<String> lines, int at, Random random) {
        int other = (at + 1 + random.nextInt(lines.size() - 1)) % lines.size();
        var line = lines.get(at);
        lines.set(at, lines.get(other));
        lines.set(other, line);
    }

    private void dropBehind(List<Path> files, Path file) throws IOException {
        for (var later : files.subList(files.indexOf(file) + 1, files.size())) {
            Files.delete(later);
        }
    }

    private static void write(Path file, List<String> lines) throws IOException {
        Files.writeString(file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n", ISO_8859_1);
    }

    private static String forged(String model, Random random) {
        var body = body(model).replaceFirst("\"ts\":\\d+", "\"ts\":" + random.nextInt(1_000_000));
        return sealed(body, model);
    }

    private static String body(String line) {
        return line.substring(0, line.indexOf(",\"mac\":\""));
    }

    private static String sealed(String body, String model) {
        int mac = model.indexOf(",\"mac\":\"");
        int hash = model.indexOf("\",\"hash\":\"");
        var tag = Bytes.ofHex(model.substring(mac + 8, hash)).toArray();
        var digest = Digests.sha256(body.getBytes(ISO_8859_1));
        return body + model.substring(mac, hash) + "\",\"hash\":\""
                + Bytes.wrap(TrailRecord.hash(digest, tag)).toHex() + "\"}";
    }

    /** From line {@code at} of {@code file} on, every number, link and hash is made to fit, in the later files too. */
    private void rewrite(Path file, List<String> lines, int at, int newTime) throws IOException {
        var previous = at == 0 ? null : lines.get(at - 1);
        for (int i = at; i < lines.size(); i++) {
            lines.set(i, linked(lines.get(i), previous, i == at ? newTime : -1));
            previous = lines.get(i);
        }
        write(file, lines);
        for (var later : original.tailMap(file, false).entrySet()) {
            var rest = new ArrayList<>(later.getValue().lines().toList());
            for (int i = 0; i < rest.size(); i++) {
                rest.set(i, linked(rest.get(i), previous, -1));
                previous = rest.get(i);
            }
            write(later.getKey(), rest);
        }
    }

    private static String linked(String line, @Nullable String previous, int newTime) {
        var body = body(line);
        if (newTime >= 0) {
            body = body.replaceFirst("\"ts\":\\d+", "\"ts\":" + newTime);
        }
        if (previous != null) {
            long number = Long.parseLong(previous.substring("{\"seq\":".length(), previous.indexOf(',')));
            var hash = previous.substring(previous.length() - 2 - 64, previous.length() - 2);
            body = body.replaceFirst("\"seq\":\\d+", "\"seq\":" + (number + 1))
                    .replaceFirst("\"prev\":\"[0-9a-f]{64}\"", "\"prev\":\"" + hash + "\"");
        }
        return sealed(body, line);
    }
}
