package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strongroom.conformance.subject.ClusterTarget;
import dev.strongroom.conformance.subject.Program;
import dev.strongroom.conformance.subject.Target;
import dev.strongroom.conformance.subject.Targets;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * A user and a role go and others are made under their names, as an operator does it with {@code strongroom admin}: those have
 * nothing of what policies, grants and trust policies gave the former, through any gateway.
 */
class NamesakesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SdkBytes DATA = SdkBytes.fromUtf8String("attack at dawn");
    private static final String UNKNOWN = "UnrecognizedClientException";

    @TempDir
    private Path folder;

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String user = "ann-" + suffix;
    private final String role = "app-" + suffix;

    static Stream<Arguments> targets() {
        return Stream.of(Targets.embedded(), Targets.cluster())
                .map(target -> Arguments.of(Named.of(target.name(), target)));
    }

    /** The ways in, which have to agree: a cluster has two gateways. */
    private static List<URI> endpoints(Target target) {
        return target instanceof ClusterTarget cluster
                ? List.of(cluster.endpoint("g1"), cluster.endpoint("g2"))
                : List.of(target.endpoint());
    }

    private JsonNode admin(Target target, String... words) throws IOException {
        if (target instanceof ClusterTarget cluster) {
            return JSON.readTree(cluster.admin(words));
        }
        var root = Map.of(
                "AWS_ENDPOINT_URL_KMS", target.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", target.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", target.secretKey(),
                "AWS_REGION", "eu-west-1");
        var arguments = new ArrayList<>(List.of("admin"));
        arguments.addAll(List.of(words));
        try (var program = Program.start(root, arguments.toArray(String[]::new))) {
            assertEquals(0, program.awaitExit(), program::output);
            return JSON.readTree(program.output());
        }
    }

    private String document(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String statement(String principal, String action) {
        return "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + principal + "\"},\"Action\":\"" + action
                + "\",\"Resource\":\"*\"}";
    }

    private static String policy(String... statements) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}";
    }

    private AwsCredentials newUser(Target target) throws IOException {
        var made = admin(target, "user", "create", user);
        assertEquals(user, made.at("/user/name").asText());
        var key = admin(target, "access-key", "create", "--user", user).path("accessKey");
        return AwsBasicCredentials.create(
                key.path("accessKeyId").asText(), key.path("secretAccessKey").asText());
    }

    /** Its unique id. */
    private String newRole(Target target, String name, String trusted) throws IOException {
        var trust = document(
                name + ".json", policy(statement(trusted, "sts:AssumeRole").replace(",\"Resource\":\"*\"", "")));
        return admin(target, "role", "create", name, "--trust-policy", trust)
                .at("/role/id")
                .asText();
    }

    private String idOfUser(Target target) throws IOException {
        return admin(target, "user", "get", user).at("/user/id").asText();
    }

    private void delete(Target target, String kind, String name) throws IOException {
        assertEquals(0, admin(target, kind, "delete", name).size());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("targets")
    void haveNothingOfWhatTheFormerHad(Target target) throws Exception {
        var account = target.accountId();
        var userArn = "arn:aws:iam::" + account + ":user/" + user;
        var roleArn = "arn:aws:iam::" + account + ":role/" + role;
        var root = statement("arn:aws:iam::" + account + ":root", "kms:*");
        var ann = newUser(target);
        var annId = idOfUser(target);
        var roleId = newRole(target, role, userArn);
        var trusting = "for-" + user;
        assertNotEquals("", newRole(target, trusting, userArn));
        var app = session(assume(target, ann, roleArn));
        try (var kms = target.kms()) {
            var byPolicy = policy(root, statement(userArn, "kms:Encrypt"), statement(roleArn, "kms:Encrypt"));
            var key = kms.createKey(make -> make.policy(byPolicy)).keyMetadata().arn();
            var granted = kms.createKey().keyMetadata().arn();
            var first = grant(kms, granted, userArn, roleArn);
            assertNotEquals(first, grant(kms, granted, roleArn, userArn));
            assertEquals(first, grant(kms, granted, userArn, roleArn), "the same name");
            for (var caller : List.of(ann, app)) {
                assertOutcome("ok", target, caller, key);
                assertOutcome("ok", target, caller, granted);
            }

            delete(target, "user", user);
            delete(target, "role", role);
            var otherAnn = newUser(target);
            var otherRoleId = newRole(target, role, userArn);
            var otherApp = session(assume(target, otherAnn, roleArn));

            for (var caller : List.of(ann, app)) {
                assertOutcome(UNKNOWN, target, caller, key);
            }
            for (var caller : List.of(otherAnn, otherApp)) {
                assertOutcome("AccessDeniedException", target, caller, key);
                assertOutcome("AccessDeniedException", target, caller, granted);
            }
            assertEquals(
                    "AccessDenied",
                    assume(target, otherAnn, "arn:aws:iam::" + account + ":role/" + trusting),
                    "who was trusted is gone");
            assertEquals(
                    byPolicy.replace(userArn, annId).replace(roleArn, roleId),
                    kms.getKeyPolicy(get -> get.keyId(key)).policy());
            assertNotEquals(roleId, otherRoleId);
            assertEquals(List.of(annId, roleId), parties(kms, granted));
            var shown = admin(target, "role", "get", trusting).at("/role/trustPolicy");
            assertEquals(
                    annId,
                    JSON.readTree(shown.asText())
                            .at("/Statement/0/Principal/AWS")
                            .asText());

            assertNotEquals(first, grant(kms, granted, userArn, roleArn), "the same name for others");
            assertOutcome("ok", target, otherAnn, granted);
            assertOutcome("AccessDeniedException", target, otherApp, granted);
        }
    }

    /** Its id. */
    private static String grant(KmsClient kms, String key, String grantee, String retiring) {
        return kms.createGrant(asked -> asked.keyId(key)
                        .granteePrincipal(grantee)
                        .retiringPrincipal(retiring)
                        .name("nightly")
                        .operations(GrantOperation.ENCRYPT))
                .grantId();
    }

    private static List<String> parties(KmsClient kms, String key) {
        return kms.listGrants(asked -> asked.keyId(key)).grants().stream()
                .flatMap(grant -> Stream.of(grant.granteePrincipal(), grant.retiringPrincipal()))
                .sorted()
                .distinct()
                .toList();
    }

    private static void assertOutcome(String expected, Target target, AwsCredentials caller, String key) {
        for (var endpoint : endpoints(target)) {
            try (var kms = KmsClient.builder()
                    .endpointOverride(endpoint)
                    .region(Region.EU_WEST_1)
                    .credentialsProvider(StaticCredentialsProvider.create(caller))
                    .httpClient(UrlConnectionHttpClient.create())
                    .overrideConfiguration(overrides -> overrides.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                    .build()) {
                assertEquals(expected, outcome(kms, key), endpoint::toString);
            }
        }
    }

    private static String outcome(KmsClient kms, String key) {
        try {
            var unused = kms.encrypt(data -> data.keyId(key).plaintext(DATA));
            return "ok";
        } catch (KmsException e) {
            return e.awsErrorDetails().errorCode();
        }
    }

    /** What AssumeRole answers; of a refusal its code. */
    private static String assume(Target target, AwsCredentials caller, String role) throws Exception {
        var body = "Action=AssumeRole&Version=2011-06-15&RoleSessionName=job&RoleArn="
                + URLEncoder.encode(role, StandardCharsets.UTF_8);
        var uri = target.endpoint().resolve("/");
        var signed = AwsV4HttpSigner.create()
                .sign(signing -> signing.identity((AwsCredentialsIdentity) caller)
                        .request(SdkHttpRequest.builder()
                                .method(SdkHttpMethod.POST)
                                .uri(uri)
                                .putHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                                .build())
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sts")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1"))
                .request();
        var request = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body));
        signed.headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                request.header(name, values.get(0));
            }
        });
        var answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 200 ? answer.body() : element(answer.body(), "Code");
    }

    private static AwsCredentials session(String answer) {
        return AwsSessionCredentials.create(
                element(answer, "AccessKeyId"), element(answer, "SecretAccessKey"), element(answer, "SessionToken"));
    }

    private static String element(String xml, String name) {
        var found = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(xml);
        if (!found.find()) {
            throw new AssertionError("no " + name + " in " + xml);
        }
        return found.group(1);
    }
}
