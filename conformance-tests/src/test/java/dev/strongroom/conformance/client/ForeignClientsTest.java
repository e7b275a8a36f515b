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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** boto3, the AWS CLI and the AWS SDK for JavaScript, configured by nothing but the environment. */
class ForeignClientsTest {

    @TempDir
    private Path folder;

    @Test
    void boto3() {
        assumeTrue(OtherProgram.succeeds("python3", "-c", "import boto3"), "python3 has no boto3");
        try (var target = EmbeddedTarget.inMemory()) {
            var output = run(
                    target,
                    "python3",
                    OtherProgram.SCRIPTS.resolve("python/kms_client.py").toString());
            assertTrue(output.endsWith("done\n"), output);
        }
    }

    @Test
    void boto3BringsKeyMaterialWrappedByOpenSsl() {
        assumeTrue(
                OtherProgram.succeeds("python3", "-c", "import boto3, cryptography"),
                "python3 has no boto3 or no cryptography");
        try (var target = EmbeddedTarget.inMemory()) {
            var output = run(
                    target,
                    "python3",
                    OtherProgram.SCRIPTS.resolve("python/kms_import.py").toString());
            assertTrue(output.endsWith("done\n"), output);
        }
    }

    @Test
    void javaScript() {
        OtherProgram.assumeNode();
        try (var target = EmbeddedTarget.inMemory()) {
            var output = run(
                    target,
                    "node",
                    OtherProgram.SCRIPTS.resolve("javascript/kms-client.mjs").toString());
            assertTrue(output.endsWith("done\n"), output);
        }
    }

    @Test
    void theCommandLineOfTheReadme() throws IOException {
        assumeTrue(OtherProgram.succeeds("aws", "--version"), "there is no aws");
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

    private static String run(Target target, String... command) {
        return OtherProgram.run(target, "eu-central-1", command);
    }
}
