package dev.strongroom.conformance.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** {@code BENCHMARKS.md}: text by hand around sections that the runs write, each with where and from what it was made. */
final class BenchmarksFile {

    private final Path file;

    BenchmarksFile(Path file) {
        this.file = file;
    }

    /** Replaces what stands between {@code <!-- section -->} and {@code <!-- /section -->}. */
    void replace(String section, String content) throws IOException {
        var begin = "<!-- " + section + " -->";
        var end = "<!-- /" + section + " -->";
        var text = Files.readString(file);
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException(file + " has no section " + section);
        }
        Files.writeString(
                file,
                text.substring(0, from + begin.length()) + "\n" + circumstances() + "\n\n" + content
                        + text.substring(to));
    }

    /** When, from what and on what. */
    private static String circumstances() throws IOException {
        var runtime = Runtime.getRuntime();
        return "%s, commit %s. %d × %s, %s, JDK %s. Load average at the end: %s."
                .formatted(
                        Instant.now().truncatedTo(ChronoUnit.MINUTES),
                        commit(),
                        runtime.availableProcessors(),
                        processor(),
                        System.getProperty("os.name") + " " + System.getProperty("os.version"),
                        Runtime.version(),
                        Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0]);
    }

    private static String processor() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("processor of unknown kind");
        }
    }

    /** Of the code: this file itself does not count as a change to it. */
    private static String commit() throws IOException {
        var changed = git("status", "--porcelain", "--", ":(top)", ":(top,exclude)BENCHMARKS.md");
        return git("rev-parse", "--short", "HEAD") + (changed.isEmpty() ? "" : " with changes");
    }

    private static String git(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
