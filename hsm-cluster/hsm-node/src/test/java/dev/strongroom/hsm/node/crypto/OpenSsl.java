package dev.strongroom.hsm.node.crypto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code openssl} command of this machine: an implementation that shares nothing with ours. */
final class OpenSsl {

    private OpenSsl() {}

    static boolean present() {
        try {
            return exit(Path.of("."), List.of("version")).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs it in {@code folder}; anything but success fails the test. */
    static void run(Path folder, String... arguments) throws IOException {
        var trouble = exit(folder, List.of(arguments));
        if (!trouble.isEmpty()) {
            throw new AssertionError("openssl " + String.join(" ", arguments) + ": " + trouble);
        }
    }

    /** Whether it succeeds. */
    static boolean succeeds(Path folder, String... arguments) throws IOException {
        return exit(folder, List.of(arguments)).isEmpty();
    }

    private static String exit(Path folder, List<String> arguments) throws IOException {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return process.waitFor() == 0 ? "" : "failed, " + output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
