package dev.strongroom.conformance.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.conformance.subject.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of other languages, pointed at a target by nothing but the environment. */
final class OtherProgram {

    /** The folder of the tests' scripts. */
    static final Path SCRIPTS = Path.of("src/test").toAbsolutePath();

    private OtherProgram() {}

    /** Skips the test, with the reason, where node or the modules of its scripts are missing. */
    static void assumeNode() {
        assumeTrue(succeeds("node", "--version"), "there is no node");
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("javascript/node_modules")),
                "run npm ci in conformance-tests/src/test/javascript first");
    }

    static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs a command that must succeed, in the Region named, and returns all that it printed. */
    static String run(Target target, String region, String... command) {
        var builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        var environment = builder.environment();
        environment.put("AWS_ENDPOINT_URL_KMS", target.endpoint().toString());
        environment.put("AWS_REGION", region);
        environment.put("AWS_DEFAULT_REGION", region);
        environment.put("AWS_ACCESS_KEY_ID", target.accessKeyId());
        environment.put("AWS_SECRET_ACCESS_KEY", target.secretKey());
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        try {
            var process = builder.start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + output);
            return output;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
