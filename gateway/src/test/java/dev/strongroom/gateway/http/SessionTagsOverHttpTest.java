package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.strongroom.hsm.protocol.IdentityArn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/** What a session hands down when it assumes another role: transitive tags and its source identity. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionTagsOverHttpTest implements AutoCloseable {

    private static final Tag RED = tag("team", "red");
    private static final Tag GOOD = tag("mood", "good");
    private static final String ALL = "[\"sts:AssumeRole\",\"sts:TagSession\",\"sts:SetSourceIdentity\"]";

    private final StsScene scene = new StsScene();

    SessionTagsOverHttpTest() throws Exception {
        make("first", "user/team/alice", ALL, "{}");
        make("second", "role/first", ALL, "{}");
        make("third", "role/second", ALL, "{}");
        make("plain", "role/first", "\"sts:AssumeRole\"", "{}");
        make("traced", "role/first", "[\"sts:AssumeRole\",\"sts:TagSession\"]", "{}");
        make(
                "guarded",
                "role/first",
                ALL,
                "{\"StringEquals\":{\"aws:RequestTag/team\":\"red\"},"
                        + "\"ForAllValues:StringEquals\":{\"aws:TagKeys\":[\"team\",\"mood\"],"
                        + "\"sts:TransitiveTagKeys\":[\"team\"]}}");
        var provider = IdentityArn.oidcProvider(StsScene.ACCOUNT, "issuer.example.com/realm");
        scene.make(StsScene.role(
                "webtagged",
                trust(
                        "{\"Federated\":\"" + provider + "\"}",
                        "[\"sts:AssumeRoleWithWebIdentity\",\"sts:TagSession\"]",
                        "{}")));
    }

    private void make(String role, String trusted, String actions, String condition) throws Exception {
        scene.make(StsScene.role(role, trust("{\"AWS\":\"" + StsScene.arn(trusted) + "\"}", actions, condition)));
    }

    private static String trust(String principal, String actions, String condition) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":" + principal
                + ",\"Action\":" + actions + ",\"Condition\":" + condition + "}]}";
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    /** Credentials of the first role with both tags, of which those of the keys {@code transitive} are handed down. */
    private AwsCredentials first(String... transitive) {
        return assumed(StsScene.ALICE, StsScene.ask("first").tags(RED, GOOD).transitiveTagKeys(transitive));
    }

    private AwsCredentials assumed(AwsCredentials by, AssumeRoleRequest.Builder asked) {
        try (var sts = scene.sts(by)) {
            return StsScene.session(sts.assumeRole(asked.build()).credentials());
        }
    }

    private String refusal(AwsCredentials by, AssumeRoleRequest.Builder asked) {
        try (StsClient sts = scene.sts(by)) {
            var refused = StsScene.refused(() -> sts.assumeRole(asked.build()));
            return refused.awsErrorDetails().errorCode() + ": "
                    + refused.awsErrorDetails().errorMessage();
        }
    }

    /** Whether key policies see both tags, one or none. */
    private String seen(AwsCredentials session) {
        try (var root = scene.kms(StsScene.ROOT);
                var kms = scene.kms(session)) {
            var key = root.createKey(b -> b.policy("{\"Version\":\"2012-10-17\",\"Statement\":["
                            + "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + StsScene.arn("root")
                            + "\"},\"Action\":\"kms:*\",\"Resource\":\"*\"},"
                            + allow("kms:DescribeKey", "team", "red") + "," + allow("kms:GetKeyPolicy", "mood", "good")
                            + "]}"))
                    .keyMetadata()
                    .keyId();
            var tags = "";
            try {
                tags += kms.describeKey(b -> b.keyId(key)).keyMetadata().keyId().isEmpty() ? "" : "team ";
            } catch (KmsException e) {
                assertEquals("AccessDeniedException", e.awsErrorDetails().errorCode());
            }
            try {
                tags += kms.getKeyPolicy(b -> b.keyId(key)).policy().isEmpty() ? "" : "mood ";
            } catch (KmsException e) {
                assertEquals("AccessDeniedException", e.awsErrorDetails().errorCode());
            }
            return tags.strip();
        }
    }

    private static String allow(String action, String tag, String value) {
        return "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"" + action
                + "\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/" + tag + "\":\"" + value
                + "\"}}}";
    }

    @Test
    void aTransitiveTagGoesAlongAndAnotherStaysBehind() {
        var first = first("team");
        assertEquals("team mood", seen(first));
        var second = assumed(first, StsScene.ask("second"));
        assertEquals("team", seen(second));
        assertEquals("team", seen(assumed(second, StsScene.ask("third"))));
        // What the second session adds goes no further than it says.
        var tagged = assumed(first, StsScene.ask("second").tags(GOOD));
        assertEquals("team mood", seen(tagged));
        assertEquals("team", seen(assumed(tagged, StsScene.ask("third"))));
        var handing = assumed(first, StsScene.ask("second").tags(GOOD).transitiveTagKeys("mood"));
        assertEquals("team mood", seen(assumed(handing, StsScene.ask("third"))));
        assertEquals("", seen(assumed(first(), StsScene.ask("second"))));
    }

    @Test
    void aTransitiveTagIsNotOverridden() {
        var first = first("team");
        for (var key : List.of("team", "TEAM")) {
            assertEquals(
                    "InvalidParameterValue: One of the specified transitive tag keys can't be set because it conflicts"
                            + " with a transitive tag key from the calling session.",
                    refusal(first, StsScene.ask("second").tags(tag(key, "red"))));
        }
        // One that stays behind is in nobody's way.
        assertEquals("mood", seen(assumed(first(), StsScene.ask("second").tags(GOOD))));
    }

    @Test
    void whoHandsTagsDownHasToBePermittedToSetTags() {
        var start = "AccessDenied: User: arn:aws:sts::" + StsScene.ACCOUNT
                + ":assumed-role/first/job-1 is not authorized to perform: sts:TagSession on resource: "
                + StsScene.arn("role/plain");
        var refused = refusal(first("team"), StsScene.ask("plain"));
        assertTrue(refused.startsWith(start), refused);
        assertEquals("", seen(assumed(first(), StsScene.ask("plain"))));
    }

    @Test
    void conditionsSeeWhatTheSessionWillHave() {
        assertEquals("team", seen(assumed(first("team"), StsScene.ask("guarded"))));
        assertEquals(
                "team mood", seen(assumed(first("team"), StsScene.ask("guarded").tags(GOOD))));
        var denied = "AccessDenied: User: ";
        for (var refused : List.of(
                refusal(first(), StsScene.ask("guarded")),
                refusal(first("team", "mood"), StsScene.ask("guarded")),
                refusal(first("team"), StsScene.ask("guarded").tags(GOOD).transitiveTagKeys("mood")),
                refusal(first("team"), StsScene.ask("guarded").tags(tag("other", "x"))))) {
            assertTrue(refused.startsWith(denied), refused);
        }
    }

    @Test
    void aSourceIdentityStaysTheSameThroughAllRoles() {
        var first = assumed(StsScene.ALICE, StsScene.ask("first").sourceIdentity("ann"));
        try (var sts = scene.sts(first)) {
            scene.audit.reset();
            assertEquals("ann", sts.assumeRole(StsScene.ask("second").build()).sourceIdentity());
            var record = scene.audit.toString(UTF_8);
            assertTrue(record.contains("\"mfaAuthenticated\":\"false\"},\"sourceIdentity\":\"ann\"}"), record);
            assertTrue(record.contains("},\"sourceIdentity\":\"ann\"},\"requestID\""), record);
            assertEquals(
                    "ann",
                    sts.assumeRole(StsScene.ask("second").sourceIdentity("ann").build())
                            .sourceIdentity());
        }
        assertEquals(
                "AccessDenied: The SourceIdentity of a session cannot be changed by assuming another role.",
                refusal(first, StsScene.ask("second").sourceIdentity("bob")));
        var refused = refusal(first, StsScene.ask("traced"));
        assertTrue(refused.contains("is not authorized to perform: sts:SetSourceIdentity"), refused);
    }

    @Test
    void aProviderTagsSessionsIfTheRoleLetsIt() throws JOSEException {
        var tags = Map.of(
                "principal_tags", Map.of("team", List.of("red"), "mood", List.of("good")),
                "transitive_tag_keys", List.of("team"));
        var token = scene.token(new JWTClaimsSet.Builder().subject("app").claim("https://aws.amazon.com/tags", tags));
        scene.audit.reset();
        try (var sts = scene.sts(AnonymousCredentialsProvider.create())) {
            var answer = sts.assumeRoleWithWebIdentity(b -> b.roleArn(StsScene.arn("role/webtagged"))
                    .roleSessionName("pod")
                    .webIdentityToken(token));
            var line = scene.audit.toString(UTF_8);
            assertTrue(line.contains("\"principalTags\":{\"mood\":\"good\",\"team\":\"red\"}"), line);
            assertTrue(line.contains("\"transitiveTagKeys\":[\"team\"]"), line);
            assertEquals("team mood", seen(StsScene.session(answer.credentials())));
            assertEquals(
                    "Not authorized to perform sts:TagSession",
                    StsScene.refused(() -> sts.assumeRoleWithWebIdentity(b -> b.roleArn(StsScene.arn("role/web"))
                                    .roleSessionName("pod")
                                    .webIdentityToken(token)))
                            .awsErrorDetails()
                            .errorMessage());
        }
    }

    @Test
    void theRecordSaysWhatWasHandedDown() {
        var first = first("team");
        scene.audit.reset();
        var unused = assumed(first, StsScene.ask("second").tags(GOOD).transitiveTagKeys("mood"));
        var line = scene.audit.toString(UTF_8);
        assertTrue(line.contains("\"tags\":[{\"key\":\"mood\",\"value\":\"good\"}]"), line);
        assertTrue(line.contains("\"incomingTransitiveTags\":{\"team\":\"red\"}"), line);
        assertTrue(line.contains("\"transitiveTagKeys\":[\"mood\"]"), line);
    }

    @AfterAll
    @Override
    public void close() {
        scene.close();
    }
}
