package dev.strongroom.conformance.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strongroom.conformance.audit.SignedPost;
import dev.strongroom.conformance.subject.ClusterTarget;
import dev.strongroom.conformance.subject.Program;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Users, roles and sessions of a cluster: three nodes and two gateways, each a process of its own. */
class UsersOfAClusterTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL_OF_KMS =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"}]}";
    private static final int ROUNDS = 5;

    @TempDir
    private Path folder;

    @Test
    void everyGatewaySeesAChangeAtOnceWhoeverMadeIt() throws Exception {
        try (var cluster = ClusterTarget.start(folder)) {
            madeByTheAdministrator(cluster);
            servesTheApiOnlyWhereItIsConfigured(cluster);
            deletedThroughOneGatewayItIsNoGoodAtTheOther(cluster);
            aSessionOutlivesTheGatewayThatBeganIt(cluster);
        }
    }

    private void madeByTheAdministrator(ClusterTarget cluster) throws IOException {
        var document = Files.writeString(folder.resolve("all.json"), ALL_OF_KMS).toString();
        var unused = byAdministrator(cluster, "user", "create", "ann");
        var user = byAdministrator(cluster, "user", "put-inline", "ann", "--policy-name", "p", "--document", document);
        assertTrue(user.at("/user/inlinePolicies").has("p"));
        var ann = basic(byAdministrator(cluster, "access-key", "create", "--user", "ann")
                .path("accessKey"));
        try (var one = kms(cluster, "g1", ann);
                var other = kms(cluster, "g2", ann)) {
            assertEquals(List.of("ok", "ok"), List.of(outcome(one), outcome(other)), "both remember the user");

            unused = byAdministrator(cluster, "user", "delete-inline", "ann", "--policy-name", "p");
            assertEquals(
                    List.of("AccessDeniedException", "AccessDeniedException"), List.of(outcome(one), outcome(other)));

            unused = byAdministrator(cluster, "access-key", "delete", ann.accessKeyId());
            assertEquals(
                    List.of("UnrecognizedClientException", "UnrecognizedClientException"),
                    List.of(outcome(one), outcome(other)));
        }
        standsInNoFile(ann.secretAccessKey());
    }

    private void servesTheApiOnlyWhereItIsConfigured(ClusterTarget cluster) throws Exception {
        var root = Map.of(
                "AWS_ENDPOINT_URL_KMS", cluster.endpoint("g1").toString(),
                "AWS_ACCESS_KEY_ID", cluster.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", cluster.secretKey(),
                "AWS_REGION", "eu-west-1");
        try (var without = Program.start(root, "admin", "user", "list")) {
            assertEquals(1, without.awaitExit());
            assertTrue(without.output().contains("identity-admin"), without.output());
        }
        assertEquals(0, cluster.member("g1").stop());
        Files.writeString(
                folder.resolve("g1/gateway.yaml"), "\nidentity-admin: ../admin/identity\n", StandardOpenOption.APPEND);
        cluster.startMember("g1");
        cluster.awaitReady("g1");
        assertEquals(
                List.of("ann"), throughOneGateway(cluster, act("user", "list")).findValuesAsText("name"));
    }

    private void deletedThroughOneGatewayItIsNoGoodAtTheOther(ClusterTarget cluster) throws Exception {
        var unused = putInline(cluster, "user", "ann", ALL_OF_KMS);
        for (int round = 0; round < ROUNDS; round++) {
            var ann = keyOfAnn(cluster);
            try (var other = kms(cluster, "g2", ann)) {
                assertEquals("ok", outcome(other), "made through g1, good at g2, which remembers it now");
                unused = throughOneGateway(cluster, act("access-key", "delete", "accessKeyId", ann.accessKeyId()));
                assertEquals("UnrecognizedClientException", outcome(other));
            }
            standsInNoFile(ann.secretAccessKey());
        }
    }

    /** The gateway is killed and takes along whatever it had kept of the session; the next one is another process. */
    private void aSessionOutlivesTheGatewayThatBeganIt(ClusterTarget cluster) throws Exception {
        var trust = ALL_OF_KMS
                .replace("kms:*", "sts:AssumeRole")
                .replace("\"Resource\":\"*\"", "\"Principal\":{\"AWS\":\"" + cluster.accountId() + "\"}");
        var role = throughOneGateway(cluster, act("role", "create", "name", "job", "trustPolicy", trust));
        var unused = putInline(cluster, "role", "job", ALL_OF_KMS);
        unused = putInline(cluster, "user", "ann", ALL_OF_KMS.replace("kms:*", "sts:AssumeRole"));
        var session = assume(cluster, keyOfAnn(cluster), role.at("/role/arn").asText());
        assertEquals("ok", outcome(cluster, session));

        cluster.member("g2").kill();
        cluster.startMember("g2");
        cluster.awaitReady("g2");
        assertEquals("ok", outcome(cluster, session), "it lives in its token");

        unused = throughOneGateway(cluster, act("role", "delete-inline", "name", "job", "policyName", "p"));
        assertEquals("AccessDeniedException", outcome(cluster, session));
        unused = throughOneGateway(cluster, act("role", "delete", "name", "job"));
        assertEquals("UnrecognizedClientException", outcome(cluster, session));
        standsInNoFile(session.secretAccessKey());
        standsInNoFile(session.sessionToken());
    }

    /** Through g2. */
    private static AwsSessionCredentials assume(ClusterTarget cluster, AwsCredentials as, String role)
            throws Exception {
        var answer = new SignedPost(cluster)
                .at(cluster.endpoint("g2"))
                .as(as.accessKeyId(), as.secretAccessKey())
                .sts("Action=AssumeRole&Version=2011-06-15&RoleSessionName=s1&RoleArn="
                        + URLEncoder.encode(role, StandardCharsets.UTF_8));
        assertEquals(200, answer.statusCode(), answer::body);
        return AwsSessionCredentials.create(
                element(answer.body(), "AccessKeyId"),
                element(answer.body(), "SecretAccessKey"),
                element(answer.body(), "SessionToken"));
    }

    private static String element(String xml, String name) {
        var found = Pattern.compile("<" + name + ">([^<]+)</").matcher(xml);
        assertTrue(found.find(), xml);
        return found.group(1);
    }

    private static JsonNode byAdministrator(ClusterTarget cluster, String... words) throws IOException {
        return JSON.readTree(cluster.admin(words));
    }

    private static Map<String, String> act(String kind, String verb) {
        return Map.of("kind", kind, "verb", verb);
    }

    private static Map<String, String> act(String kind, String verb, String member, String value) {
        return Map.of("kind", kind, "verb", verb, member, value);
    }

    private static Map<String, String> act(
            String kind, String verb, String member, String value, String second, String secondValue) {
        return Map.of("kind", kind, "verb", verb, member, value, second, secondValue);
    }

    /** What {@code POST /admin/v1} of g1 answers the account's root. */
    private static JsonNode throughOneGateway(ClusterTarget cluster, Map<String, String> act) throws Exception {
        var answer = new SignedPost(cluster).admin(JSON.writeValueAsString(act));
        assertEquals(200, answer.statusCode(), answer::body);
        return JSON.readTree(answer.body());
    }

    private static JsonNode putInline(ClusterTarget cluster, String kind, String name, String document)
            throws Exception {
        return throughOneGateway(
                cluster,
                Map.of("kind", kind, "verb", "put-inline", "name", name, "policyName", "p", "document", document));
    }

    private static AwsCredentials keyOfAnn(ClusterTarget cluster) throws Exception {
        return basic(throughOneGateway(cluster, act("access-key", "create", "user", "ann"))
                .path("accessKey"));
    }

    private static AwsCredentials basic(JsonNode key) {
        return AwsBasicCredentials.create(
                key.path("accessKeyId").asText(), key.path("secretAccessKey").asText());
    }

    private static KmsClient kms(ClusterTarget cluster, String gateway, AwsCredentials credentials) {
        return KmsClient.builder()
                .endpointOverride(cluster.endpoint(gateway))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    private static String outcome(ClusterTarget cluster, AwsCredentials session) {
        try (var kms = kms(cluster, "g2", session)) {
            return outcome(kms);
        }
    }

    private static String outcome(KmsClient kms) {
        try {
            var unused = kms.listKeys();
            return "ok";
        } catch (KmsException e) {
            return e.awsErrorDetails().errorCode();
        }
    }

    /** Journals, trails, the gateways' audit logs, configurations. */
    private void standsInNoFile(String secret) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertFalse(content.contains(secret), file.toString());
            }
        }
    }
}
