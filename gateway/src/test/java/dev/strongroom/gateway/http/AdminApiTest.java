package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strongroom.gateway.admin.LiveAdministration;
import dev.strongroom.gateway.audit.AuditSettings;
import dev.strongroom.gateway.audit.LineAuditLog;
import dev.strongroom.gateway.sigv4.RequestSigner;
import dev.strongroom.gateway.sigv4.RequestSigner.Credentials;
import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.node.NodeSurroundings;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.SessionTerms;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The management API over HTTP, before a node in the same process. */
class AdminApiTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCOUNT = "111122223333";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final Credentials ROOT = new Credentials("AKIAROOTROOTROOTROOT", SECRET, Optional.empty());
    private final Instant now = InstantSource.system().instant();

    private final Entropy entropy = Entropy.start(Bytes.wrap(new byte[16]), System::nanoTime);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HsmNode node;
    private final Path folder;
    private final LineAuditLog log;
    private Gateway gateway;

    /** What came back. */
    private record Answer(int status, JsonNode json) {
        String code() {
            return status + " " + json.path("code").asText();
        }
    }

    AdminApiTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        node = HsmNode.openInMemory(new NodeSurroundings(entropy, InstantSource.system(), System::nanoTime, "test"));
        log = LineAuditLog.open(
                Optional.of(folder.resolve("audit.log")),
                Optional.empty(),
                AuditSettings.usual(),
                InstantSource.system());
        gateway = new Gateway(
                node.gateway(), null, log, System::nanoTime, Optional.of(LiveAdministration.of(node, entropy)));
    }

    @BeforeEach
    void makeRoot() {
        accessKey(ROOT, "arn:aws:iam::" + ACCOUNT + ":root");
    }

    private void accessKey(Credentials credentials, String arn) {
        var unused = node.identityAdmin()
                .call(new IdentityCommand.CreateAccessKey(
                        UUID.randomUUID(),
                        credentials.accessKeyId(),
                        ACCOUNT,
                        arn,
                        Plaintext.wrap(credentials.secret().getBytes(UTF_8))))
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
        node.close();
    }

    private Answer post(Credentials credentials, String service, Instant time, String body) throws Exception {
        var target = gateway.uri().resolve("/admin/v1");
        var octets = body.replace('\'', '"').getBytes(UTF_8);
        var request = HttpRequest.newBuilder(target).POST(HttpRequest.BodyPublishers.ofByteArray(octets));
        new RequestSigner(credentials, "eu-west-1", service)
                .headers(target, octets, time)
                .forEach(request::header);
        return send(request.build());
    }

    private Answer post(Credentials credentials, String body) throws Exception {
        return post(credentials, "strongroom", now, body);
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(
                answer.statusCode(),
                answer.headers().firstValue("content-type").orElse("").equals("application/json")
                        ? JSON.readTree(answer.body())
                        : JSON.createObjectNode());
    }

    @Test
    void aPrivateKeyThatIsSentByMistakeIsKeptNowhere() throws Exception {
        var keys = "{\\'keys\\':[{\\'kty\\':\\'oct\\',\\'k\\':\\'Y2FuYXJ5\\'}]}";
        var answer = post(
                ROOT,
                "{'kind':'oidc-provider','verb':'create','url':'https://x.example','keys':'" + keys
                        + "','clientIds':['a']}");

        assertEquals("400 ValidationError", answer.code());
        assertFalse(answer.json().toString().contains("Y2FuYXJ5"), answer.json().toString());
        var lines = Files.readString(folder.resolve("audit.log"));
        assertTrue(lines.contains("ValidationError"), lines);
        assertFalse(lines.contains("Y2FuYXJ5"), lines);
    }

    @Test
    void theRootOfAnAccountAdministersItAndIsRecordedWithoutSecrets() throws Exception {
        var user = post(ROOT, "{'kind':'user','verb':'create','name':'ann'}");
        assertEquals(200, user.status());
        assertEquals(
                "arn:aws:iam::111122223333:user/ann",
                user.json().at("/user/arn").asText());
        var key = post(ROOT, "{'kind':'access-key','verb':'create','user':'ann'}");
        var secret = key.json().at("/accessKey/secretAccessKey").asText();
        assertEquals(40, secret.length());
        assertEquals(
                "404 NoSuchEntity",
                post(ROOT, "{'kind':'user','verb':'get','name':'x'}").code());

        var lines = Files.readAllLines(folder.resolve("audit.log"));
        assertEquals(3, lines.size());
        var first = JSON.readTree(lines.get(0));
        assertEquals("strongroom", first.path("eventSource").asText());
        assertEquals("CreateUser", first.path("eventName").asText());
        assertEquals("Root", first.at("/userIdentity/type").asText());
        assertEquals("ann", first.at("/requestParameters/name").asText());
        assertEquals(user.json(), first.path("responseElements"));
        assertTrue(lines.get(1).contains(key.json().at("/accessKey/accessKeyId").asText()));
        assertFalse(String.join("\n", lines).contains(secret));
        assertEquals(
                "NoSuchEntity", JSON.readTree(lines.get(2)).path("errorCode").asText());
        assertTrue(JSON.readTree(lines.get(2)).path("readOnly").booleanValue());
    }

    @Test
    void nobodyElseDoes() throws Exception {
        var created = post(ROOT, "{'kind':'user','verb':'create','name':'ann'}");
        assertEquals(200, created.status());
        var ann = new Credentials("AKIAANNANNANNANNANNA", SECRET, Optional.empty());
        accessKey(ann, "arn:aws:iam::111122223333:user/ann");
        var list = "{'kind':'user','verb':'list'}";

        assertEquals("403 AccessDenied", post(ann, list).code());
        assertEquals(
                "403 AccessDenied",
                post(ROOT, list.replace("}", ",'account':'999999999999'}")).code());
        assertEquals(
                "403 AccessDenied",
                post(ROOT, "{'kind':'account','verb':'list'}").code());
        assertEquals(
                "403 AccessDenied",
                post(ROOT, "{'kind':'account','verb':'create','account':'111122223333'}")
                        .code());
        assertEquals(
                "400 UnrecognizedClientException",
                post(new Credentials("AKIANOBODYNOBODYNOBO", SECRET, Optional.empty()), list)
                        .code());
        assertEquals(
                "400 InvalidSignatureException",
                post(new Credentials(ROOT.accessKeyId(), "another", Optional.empty()), list)
                        .code());
        assertEquals(
                "400 InvalidSignatureException", post(ROOT, "kms", now, list).code());
        assertEquals(
                "400 InvalidSignatureException",
                post(ROOT, "strongroom", now.minusSeconds(400), list).code());
        var unsigned = HttpRequest.newBuilder(gateway.uri().resolve("/admin/v1"))
                .POST(HttpRequest.BodyPublishers.ofString(list))
                .build();
        assertEquals("400 MissingAuthenticationTokenException", send(unsigned).code());
    }

    @Test
    void aSessionOfTheRootDoesNot() throws Exception {
        var minted = node.gateway()
                .call(new IdentityCommand.MintSession(
                        "arn:aws:iam::111122223333:root", "", 900, SessionTerms.NONE, List.of()))
                .toCompletableFuture()
                .join();
        var session = new Credentials(
                minted.accessKeyId(),
                minted.secret().use(octets -> new String(octets, UTF_8)),
                Optional.of(Base64.getEncoder().encodeToString(minted.token().toArray())));
        assertEquals(
                "403 AccessDenied",
                post(session, "{'kind':'user','verb':'list'}").code());
    }

    @Test
    void anAccessKeyThatWasDisabledOpensNothingAtOnce() throws Exception {
        var list = "{'kind':'user','verb':'list'}";
        assertEquals(200, post(ROOT, list).status());
        var disabled = post(ROOT, "{'kind':'access-key','verb':'disable','accessKeyId':'" + ROOT.accessKeyId() + "'}");
        assertEquals(200, disabled.status());
        assertEquals("400 UnrecognizedClientException", post(ROOT, list).code());
        assertEquals(2, Files.readAllLines(folder.resolve("audit.log")).size(), "it is the key of nobody");
    }

    @Test
    void whatIsNoRequestIsRefusedAndRecordedWithoutItsContent() throws Exception {
        var bodies = List.of(
                "",
                "canary",
                "[]",
                "{} {}",
                "{'kind':'user','verb':'list'",
                "{'kind':'user','verb':'canary'}".replace("canary", "x".repeat(5_000)),
                "{'kind':'user','verb':['list']}",
                "{'kind':'user','kind':'user','verb':'list','name':'canary'}");
        for (var body : bodies) {
            assertEquals("400 ValidationError", post(ROOT, body).code(), body);
        }
        var lines = Files.readAllLines(folder.resolve("audit.log"));
        assertEquals(bodies.size(), lines.size());
        for (var text : lines) {
            var line = JSON.readTree(text);
            assertEquals("Unknown", line.path("eventName").asText());
            assertEquals("ValidationError", line.path("errorCode").asText());
            assertTrue(line.path("requestParameters").isNull(), text);
            assertFalse(text.contains("canary"), text);
            assertTrue(text.length() < 2_500, "a refusal made a line of " + text.length());
        }
        var get =
                HttpRequest.newBuilder(gateway.uri().resolve("/admin/v1")).GET().build();
        assertEquals(404, send(get).status());
    }

    @Test
    void aGatewayWithoutAnAdministratorHasNoSuchApi() throws Exception {
        gateway.close();
        gateway = new Gateway(node.gateway(), null, log, System::nanoTime);
        assertEquals(404, post(ROOT, "{'kind':'user','verb':'list'}").status());
    }
}
