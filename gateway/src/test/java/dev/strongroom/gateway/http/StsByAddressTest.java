package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.strongroom.gateway.sigv4.RequestSigner;
import dev.strongroom.gateway.sigv4.RequestSigner.Credentials;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** Requests of STS in the query string, which a signature in the header covers (STS API reference, "Making Query Requests"). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StsByAddressTest implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String WHO = "Action=GetCallerIdentity&Version=2011-06-15";

    private final StsScene scene = new StsScene();

    StsByAddressTest() throws Exception {}

    /** What alice signs, as {@code sent} instead; a GET unless there is a body. */
    private HttpResponse<String> ask(String signed, String sent) throws Exception {
        var headers = headers(signed);
        var request = HttpRequest.newBuilder(address(sent)).GET();
        headers.forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Host")) {
                request.header(name, values.get(0));
            }
        });
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private Map<String, List<String>> headers(String query) {
        var plain = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(address(query))
                .build();
        return AwsV4HttpSigner.create()
                .sign(signing -> signing.identity(StsScene.ALICE)
                        .request(plain)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sts")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1"))
                .request()
                .headers();
    }

    private URI address(String query) {
        return URI.create("http://127.0.0.1:" + scene.gateway.uri().getPort() + "/?" + query);
    }

    private static String outcome(HttpResponse<String> answer) {
        var body = answer.body();
        return answer.statusCode()
                + (body.contains("<Code>") ? " " + body.replaceAll("(?s).*<Code>|</Code>.*", "") : "");
    }

    @Test
    void whoSignsTheAddressIsTold() throws Exception {
        var answer = ask(WHO, WHO);
        assertEquals("200", outcome(answer));
        assertTrue(answer.body().contains("<Arn>" + StsScene.arn("user/team/alice") + "</Arn>"), answer.body());
        assertTrue(answer.headers().firstValue("cache-control").orElse("").contains("no-store"));
    }

    @Test
    void aRoleIsAssumedAndRecorded() throws Exception {
        var query = "Action=AssumeRole&RoleArn=" + StsScene.arn("role/app").replace(":", "%3A")
                + "&RoleSessionName=a%2Bb&Version=2011-06-15&DurationSeconds=900";
        scene.audit.reset();
        var answer = ask(query, query);
        assertEquals("200", outcome(answer));
        assertTrue(answer.body().contains(":assumed-role/app/a+b</Arn>"), answer.body());
        var line = scene.audit.toString(UTF_8);
        assertTrue(line.contains("\"roleSessionName\":\"a+b\",\"durationSeconds\":900"), line);
    }

    @Test
    void aListThatIsNotNumberedIsRefusedAndRecorded() throws Exception {
        var query = "Action=AssumeRole&RoleArn=" + StsScene.arn("role/app").replace(":", "%3A")
                + "&RoleSessionName=job&Version=2011-06-15&Tags.member.2.Key=team&Tags.member.2.Value=red";
        scene.audit.reset();
        assertEquals("400 MalformedInput", outcome(ask(query, query)));
        var line = scene.audit.toString(UTF_8);
        assertTrue(line.contains("\"errorCode\":\"MalformedInput\""), line);
    }

    @Test
    void whatCannotBeReadIsRecordedIfItsSignerIsKnown() throws Exception {
        var body = "Action=GetCallerIdentity&RoleSessionName=canary&Policy=%zz";
        var target = URI.create("http://127.0.0.1:" + scene.gateway.uri().getPort() + "/");
        var broken = HttpRequest.newBuilder(target)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        scene.audit.reset();
        assertEquals("400 MalformedInput", outcome(CLIENT.send(broken.build(), HttpResponse.BodyHandlers.ofString())));
        assertEquals("", scene.audit.toString(UTF_8), "nobody knows who that was");

        new RequestSigner(new Credentials(StsScene.ALICE_KEY, "alice-secret", Optional.empty()), "eu-west-1", "sts")
                .headers(target, body.getBytes(UTF_8), InstantSource.system().instant())
                .forEach(broken::header);
        assertEquals("400 MalformedInput", outcome(CLIENT.send(broken.build(), HttpResponse.BodyHandlers.ofString())));
        var twice = WHO + "&RoleSessionName=canary&Action=AssumeRole";
        assertEquals("400 MalformedInput", outcome(ask(twice, twice)));

        var lines = scene.audit.toString(UTF_8).lines().toList();
        assertEquals(2, lines.size());
        for (var line : lines) {
            assertTrue(line.contains("\"eventName\":\"Unknown\""), line);
            assertTrue(line.contains("\"errorCode\":\"MalformedInput\""), line);
            assertTrue(line.contains("\"requestParameters\":null"), line);
            assertTrue(line.contains("user/team/alice"), line);
            assertFalse(line.contains("canary"), line);
        }
    }

    @Test
    void aWebIdentityTokenSpeaksForItself() throws Exception {
        var token = webToken();
        var query = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=pod&RoleArn="
                + StsScene.arn("role/web") + "&WebIdentityToken=" + token;
        var answer =
                CLIENT.send(HttpRequest.newBuilder(address(query)).GET().build(), HttpResponse.BodyHandlers.ofString());
        assertEquals("200", outcome(answer));
        assertTrue(answer.body().contains("<SubjectFromWebIdentityToken>app<"), answer.body());
    }

    private String webToken() throws JOSEException {
        return scene.token(new JWTClaimsSet.Builder().subject("app"));
    }

    @ParameterizedTest
    @CsvSource({
        WHO + ", Action=GetSessionToken&Version=2011-06-15, 403 SignatureDoesNotMatch",
        WHO + ", " + WHO + "&X=1, 403 SignatureDoesNotMatch",
        WHO + "&X=1, " + WHO + ", 403 SignatureDoesNotMatch",
        WHO + "&Action=AssumeRole, " + WHO + "&Action=AssumeRole, 400 MalformedInput",
        "Action=Nothing&Version=2011-06-15, Action=Nothing&Version=2011-06-15, 400 InvalidAction",
        "Action=GetCallerIdentity, Action=GetCallerIdentity, 400 InvalidAction",
    })
    void whatWasNotSignedOrIsNoRequestIsRefused(String signed, String sent, String outcome) throws Exception {
        assertEquals(outcome, outcome(ask(signed, sent)));
    }

    @ParameterizedTest
    @CsvSource({
        WHO + ", 403 MissingAuthenticationToken",
        WHO + "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x&X-Amz-Signature=00, 403 MissingAuthenticationToken",
        "Version=2011-06-15, 404",
        "x=Action=GetCallerIdentity, 404",
    })
    void whoDoesNotSignInTheHeaderIsNobody(String query, String outcome) throws Exception {
        var request = HttpRequest.newBuilder(address(query)).GET().build();
        assertEquals(outcome, outcome(CLIENT.send(request, HttpResponse.BodyHandlers.ofString())));
    }

    @Test
    void aFormAndItsAddressAreOneRequest() throws Exception {
        var twice = HttpRequest.newBuilder(address("Action=GetCallerIdentity"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("Action=AssumeRole&Version=2011-06-15"))
                .build();
        assertEquals("400 MalformedInput", outcome(CLIENT.send(twice, HttpResponse.BodyHandlers.ofString())));
        var parted = HttpRequest.newBuilder(address("Action=GetCallerIdentity"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("Version=2011-06-15"))
                .build();
        assertEquals(
                "403 MissingAuthenticationToken", outcome(CLIENT.send(parted, HttpResponse.BodyHandlers.ofString())));
    }

    @AfterAll
    @Override
    public void close() {
        scene.close();
    }
}
