package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strongroom.gateway.audit.AuditLog;
import dev.strongroom.gateway.audit.AuditRecord;
import dev.strongroom.gateway.audit.AuditSettings;
import dev.strongroom.gateway.audit.LineAuditLog;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Every answer to a known caller has its record, and says nothing that a record must not say. */
class AuditedRequestsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET_TEXT = "attack at dawn, says nobody";

    @TempDir
    private Path folder;

    private final ScriptedHsm hsm = new ScriptedHsm();

    @BeforeEach
    void aKeyThatEncrypts() {
        var key = Optional.of(ScriptedHsm.key(1, KeyState.ENABLED));
        hsm.keyIs(key, key);
        hsm.on(
                UseCommand.Encrypt.class,
                encrypt -> new Reply.Encrypted(Bytes.wrap("ciphertext".getBytes(UTF_8)), "f".repeat(64)));
    }

    @Test
    void aSuccessIsRecordedWithItsRequestIdAndWithoutThePlaintext() throws Exception {
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log);
                var kms = gateway.sdk(ScriptedHsm.SECRET)) {
            var answer = kms.encrypt(encrypt -> encrypt.keyId(ScriptedHsm.KEY_ID)
                    .encryptionContext(java.util.Map.of("bucket", "archive"))
                    .plaintext(SdkBytes.fromUtf8String(SECRET_TEXT)));
            var record = onlyRecord();
            assertEquals(
                    answer.responseMetadata().requestId(),
                    record.get("requestID").textValue());
            assertEquals("Encrypt", record.get("eventName").textValue());
            assertEquals("eu-west-1", record.get("awsRegion").textValue());
            assertTrue(record.get("readOnly").booleanValue());
            assertEquals(
                    JSON.readTree("{\"keyId\":\"" + ScriptedHsm.KEY_ID + "\",\"encryptionContext\":{\"bucket\":"
                            + "\"archive\"},\"encryptionAlgorithm\":\"SYMMETRIC_DEFAULT\"}"),
                    record.get("requestParameters"));
            assertTrue(record.get("responseElements").isNull());
            assertEquals(
                    "f".repeat(64),
                    record.at("/additionalEventData/keyMaterialId").textValue());
            assertEquals(ScriptedHsm.KEY_ARN, record.at("/resources/0/ARN").textValue());
            assertEquals("127.0.0.1", record.get("sourceIPAddress").textValue());
            assertEquals("Root", record.at("/userIdentity/type").textValue());
            assertFalse(record.has("errorCode"));
            assertFalse(record.has("tlsDetails"));
            assertHidden(SECRET_TEXT, "ciphertext", ScriptedHsm.SECRET);
        }
    }

    @Test
    void nobodyHidesWhatWasAskedByMakingTheRequestLong() throws Exception {
        var asked = "{\"KeyId\":\"" + ScriptedHsm.KEY_ID + "\",\"Plaintext\":\"AAAA\",\"EncryptionContext\":{\"a\":\""
                + "y".repeat(4_000) + "\"}";
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log);
                var wire = new Wire(gateway.port())) {
            wire.send(gateway.raw("Encrypt", asked + " ".repeat(900_000) + "}"));
            assertEquals(200, wire.receive().status());
            assertEquals(
                    "y".repeat(4_000),
                    onlyRecord().at("/requestParameters/encryptionContext/a").textValue());
            Files.delete(file());
        }
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log);
                var wire = new Wire(gateway.port())) {
            wire.send(gateway.raw("Encrypt", asked.replace("\"}", "x".repeat(400_000) + "\"}") + "}"));
            assertEquals(400, wire.receive().status());
            assertEquals(
                    JSON.readTree("{\"omitted\":true,\"reason\":\"requestParameters too large\"}"),
                    onlyRecord().get("requestParameters"));
        }
    }

    @Test
    void aFailureIsRecordedWithItsErrorAndItsKey() throws Exception {
        var key = Optional.of(ScriptedHsm.key(1, KeyState.DISABLED));
        hsm.keyIs(key, key);
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log);
                var kms = gateway.sdk(ScriptedHsm.SECRET)) {
            assertThrows(
                    DisabledException.class,
                    () -> kms.encrypt(encrypt ->
                            encrypt.keyId(ScriptedHsm.KEY_ARN).plaintext(SdkBytes.fromUtf8String(SECRET_TEXT))));
            var record = onlyRecord();
            assertEquals("DisabledException", record.get("errorCode").textValue());
            assertEquals(
                    ScriptedHsm.KEY_ARN + " is disabled.",
                    record.get("errorMessage").textValue());
            assertEquals(ScriptedHsm.KEY_ARN, record.at("/resources/0/ARN").textValue());
            assertHidden(SECRET_TEXT);
        }
    }

    @Test
    void permissionThatIsDeniedBearsCloudTrailsName() throws Exception {
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log);
                var kms = gateway.sdk(ScriptedHsm.SECRET)) {
            assertThrows(
                    KmsException.class,
                    () -> kms.describeKey(describe ->
                            describe.keyId("arn:aws:kms:eu-west-1:999999999999:key/" + ScriptedHsm.KEY_ID)));
            assertEquals("AccessDenied", onlyRecord().get("errorCode").textValue());
        }
    }

    @Test
    void aChangeOfAKeyNamesTheKeyInItsResponse() throws Exception {
        hsm.on(ChangeCommand.ChangeKey.class, change -> new Reply.ChangedKey(ScriptedHsm.key(2, KeyState.DISABLED)));
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log);
                var kms = gateway.sdk(ScriptedHsm.SECRET)) {
            var unused = kms.disableKey(disable -> disable.keyId(ScriptedHsm.KEY_ID));
            var record = onlyRecord();
            assertFalse(record.get("readOnly").booleanValue());
            assertEquals(
                    ScriptedHsm.KEY_ARN, record.at("/responseElements/keyId").textValue());
        }
    }

    @Test
    void aGrantIsNamedAndItsTokenIsNot() throws Exception {
        var grant = ScriptedHsm.grant();
        var token = Base64.getEncoder().encodeToString(new byte[] {1, 2, 3, 4, 5, 6});
        hsm.on(
                LookupCommand.FindPrincipals.class,
                find -> new Reply.FoundPrincipals(Set.copyOf(find.arns()), Map.of()));
        hsm.on(GrantCommand.FindGrant.class, find -> new Reply.FoundGrant(grant));
        hsm.on(
                GrantCommand.CreateGrant.class,
                create -> new Reply.CreatedGrant(grant, Bytes.wrap(new byte[] {1, 2, 3, 4, 5, 6})));
        hsm.on(GrantCommand.RetireGrant.class, retire -> new Reply.Done());
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log);
                var kms = gateway.sdk(ScriptedHsm.SECRET)) {
            var made = kms.createGrant(create -> create.keyId(ScriptedHsm.KEY_ID)
                    .granteePrincipal("arn:aws:iam::" + ScriptedHsm.ACCOUNT + ":root")
                    .operations(GrantOperation.ENCRYPT)
                    .grantTokens(token));
            assertEquals(token, made.grantToken());
            var unused = kms.retireGrant(retire -> retire.grantToken(token));
            var lines = Files.readAllLines(file());
            assertEquals(2, lines.size(), lines.toString());
            var records = List.of(JSON.readTree(lines.get(0)), JSON.readTree(lines.get(1)));
            assertEquals(
                    JSON.readTree("{\"grantId\":\"" + grant.id() + "\"}"),
                    records.get(0).get("responseElements"));
            assertEquals(JSON.readTree("[\"Encrypt\"]"), records.get(0).at("/requestParameters/operations"));
            assertEquals("RetireGrant", records.get(1).get("eventName").textValue());
            assertEquals(JSON.readTree("{}"), records.get(1).get("requestParameters"));
            assertEquals(
                    grant.id(),
                    records.get(1).at("/additionalEventData/grantId").textValue());
            assertEquals(
                    ScriptedHsm.KEY_ARN, records.get(1).at("/resources/0/ARN").textValue());
            assertHidden(token);
        }
    }

    @Test
    void theKeyThatWasMadeIsShownInTheResponseAndAmongTheResources() throws Exception {
        hsm.on(ChangeCommand.CreateKey.class, create -> new Reply.ChangedKey(ScriptedHsm.key(2, KeyState.ENABLED)));
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log);
                var kms = gateway.sdk(ScriptedHsm.SECRET)) {
            var unused = kms.createKey(create -> create.description("mine"));
            var record = onlyRecord();
            assertEquals("mine", record.at("/requestParameters/description").textValue());
            var metadata = record.at("/responseElements/keyMetadata");
            assertEquals(ScriptedHsm.KEY_ARN, metadata.get("arn").textValue());
            assertEquals(ScriptedHsm.ACCOUNT, metadata.get("aWSAccountId").textValue());
            assertEquals(
                    "Jan 1, 1970, 12:00:00 AM", metadata.get("creationDate").textValue());
            assertEquals(ScriptedHsm.KEY_ARN, record.at("/resources/0/ARN").textValue());
        }
    }

    @Test
    void aBodyThatIsNoRequestIsRecordedWithoutParameters() throws Exception {
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log)) {
            var unused = post(gateway.request("Encrypt", "{\"KeyId\":7}"));
            var record = onlyRecord();
            assertEquals("SerializationException", record.get("errorCode").textValue());
            assertTrue(record.get("requestParameters").isNull());
        }
    }

    @Test
    void aRefusalOfTheShapeDoesNotQuoteGrantTokens() throws Exception {
        var tokens = "[" + "\"token-of-somebody\",".repeat(11).replaceAll(",$", "") + "]";
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log)) {
            var unused = post(gateway.request("DescribeKey", "{\"KeyId\":\"k\",\"GrantTokens\":" + tokens + "}"));
            assertEquals("ValidationException", onlyRecord().get("errorCode").textValue());
            assertHidden("token-of-somebody");
        }
    }

    @Test
    void whoDoesNotAuthenticateLeavesNoRecord() throws Exception {
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log);
                var kms = gateway.sdk("a wrong secret")) {
            assertThrows(KmsException.class, kms::listKeys);
            assertEquals(List.of(), Files.readAllLines(file()));
        }
    }

    /** The gateway remembers the access key; the HSM says of the command that it rests on records that are old. */
    @ParameterizedTest
    @CsvSource({"NOT_FOUND, UnrecognizedClientException, 0", "NO_QUORUM, KeyUnavailableException, 1"})
    void whoseAccessKeyProvesToBeGoneLeavesNoRecord(Refusal closerLook, String code, int records) throws Exception {
        hsm.on(UseCommand.Encrypt.class, encrypt -> {
            throw new Refused(Refusal.STALE);
        });
        hsm.refuseFreshly(closerLook);
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log)) {
            var answer = post(
                    gateway.request("Encrypt", "{\"KeyId\":\"" + ScriptedHsm.KEY_ID + "\",\"Plaintext\":\"AAAA\"}"));
            assertTrue(answer.body().contains(code), answer::body);
            assertEquals(records, Files.readAllLines(file()).size());
        }
    }

    @Test
    void anAnswerThatCannotBeRecordedIsNotGiven() throws Exception {
        var broken = new BrokenLog();
        try (var gateway = new Gateway(hsm, null, broken)) {
            var request = gateway.request(
                    "Encrypt",
                    "{\"KeyId\":\"" + ScriptedHsm.KEY_ID + "\",\"Plaintext\":\""
                            + Base64.getEncoder().encodeToString(SECRET_TEXT.getBytes(UTF_8)) + "\"}");
            var answer = post(request);
            assertEquals(500, answer.statusCode());
            assertTrue(answer.body().contains("KMSInternalException"), answer.body());
            assertFalse(answer.body().contains("CiphertextBlob"), answer.body());

            broken.isKnown.set(true);
            int asked = hsm.asked(UseCommand.Encrypt.class).size();
            assertEquals(500, post(request).statusCode());
            assertEquals(asked, hsm.asked(UseCommand.Encrypt.class).size(), "work was begun that cannot be recorded");
        }
    }

    @Test
    void aFaultOfOursIsRecordedAsInternal() throws Exception {
        hsm.on(UseCommand.Encrypt.class, encrypt -> {
            throw new Refused(Refusal.INTERNAL, "an id");
        });
        try (var log = openLog();
                var gateway = new Gateway(hsm, null, log);
                var kms = gateway.sdk(ScriptedHsm.SECRET)) {
            assertThrows(
                    KmsException.class,
                    () -> kms.encrypt(encrypt ->
                            encrypt.keyId(ScriptedHsm.KEY_ID).plaintext(SdkBytes.fromUtf8String(SECRET_TEXT))));
            assertEquals("KMSInternalException", onlyRecord().get("errorCode").textValue());
        }
    }

    private static HttpResponse<String> post(java.net.http.HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private Path file() {
        return folder.resolve("audit.log");
    }

    private AuditLog openLog() throws IOException {
        return LineAuditLog.open(Optional.of(file()), Optional.empty(), AuditSettings.usual(), InstantSource.system());
    }

    private JsonNode onlyRecord() throws IOException {
        var lines = Files.readAllLines(file());
        assertEquals(1, lines.size(), lines.toString());
        return JSON.readTree(lines.get(0));
    }

    private void assertHidden(String... secrets) throws IOException {
        var text = Files.readString(file());
        for (var secret : secrets) {
            assertFalse(text.contains(secret), text);
            assertFalse(text.contains(Base64.getEncoder().encodeToString(secret.getBytes(UTF_8))), text);
        }
    }

    /** Takes no record. */
    private static final class BrokenLog implements AuditLog {

        private final AtomicBoolean isKnown = new AtomicBoolean();

        @Override
        public void write(AuditRecord record) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public void requireWritable() throws IOException {
            if (isKnown.get()) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }
}
