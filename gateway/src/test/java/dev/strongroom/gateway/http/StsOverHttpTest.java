package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.sts.model.PolicyDescriptorType;
import software.amazon.awssdk.services.sts.model.Tag;

/** Temporary credentials, asked for by the SDK's own STS client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StsOverHttpTest implements AutoCloseable {

    private final StsScene scene = new StsScene();

    StsOverHttpTest() throws Exception {}

    @Test
    void everybodyMayAskWhoTheyAre() {
        try (var root = scene.sts(StsScene.ROOT);
                var alice = scene.sts(StsScene.ALICE);
                var session = scene.sts(scene.assumed(StsScene.ALICE, "app"))) {
            assertEquals(StsScene.arn("root"), root.getCallerIdentity().arn());
            assertEquals(StsScene.ACCOUNT, root.getCallerIdentity().userId());
            assertEquals(
                    StsScene.arn("user/team/alice"), alice.getCallerIdentity().arn());
            assertEquals("AIDAALICEALICEALICE2", alice.getCallerIdentity().userId());
            var identity = session.getCallerIdentity();
            assertEquals("arn:aws:sts::" + StsScene.ACCOUNT + ":assumed-role/app/job-1", identity.arn());
            assertEquals("AROAAPPAAAAAAAAAAAAA:job-1", identity.userId());
            assertEquals(StsScene.ACCOUNT, identity.account());
        }
    }

    @Test
    void aRoleThatNamesTheCallerIsAssumed() {
        try (var alice = scene.sts(StsScene.ALICE)) {
            var answer =
                    alice.assumeRole(StsScene.ask("app").durationSeconds(900).build());
            assertEquals(
                    "arn:aws:sts::" + StsScene.ACCOUNT + ":assumed-role/app/job-1",
                    answer.assumedRoleUser().arn());
            assertEquals("AROAAPPAAAAAAAAAAAAA:job-1", answer.assumedRoleUser().assumedRoleId());
            assertTrue(answer.credentials().accessKeyId().startsWith("ASIA"));
            var lasts = answer.credentials().expiration().getEpochSecond()
                    - Instant.now().getEpochSecond();
            assertTrue(lasts > 840 && lasts <= 900, () -> lasts + " s");
        }
    }

    @Test
    void theSessionUsesWhatAKeyPolicyGivesItsRole() {
        try (var root = scene.kms(StsScene.ROOT);
                var session = scene.kms(scene.assumed(StsScene.ALICE, "app"))) {
            var key = root.createKey().keyMetadata().keyId();
            assertEquals("400 AccessDeniedException", StsScene.code(() -> session.describeKey(b -> b.keyId(key))));
            root.putKeyPolicy(b -> b.keyId(key)
                    .policy(
                            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\""
                                    + StsScene.arn("root") + "\",\"" + StsScene.arn("role/app")
                                    + "\"]},\"Action\":\"kms:*\",\"Resource\":\"*\"}]}"));
            assertEquals(
                    key, session.describeKey(b -> b.keyId(key)).keyMetadata().keyId());
        }
    }

    @Test
    void whoeverIsNotTrustedIsRefused() {
        try (var alice = scene.sts(StsScene.ALICE);
                var root = scene.sts(StsScene.ROOT);
                var session = scene.sts(scene.assumed(StsScene.ALICE, "app"))) {
            // The account hands the right on to policies, and alice has none.
            var refusal = StsScene.refused(
                    () -> alice.assumeRole(StsScene.ask("delegated").build()));
            assertEquals(403, refusal.statusCode());
            assertTrue(refusal.awsErrorDetails()
                    .errorMessage()
                    .startsWith("User: " + StsScene.arn("user/team/alice")
                            + " is not authorized to perform: sts:AssumeRole on resource: "
                            + StsScene.arn("role/delegated")));
            assertEquals(
                    "403 AccessDenied",
                    StsScene.code(() -> alice.assumeRole(StsScene.ask("nobody").build())));
            assertEquals(
                    "403 AccessDenied",
                    StsScene.code(
                            () -> alice.assumeRole(StsScene.ask("path/app").build())));
            assertEquals(
                    "403 AccessDenied",
                    StsScene.code(() -> session.assumeRole(StsScene.ask("app").build())));
            assertEquals(
                    "Roles may not be assumed by root accounts.",
                    StsScene.refused(() -> root.assumeRole(StsScene.ask("app").build()))
                            .awsErrorDetails()
                            .errorMessage());
        }
    }

    @Test
    void conditionsSeeTheRequest() {
        var red = Tag.builder().key("team").value("red").build();
        try (var alice = scene.sts(StsScene.ALICE)) {
            var good = alice.assumeRole(
                    StsScene.ask("careful").externalId("e-17").tags(red).build());
            assertTrue(good.credentials().sessionToken().length() > 100);
            assertEquals(
                    "403 AccessDenied",
                    StsScene.code(() ->
                            alice.assumeRole(StsScene.ask("careful").tags(red).build())));
            assertEquals(
                    "403 AccessDenied",
                    StsScene.code(() -> alice.assumeRole(
                            StsScene.ask("careful").externalId("e-18").tags(red).build())));
            // To set tags is a permission of its own, which the other role does not give.
            assertEquals(
                    "403 AccessDenied",
                    StsScene.code(
                            () -> alice.assumeRole(StsScene.ask("app").tags(red).build())));
        }
    }

    @Test
    void rolesAssumeRolesForAnHour() {
        try (var session = scene.sts(scene.assumed(StsScene.ALICE, "app"))) {
            assertEquals(
                    "arn:aws:sts::" + StsScene.ACCOUNT + ":assumed-role/chained/job-1",
                    session.assumeRole(StsScene.ask("chained").build())
                            .assumedRoleUser()
                            .arn());
            assertEquals(
                    "400 ValidationError",
                    StsScene.code(() -> session.assumeRole(
                            StsScene.ask("chained").durationSeconds(3_601).build())));
        }
        try (var alice = scene.sts(StsScene.ALICE)) {
            assertEquals(
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
                    StsScene.refused(() -> alice.assumeRole(
                                    StsScene.ask("app").durationSeconds(7_201).build()))
                            .awsErrorDetails()
                            .errorMessage());
        }
    }

    @Test
    void whatLimitsASessionHasToExistAndToFitIntoAToken() {
        var policy =
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"arn:aws:kms:*:*:key/"
                        + "x".repeat(1_900) + "\"}]}";
        var tags = IntStream.range(0, 20)
                .mapToObj(i -> Tag.builder()
                        .key(i == 0 ? "team" : "tag" + i)
                        .value(i == 0 ? "red" : "v".repeat(200))
                        .build())
                .toList();
        try (var alice = scene.sts(StsScene.ALICE)) {
            var absent = PolicyDescriptorType.builder()
                    .arn(StsScene.arn("policy/absent"))
                    .build();
            assertEquals(
                    "400 ValidationError",
                    StsScene.code(() -> alice.assumeRole(
                            StsScene.ask("app").policyArns(absent).build())));
            assertEquals(
                    "400 MalformedPolicyDocument",
                    StsScene.code(() ->
                            alice.assumeRole(StsScene.ask("app").policy("{}").build())));
            var idle =
                    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\","
                            + "\"Condition\":{\"NumericLessThan\":{\"aws:MultiFactorAuthAge\":\"an hour\"}}}]}";
            assertEquals(
                    "400 MalformedPolicyDocument",
                    StsScene.code(() ->
                            alice.assumeRole(StsScene.ask("app").policy(idle).build())));
            var foreign = PolicyDescriptorType.builder()
                    .arn("arn:aws:iam::aws:policy/ReadOnlyAccess")
                    .build();
            assertEquals(
                    "400 ValidationError",
                    StsScene.code(() -> alice.assumeRole(
                            StsScene.ask("app").policyArns(foreign).build())));
            assertEquals(
                    "403 AccessDenied",
                    StsScene.code(() -> alice.assumeRole(StsScene.ask("app")
                            .serialNumber("arn:aws:iam::111122223333:mfa/x")
                            .tokenCode("123456")
                            .build())));
            assertEquals(
                    "400 PackedPolicyTooLarge",
                    StsScene.code(() -> alice.assumeRole(StsScene.ask("careful")
                            .externalId("e-17")
                            .tags(tags)
                            .policy(policy)
                            .build())));
        }
    }

    @Test
    void aUserHasSessionsOfItsOwnButNotOutOfASession() {
        try (var alice = scene.sts(StsScene.ALICE)) {
            var token = StsScene.session(alice.getSessionToken().credentials());
            try (var session = scene.sts(token)) {
                assertEquals(
                        StsScene.arn("user/team/alice"),
                        session.getCallerIdentity().arn());
                assertEquals(
                        "Cannot call GetSessionToken with session credentials",
                        StsScene.refused(session::getSessionToken)
                                .awsErrorDetails()
                                .errorMessage());
            }
            assertEquals(
                    "403 AccessDenied",
                    StsScene.code(() -> alice.getSessionToken(
                            b -> b.serialNumber("arn:aws:iam::1:mfa/x").tokenCode("123456"))));
        }
    }

    @Test
    void aSessionEndsWithItsRole() throws Exception {
        scene.make(StsScene.role("brief", StsScene.trust("{\"AWS\":\"" + StsScene.arn("user/team/alice") + "\"}", "")));
        try (var session = scene.sts(scene.assumed(StsScene.ALICE, "brief"));
                var alice = scene.sts(StsScene.ALICE)) {
            assertEquals(
                    "arn:aws:sts::" + StsScene.ACCOUNT + ":assumed-role/brief/job-1",
                    session.getCallerIdentity().arn());
            scene.administer(new IdentityCommand.DeleteIdentity(
                    UUID.randomUUID(), new IdentityName(IdentityKind.ROLE, StsScene.ACCOUNT, "brief")));
            assertEquals(
                    "403 AccessDenied",
                    StsScene.code(() -> alice.assumeRole(StsScene.ask("brief").build())));
        }
    }

    @Test
    void whoseAccessKeyIsGoneLeavesNoRecordThoughTheGatewayRemembersIt() throws Exception {
        var spare = AwsBasicCredentials.create("AKIASPARESPARESPARE1", "spare-secret");
        scene.accessKey(spare.accessKeyId(), StsScene.arn("user/team/alice"), spare.secretAccessKey());
        try (var alice = scene.sts(spare)) {
            assertEquals(
                    StsScene.arn("user/team/alice"), alice.getCallerIdentity().arn());
            var before = scene.audit.toString(UTF_8);
            assertTrue(before.contains(spare.accessKeyId()), before);
            scene.administer(new IdentityCommand.DeleteIdentity(
                    UUID.randomUUID(),
                    new IdentityName(IdentityKind.ACCESS_KEY, StsScene.ACCOUNT, spare.accessKeyId())));
            assertEquals("403 InvalidClientTokenId", StsScene.code(() -> alice.getCallerIdentity()));
            assertEquals(before, scene.audit.toString(UTF_8));
        }
    }

    @Test
    void aTokenIsOfNoUseWithoutItsOwnKey() {
        var one = (AwsSessionCredentials) scene.assumed(StsScene.ALICE, "app");
        var two = (AwsSessionCredentials) scene.assumed(StsScene.ALICE, "app");
        var crossed = List.of(
                AwsSessionCredentials.create(one.accessKeyId(), one.secretAccessKey(), two.sessionToken()),
                AwsSessionCredentials.create(one.accessKeyId(), two.secretAccessKey(), two.sessionToken()),
                AwsSessionCredentials.create(
                        one.accessKeyId(),
                        one.secretAccessKey(),
                        one.sessionToken().substring(0, one.sessionToken().length() - 8)),
                AwsSessionCredentials.create(StsScene.ALICE_KEY, "alice-secret", one.sessionToken()));
        for (var credentials : crossed) {
            try (var sts = scene.sts(credentials)) {
                assertEquals("403 InvalidClientTokenId", StsScene.code(sts::getCallerIdentity));
            }
        }
        try (var sts = scene.sts(AwsSessionCredentials.create(one.accessKeyId(), "wrong", one.sessionToken()))) {
            assertEquals("403 SignatureDoesNotMatch", StsScene.code(sts::getCallerIdentity));
        }
        try (var sts = scene.sts(AwsBasicCredentials.create(one.accessKeyId(), one.secretAccessKey()))) {
            assertEquals("403 InvalidClientTokenId", StsScene.code(sts::getCallerIdentity));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Action=GetCallerIdentity&Version=2011-06-15|403 MissingAuthenticationToken",
                "Action=GetFederationToken&Version=2011-06-15|400 InvalidAction",
                "Version=2011-06-15|400 MissingAction",
                "Action=%zz|400 MalformedInput",
                "Action=Foo%02%EF%BF%BE&Version=2011-06-15|400 InvalidAction",
                "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=%01%00%1F%0B%5D%5D%3E|400 ValidationError",
                "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=x|400 ValidationError",
            })
    void whatIsNoRequestIsRefusedInXml(String row) throws Exception {
        var columns = row.split("\\|", -1);
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(scene.gateway.uri().toString()))
                                .header("Content-Type", "application/X-WWW-form-urlencoded; charset=utf-8")
                                .POST(HttpRequest.BodyPublishers.ofString(columns[0]))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(columns[1], answer.statusCode() + " " + answer.body().replaceAll("(?s).*<Code>|</Code>.*", ""));
        assertTrue(answer.body().contains("<Type>Sender</Type>"), answer.body());
        assertDoesNotThrow(
                () -> DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(answer.body()))),
                answer.body());
    }

    @Test
    void theRecordNamesTheRoleAndKeepsTheSecrets() throws JOSEException {
        scene.audit.reset();
        var session = (AwsSessionCredentials) scene.assumed(StsScene.ALICE, "app");
        var line = scene.audit.toString(UTF_8);
        assertTrue(line.contains("\"eventSource\":\"sts.amazonaws.com\",\"eventName\":\"AssumeRole\""), line);
        assertTrue(line.contains("\"roleArn\":\"" + StsScene.arn("role/app") + "\""), line);
        assertTrue(line.contains("\"type\":\"AWS::IAM::Role\""), line);
        scene.audit.reset();
        try (var alice = scene.sts(StsScene.ALICE)) {
            var unused = alice.assumeRole(StsScene.ask("careful")
                    .externalId("e-17")
                    .durationSeconds(900)
                    .tags(Tag.builder().key("team").value("red").build())
                    .build());
        }
        assertTrue(
                scene.audit
                        .toString(UTF_8)
                        .contains("\"durationSeconds\":900,\"tags\":[{\"key\":\"team\",\"value\":\"red\"}]"),
                scene.audit.toString(UTF_8));
        assertTrue(line.contains(session.accessKeyId()), line);
        assertFalse(line.contains(session.secretAccessKey()), line);
        assertFalse(line.contains(session.sessionToken()), line);
        var token = scene.token(new JWTClaimsSet.Builder().subject("app"));
        try (var sts = scene.sts(AnonymousCredentialsProvider.create())) {
            var unused = sts.assumeRoleWithWebIdentity(b ->
                    b.roleArn(StsScene.arn("role/web")).roleSessionName("pod").webIdentityToken(token));
        }
        assertTrue(scene.audit.toString(UTF_8).contains("\"type\":\"WebIdentityUser\""), scene.audit.toString(UTF_8));
        assertFalse(scene.audit.toString(UTF_8).contains(token));
    }

    @AfterAll
    @Override
    public void close() {
        scene.close();
    }
}
