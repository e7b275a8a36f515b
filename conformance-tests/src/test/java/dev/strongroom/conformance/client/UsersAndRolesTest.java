package dev.strongroom.conformance.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.conformance.subject.Program;
import dev.strongroom.conformance.subject.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Users as operators make them with {@code strongroom admin}, and as clients then use their access keys. */
class UsersAndRolesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL_OF_KMS =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"}]}";

    @TempDir
    private Path folder;

    /** A target seen with another access key. */
    private record As(Target target, URI endpoint, String accessKeyId, String secretKey) implements Target {

        @Override
        public String name() {
            return target.name();
        }

        @Override
        public String accountId() {
            return target.accountId();
        }

        @Override
        public void close() {
            // The target is another's.
        }
    }

    /** What {@code strongroom admin} printed. */
    private record Printed(int code, String output) {

        JsonNode json() throws IOException {
            assertEquals(0, code, output);
            // Before it stands what was logged, if a node was slow to answer.
            return JSON.readTree(output.substring(output.indexOf('{')));
        }
    }

    private static Printed admin(Map<String, String> environment, List<String> way, String... command) {
        var arguments = new ArrayList<>(List.of("admin"));
        arguments.addAll(List.of(command));
        arguments.addAll(way);
        try (var program = Program.start(environment, arguments.toArray(String[]::new))) {
            int code = program.awaitExit();
            return new Printed(code, program.output());
        }
    }

    private static Map<String, String> asRoot(Target target) {
        return Map.of(
                "AWS_ENDPOINT_URL_KMS", target.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", target.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", target.secretKey(),
                "AWS_REGION", "eu-west-1");
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static String outcome(KmsClient kms) {
        try {
            var unused = kms.listKeys();
            return "ok";
        } catch (KmsException e) {
            return e.awsErrorDetails().errorCode();
        }
    }

    @Test
    void aUserOfTheEmbeddedModeMayWhatItsPoliciesSay() throws Exception {
        try (var target = EmbeddedTarget.inMemory()) {
            var root = asRoot(target);
            var user = admin(root, List.of(), "user", "create", "ann", "--path", "/ops/", "--tag", "team=a")
                    .json();
            var arn = "arn:aws:iam::000000000000:user/ops/ann";
            assertEquals(arn, user.at("/user/arn").asText());
            var key = admin(root, List.of(), "access-key", "create", "--user", "ann")
                    .json()
                    .path("accessKey");
            var ann = new As(
                    target,
                    target.endpoint(),
                    key.path("accessKeyId").asText(),
                    key.path("secretAccessKey").asText());

            try (var kms = ann.kms()) {
                var no = assertThrows(KmsException.class, kms::createKey);
                assertEquals("AccessDeniedException", no.awsErrorDetails().errorCode());
                assertTrue(
                        no.awsErrorDetails()
                                .errorMessage()
                                .startsWith("User: " + arn + " is not authorized to perform: kms:CreateKey"),
                        no.getMessage());
                var document = file("all.json", ALL_OF_KMS);
                var put = admin(
                        root, List.of(), "user", "put-inline", "ann", "--policy-name", "all", "--document", document);
                assertEquals(
                        ALL_OF_KMS, put.json().at("/user/inlinePolicies/all").asText());
                assertFalse(kms.createKey().keyMetadata().keyId().isEmpty());

                var disabled = admin(root, List.of(), "access-key", "disable", ann.accessKeyId());
                assertEquals("Inactive", disabled.json().at("/accessKey/status").asText());
                assertEquals("UnrecognizedClientException", outcome(kms));
            }
            var again = admin(root, List.of(), "user", "create", "Ann");
            assertEquals(1, again.code());
            assertEquals("strongroom: EntityAlreadyExists: The user 'Ann' exists already.", again.output());
            assertEquals(2, admin(root, List.of(), "user", "create").code());
        }
    }

    @Test
    void theAwsCommandLineActsAsAUser() throws Exception {
        assumeTrue(OtherProgram.succeeds("aws", "--version"), "there is no aws");
        try (var target = EmbeddedTarget.inMemory()) {
            var root = asRoot(target);
            var document = file("all.json", ALL_OF_KMS);
            var made = List.of(
                    admin(root, List.of(), "policy", "create", "All", "--document", document)
                            .json(),
                    admin(root, List.of(), "user", "create", "cli").json(),
                    admin(root, List.of(), "user", "attach", "cli", "--policy", "All")
                            .json());
            assertEquals(
                    "arn:aws:iam::000000000000:policy/All",
                    made.get(2).at("/user/attachedPolicies/0").asText());
            var key = admin(root, List.of(), "access-key", "create", "--user", "cli")
                    .json()
                    .path("accessKey");
            var user = new As(
                    target,
                    target.endpoint(),
                    key.path("accessKeyId").asText(),
                    key.path("secretAccessKey").asText());
            var id = OtherProgram.run(
                            user,
                            "eu-west-1",
                            "aws",
                            "kms",
                            "create-key",
                            "--query",
                            "KeyMetadata.KeyId",
                            "--output",
                            "text")
                    .strip();
            var blob = OtherProgram.run(
                    user,
                    "eu-west-1",
                    "aws",
                    "kms",
                    "encrypt",
                    "--key-id",
                    id,
                    "--plaintext",
                    "fileb://" + document,
                    "--query",
                    "KeyId",
                    "--output",
                    "text");
            assertTrue(blob.contains(id), blob);
        }
    }

    @Test
    void aStartSaysThatTheRootIsLockedOutAndHowToLetItInAgain() throws Exception {
        var data = folder.resolve("data");
        try (var target = EmbeddedTarget.in(data)) {
            var disabled = admin(asRoot(target), List.of(), "access-key", "disable", "test");
            assertEquals(0, disabled.code(), disabled.output());
        }
        var mending = "The access key test is disabled: it opens nothing.";
        try (var target = EmbeddedTarget.in(data)) {
            var said = banner(target);
            assertTrue(said.contains(mending) && said.contains("--credentials ANOTHER:SECRET@000000000000"), said);
            assertFalse(said.contains("AWS_ACCESS_KEY_ID"), said);
        }
        try (var target = EmbeddedTarget.in(data, "--credentials", "spare:secret@000000000000")) {
            var said = banner(target);
            assertTrue(said.contains(mending) && said.contains("AWS_ACCESS_KEY_ID=spare"), said);
            var spare = asRoot(new As(target, target.endpoint(), "spare", "secret"));
            var enabled = admin(spare, List.of(), "access-key", "enable", "test");
            assertEquals(0, enabled.code(), enabled.output());
        }
        try (var target = EmbeddedTarget.in(data)) {
            var said = banner(target);
            assertTrue(said.contains("AWS_ACCESS_KEY_ID=test") && !said.contains(mending), said);
            assertEquals(0, admin(asRoot(target), List.of(), "user", "list").code());
        }
    }

    private static String banner(EmbeddedTarget target) {
        var unused = target.program().awaitLine(line -> line.equals("Ctrl-C stops it."));
        return target.program().output();
    }

    @Test
    void whatWasMadeIsThereAfterARestart() throws Exception {
        var data = folder.resolve("data");
        As ann;
        try (var target = EmbeddedTarget.in(data)) {
            var root = asRoot(target);
            assertEquals(
                    0,
                    admin(root, List.of(), "account", "close", target.accountId())
                            .code());
            assertEquals(0, admin(root, List.of(), "user", "create", "ann").code());
            var key = admin(root, List.of(), "access-key", "create", "--user", "ann")
                    .json()
                    .path("accessKey");
            ann = new As(
                    target,
                    target.endpoint(),
                    key.path("accessKeyId").asText(),
                    key.path("secretAccessKey").asText());
        }
        try (var target = EmbeddedTarget.in(data);
                var kms = new As(target, target.endpoint(), ann.accessKeyId(), ann.secretKey()).kms()) {
            assertEquals("AccessDeniedException", outcome(kms), "known, and without a policy");
            var account = admin(asRoot(target), List.of(), "account", "get", target.accountId());
            assertFalse(account.json().at("/account/open").booleanValue(), "a start does not open it again");
        }
        for (var other : List.of("test:other@000000000000", "test:test@111122223333")) {
            try (var program = Program.start("dev", "--port", "0", "--data", data.toString(), "--credentials", other)) {
                assertEquals(1, program.awaitExit(), program::output);
                assertTrue(
                        program.output()
                                .startsWith("strongroom: the access key test is kept in " + data
                                        + " already, with another secret or account"),
                        program::output);
            }
        }
    }
}
