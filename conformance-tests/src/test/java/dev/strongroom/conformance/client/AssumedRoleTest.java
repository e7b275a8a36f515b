package dev.strongroom.conformance.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.conformance.subject.Program;
import dev.strongroom.conformance.subject.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AWS command line with a profile that names a role: it asks the gateway for credentials and then uses them. */
class AssumedRoleTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROLE = "arn:aws:iam::000000000000:role/app";

    /** Its own at every run: the client keeps sessions in the user's folder and would use that of an earlier server. */
    private static final String SESSION = "job-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    private static JsonNode admin(Target target, String... command) throws IOException {
        var arguments = new ArrayList<>(List.of("admin"));
        arguments.addAll(List.of(command));
        var root = Map.of(
                "AWS_ENDPOINT_URL_KMS", target.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", target.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", target.secretKey(),
                "AWS_REGION", "eu-west-1");
        try (var program = Program.start(root, arguments.toArray(String[]::new))) {
            assertEquals(0, program.awaitExit(), program::output);
            return JSON.readTree(program.output());
        }
    }

    private String document(String name, String principal, String action, String resource) throws IOException {
        var text = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"" + principal + ",\"Action\":\""
                + action + "\"" + resource + "}]}";
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private void makeUserAndRole(Target target) throws IOException {
        var trust = document("trust.json", ",\"Principal\":{\"AWS\":\"000000000000\"}", "sts:AssumeRole", "");
        var mayAssume = document("assume.json", "", "sts:AssumeRole", ",\"Resource\":\"" + ROLE + "\"");
        var useKeys = document("keys.json", "", "kms:*", ",\"Resource\":\"*\"");
        assertEquals(
                ROLE,
                admin(target, "role", "create", "app", "--trust-policy", trust)
                        .at("/role/arn")
                        .asText());
        var made = List.of(
                admin(target, "role", "put-inline", "app", "--policy-name", "keys", "--document", useKeys),
                admin(target, "user", "create", "ann"),
                admin(target, "user", "put-inline", "ann", "--policy-name", "assume", "--document", mayAssume));
        assertEquals(3, made.size());
        var key = admin(target, "access-key", "create", "--user", "ann").path("accessKey");
        Files.writeString(
                folder.resolve("credentials"),
                "[ann]\naws_access_key_id=" + key.path("accessKeyId").asText() + "\naws_secret_access_key="
                        + key.path("secretAccessKey").asText() + "\n");
        Files.writeString(
                folder.resolve("config"),
                "[profile ann]\nregion=eu-west-1\n[profile app]\nregion=eu-west-1\nrole_arn=" + ROLE
                        + "\nsource_profile=ann\nrole_session_name=" + SESSION + "\n");
    }

    private String aws(Target target, String profile, String... command) {
        var words = new ArrayList<>(List.of(
                "env",
                "-u",
                "AWS_ACCESS_KEY_ID",
                "-u",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_CONFIG_FILE=" + folder.resolve("config"),
                "AWS_SHARED_CREDENTIALS_FILE=" + folder.resolve("credentials"),
                "AWS_ENDPOINT_URL_STS=" + target.endpoint(),
                "aws",
                "--profile",
                profile,
                "--output",
                "text"));
        words.addAll(List.of(command));
        return OtherProgram.run(target, "eu-west-1", words.toArray(String[]::new))
                .strip();
    }

    @Test
    void aProfileThatNamesARoleWorks() throws IOException {
        assumeTrue(OtherProgram.succeeds("aws", "--version"), "there is no aws");
        try (var target = EmbeddedTarget.inMemory()) {
            makeUserAndRole(target);

            assertEquals(
                    "arn:aws:sts::000000000000:assumed-role/app/" + SESSION,
                    aws(target, "app", "sts", "get-caller-identity", "--query", "Arn"));
            var id = aws(target, "app", "kms", "create-key", "--query", "KeyMetadata.KeyId");
            var plain = Files.writeString(folder.resolve("plain"), "attack at dawn");
            var blob = aws(
                    target,
                    "app",
                    "kms",
                    "encrypt",
                    "--key-id",
                    id,
                    "--plaintext",
                    "fileb://" + plain,
                    "--query",
                    "CiphertextBlob");
            assertFalse(blob.isEmpty());
            var token = aws(
                    target,
                    "ann",
                    "sts",
                    "assume-role",
                    "--role-arn",
                    ROLE,
                    "--role-session-name",
                    "by-hand",
                    "--query",
                    "Credentials.SessionToken");
            assertTrue(token.length() > 100, token);
        }
    }
}
