package dev.strongroom.conformance.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.conformance.subject.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** boto3, the AWS CLI and the AWS SDK for JavaScript, configured by nothing but the environment. */
class ForeignClientsTest {

    private static final Path SCRIPTS = Path.of("src/test").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void boto3() {
        assumeTrue(succeeds("python3", "-c", "import boto3"), "python3 has no boto3");
        try (var target = EmbeddedTarget.inMemory()) {
            var output = run(
                    target, "python3", SCRIPTS.resolve("python/kms_client.py").toString());
            assertTrue(output.endsWith("done\n"), output);
        }
    }

    @Test
    void javaScript() {
        assumeTrue(succeeds("node", "--version"), "there is no node");
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("javascript/node_modules")),
                "run npm ci in conformance-tests/src/test/javascript first");
        try (var target = EmbeddedTarget.inMemory()) {
            var output = run(
                    target, "node", SCRIPTS.resolve("javascript/kms-client.mjs").toString());
            assertTrue(output.endsWith("done\n"), output);
        }
    }

    @Test
    void theCommandLineOfTheReadme() throws IOException {
        assumeTrue(succeeds("aws", "--version"), "there is no aws");
        try (var target = EmbeddedTarget.inMemory()) {
            var key = run(target, "aws", "kms", "create-key", "--query", "KeyMetadata.KeyId", "--output", "text")
                    .strip();
            assertEquals(
                    "",
                    run(target, "aws", "kms", "create-alias", "--alias-name", "alias/first", "--target-key-id", key));
            var secret = Files.writeString(folder.resolve("secret.txt"), "attack at dawn\n");
            var blob = run(target, encrypt(secret)).strip();
            var sealed = Files.write(
                    folder.resolve("secret.enc"), Base64.getDecoder().decode(blob));
            var opened = run(
                    target,
                    "aws",
                    "kms",
                    "decrypt",
                    "--ciphertext-blob",
                    "fileb://" + sealed,
                    "--query",
                    "Plaintext",
                    "--output",
                    "text");
            assertEquals(
                    "attack at dawn\n", new String(Base64.getDecoder().decode(opened.strip()), StandardCharsets.UTF_8));
        }
    }

    private static String[] encrypt(Path secret) {
        return new String[] {
            "aws",
            "kms",
            "encrypt",
            "--key-id",
            "alias/first",
            "--plaintext",
            "fileb://" + secret,
            "--query",
            "CiphertextBlob",
            "--output",
            "text"
        };
    }

    private static boolean succeeds(String... command) {
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

    private static String run(Target target, String... command) {
        var builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        var environment = builder.environment();
        environment.put("AWS_ENDPOINT_URL_KMS", target.endpoint().toString());
        environment.put("AWS_REGION", "eu-central-1");
        environment.put("AWS_DEFAULT_REGION", "eu-central-1");
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
