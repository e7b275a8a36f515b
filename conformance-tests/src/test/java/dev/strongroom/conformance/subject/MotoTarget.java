package dev.strongroom.conformance.subject;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** moto, the most used open emulator of AWS, where {@code moto_server} is installed: for comparison only. */
public final class MotoTarget implements Target {

    private final Program program;
    private final URI endpoint;

    private MotoTarget(Program program) {
        this.program = program;
        this.endpoint = URI.create(program.awaitLine(line -> line.contains("Running on http://127"))
                .replaceAll(".*Running on ", "")
                .strip());
    }

    /** Empty where it is not installed. */
    public static Optional<MotoTarget> start() {
        return Program.command(List.of("moto_server", "-H", "127.0.0.1", "-p", "0"))
                .map(MotoTarget::new);
    }

    public Program program() {
        return program;
    }

    @Override
    public String name() {
        return "moto";
    }

    @Override
    public URI endpoint() {
        return endpoint;
    }

    @Override
    public String accountId() {
        return "123456789012";
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
    public Set<Promise> promises() {
        return Set.of();
    }

    @Override
    public void close() {
        program.close();
    }
}
