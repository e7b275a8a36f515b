package dev.strongroom.conformance.subject;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code strongroom dev} in a process of its own. */
public final class EmbeddedTarget implements Target {

    private final Program program;
    private final URI endpoint;

    private EmbeddedTarget(Program program) {
        this.program = program;
        this.endpoint = URI.create(program.awaitLine(line -> line.contains("AWS_ENDPOINT_URL_KMS="))
                .replaceAll(".*AWS_ENDPOINT_URL_KMS=", "")
                .strip());
    }

    /** With nothing on disk. */
    public static EmbeddedTarget inMemory(String... more) {
        return start(List.of("--in-memory"), more);
    }

    /** With its data in {@code folder}. */
    public static EmbeddedTarget in(Path folder, String... more) {
        return start(List.of("--data", folder.toString()), more);
    }

    /** In memory, with the JVM options that a server would run with. */
    public static EmbeddedTarget forBenchmark(List<String> options) {
        return new EmbeddedTarget(
                Program.java(options, Program.STRONGROOM, Map.of(), "dev", "--port", "0", "--in-memory"));
    }

    private static EmbeddedTarget start(List<String> storage, String... more) {
        var arguments = new ArrayList<>(List.of("dev", "--port", "0"));
        arguments.addAll(storage);
        arguments.addAll(List.of(more));
        return new EmbeddedTarget(Program.start(arguments.toArray(String[]::new)));
    }

    public Program program() {
        return program;
    }

    @Override
    public String name() {
        return "embedded";
    }

    @Override
    public URI endpoint() {
        return endpoint;
    }

    @Override
    public String accountId() {
        return "000000000000";
    }

    @Override
    public String accessKeyId() {
        return "test";
    }

    @Override
    public String secretKey() {
        return "test";
    }

    @Override
    public void close() {
        program.close();
    }
}
