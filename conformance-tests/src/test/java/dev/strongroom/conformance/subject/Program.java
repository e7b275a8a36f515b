package dev.strongroom.conformance.subject;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A run of the {@code strongroom} command line as a process of its own, on the class path of the tests. Its output is kept
 * and can be waited for.
 */
public final class Program implements AutoCloseable {

    /** The command line's main class. */
    public static final String STRONGROOM = "dev.strongroom.gateway.launch.StrongroomMain";

    /**
     * Small and quick to start; several of these run at once on two cores. The log is the one that an operator gets, whatever
     * else is on the class path of the tests.
     */
    static final List<String> TEST_OPTIONS =
            List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-Dlogback.configurationFile=logback.xml");

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    private Program(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts {@code strongroom arguments…}. */
    public static Program start(String... arguments) {
        return start(Map.of(), arguments);
    }

    public static Program start(Map<String, String> environment, String... arguments) {
        return java(TEST_OPTIONS, STRONGROOM, environment, arguments);
    }

    /** Starts any main class of the class path, with JVM options of its own. */
    public static Program java(
            List<String> options, String mainClass, Map<String, String> environment, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return new Program(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Any other program; empty if there is none of that name. */
    static Optional<Program> command(List<String> command) {
        try {
            return Optional.of(new Program(
                    new ProcessBuilder(command).redirectErrorStream(true).start()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void read() {
        try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(output ended: " + e.getMessage() + ")");
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    /** The first line that matches, waiting for it; fails with all of the output if the program ends first. */
    public synchronized String awaitLine(Predicate<String> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (var line : lines) {
                if (wanted.test(line)) {
                    return line;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0 || (!process.isAlive() && !reader.isAlive())) {
                throw new AssertionError("the line never came; output:\n" + output());
            }
            try {
                wait(Math.min(left, 200));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    public synchronized String output() {
        return String.join("\n", lines);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL: no handler runs, nothing is flushed. Returns when the process is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGSTOP: the process does nothing until {@link #resume}, and knows nothing of it afterwards. */
    public void pause() {
        signal("-STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            var unused = new ProcessBuilder("kill", name, String.valueOf(process.pid()))
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM, and the exit code. */
    public int stop() {
        process.destroy();
        return awaitExit();
    }

    /** The exit code, once the program has ended by itself and all of its output was read. */
    public int awaitExit() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still running; output:\n" + output());
            }
            reader.join(PATIENCE.toMillis());
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
