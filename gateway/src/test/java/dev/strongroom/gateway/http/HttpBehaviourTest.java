package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.TlsFiles;
import dev.strongroom.hsm.node.crypto.CertificateAuthority;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpBehaviourTest {

    private static final String RANDOM = "{\"NumberOfBytes\":3}";
    private static final String ANSWER = "{\"Plaintext\":\"AAAA\"}";

    private final ScriptedHsm hsm = new ScriptedHsm();
    private final Gateway gateway = new Gateway(hsm, null);

    @BeforeEach
    void answerRandom() {
        hsm.on(UseCommand.GenerateRandom.class, random -> new Reply.Random(Plaintext.wrap(new byte[random.length()])));
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void anAnswerHasTheHeadersThatClientsRelyOn() throws Exception {
        try (var wire = new Wire(gateway.port())) {
            wire.send(gateway.raw("GenerateRandom", RANDOM));

            var response = wire.receive();

            assertEquals(200, response.status());
            assertEquals(ANSWER, response.body());
            assertEquals("application/x-amz-json-1.1", response.headers().get("content-type"));
            var id = String.valueOf(response.headers().get("x-amzn-requestid"));
            assertEquals(id, UUID.fromString(id).toString());
            var date = ZonedDateTime.parse(response.headers().get("date"), DateTimeFormatter.RFC_1123_DATE_TIME);
            assertTrue(Duration.between(date.toInstant(), Instant.now()).abs().toMinutes() < 5);
        }
    }

    @Test
    void errorsLeaveTheConnectionUsable() throws Exception {
        try (var wire = new Wire(gateway.port())) {
            wire.send(gateway.raw("Nonsense", "{}"));
            assertEquals(
                    "{\"__type\":\"UnknownOperationException\"}", wire.receive().body());

            wire.send("POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: TrentService.ListKeys\r\nContent-Length: 0\r\n\r\n");
            assertEquals(
                    "{\"__type\":\"MissingAuthenticationTokenException\",\"message\":\"Missing Authentication Token\"}",
                    wire.receive().body());

            wire.send(gateway.raw("GenerateRandom", "{\"NumberOfBytes\":"));
            assertEquals(400, wire.receive().status());

            wire.send(gateway.raw("GenerateRandom", RANDOM));
            assertEquals(ANSWER, wire.receive().body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "PUT / HTTP/1.1", "POST /x HTTP/1.1", "OPTIONS * HTTP/1.1"})
    void whatIsNoKmsRequestIsNotFound(String line) throws Exception {
        try (var wire = new Wire(gateway.port())) {
            wire.send(line + "\r\nHost: x\r\nContent-Length: 0\r\n\r\n");

            var response = wire.receive();

            assertEquals(404, response.status());
            assertEquals("<UnknownOperationException/>", response.body());
            assertTrue(response.headers().containsKey("x-amzn-requestid"));
        }
    }

    @Test
    void theSignatureIsCheckedBeforeTheBody() throws Exception {
        try (var wire = new Wire(gateway.port())) {
            wire.send(gateway.raw("GenerateRandom", RANDOM).replace(RANDOM, "{\"NumberOfBytes\":x}"));

            assertTrue(wire.receive().body().contains("InvalidSignatureException"));
        }
    }

    @Test
    void twoTargetsAreNone() throws Exception {
        try (var wire = new Wire(gateway.port())) {
            wire.send(gateway.raw("GenerateRandom", RANDOM)
                    .replace("Host:", "X-Amz-Target: TrentService.ListKeys\r\nHost:"));

            assertEquals(
                    "{\"__type\":\"UnknownOperationException\"}", wire.receive().body());
        }
    }

    @Test
    void requestsSentAheadAreAnsweredInTheirOrder() throws Exception {
        var first = new CompletableFuture<Reply.Random>();
        hsm.onStage(
                UseCommand.GenerateRandom.class,
                random -> random.length() == 1
                        ? first
                        : CompletableFuture.completedFuture(
                                new Reply.Random(Plaintext.wrap(new byte[random.length()]))));
        try (var wire = new Wire(gateway.port())) {
            wire.send(gateway.raw("GenerateRandom", "{\"NumberOfBytes\":1}")
                    + gateway.raw("GenerateRandom", "{\"NumberOfBytes\":2}")
                    + gateway.raw("GenerateRandom", "{\"NumberOfBytes\":3}"));
            first.complete(new Reply.Random(Plaintext.wrap(new byte[1])));

            assertEquals(
                    List.of("{\"Plaintext\":\"AA==\"}", "{\"Plaintext\":\"AAA=\"}", ANSWER),
                    List.of(
                            wire.receive().body(),
                            wire.receive().body(),
                            wire.receive().body()));
        }
    }

    @Test
    void aClientMayAskBeforeItSendsTheBody() throws Exception {
        try (var wire = new Wire(gateway.port())) {
            var request = gateway.raw("GenerateRandom", RANDOM).replace("Host:", "Expect: 100-continue\r\nHost:");
            int end = request.indexOf("\r\n\r\n") + 4;
            wire.send(request.substring(0, end));
            assertEquals(100, wire.receive().status());

            wire.send(request.substring(end));
            assertEquals(ANSWER, wire.receive().body());
        }
    }

    @Test
    void aBodyMayComeInChunks() throws Exception {
        try (var wire = new Wire(gateway.port())) {
            var request =
                    gateway.raw("GenerateRandom", RANDOM).replace("Content-Length: 19", "Transfer-Encoding: chunked");
            int end = request.indexOf("\r\n\r\n") + 4;
            wire.send(request.substring(0, end) + "5\r\n" + RANDOM.substring(0, 5) + "\r\n");
            wire.send("e\r\n" + RANDOM.substring(5) + "\r\n0\r\n\r\n");

            assertEquals(ANSWER, wire.receive().body());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "xchunked, 400",
        "identity, 400",
        "chunked;q=1, 400",
        "'chunked, identity', 400",
        "'chunked ,', 400",
        "'gzip, chunked', 501",
        "'x, chunked', 501",
        "'chunked, chunked', 501"
    })
    void noBodyOfAnUnknownCodingIsTakenForTheNextRequest(String coding, int status) throws Exception {
        for (var length : List.of("", "Content-Length: 0\r\n")) {
            try (var wire = new Wire(gateway.port())) {
                wire.send("POST / HTTP/1.1\r\nHost: x\r\n" + length + "Transfer-Encoding: " + coding + "\r\n\r\n"
                        + (status == 501 ? "0\r\n\r\n" : "") + gateway.raw("GenerateRandom", RANDOM));

                assertEquals(length.isEmpty() ? status : 400, wire.receive().status());
                assertTrue(wire.isClosedByPeer());
                assertEquals(List.of(), hsm.asked(UseCommand.GenerateRandom.class));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyThatIsTooLongIsRefusedAndTheConnectionStaysUsable(boolean announced) throws Exception {
        try (var wire = new Wire(gateway.port())) {
            int length = BodyReader.LIMIT + 1;
            var body = "x".repeat(length);
            wire.send("POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: TrentService.Encrypt\r\n");
            wire.send(
                    announced
                            ? "Content-Length: " + length + "\r\n\r\n" + body
                            : "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(length) + "\r\n" + body
                                    + "\r\n0\r\n\r\n");

            var response = wire.receive();
            assertEquals(413, response.status());
            assertEquals("{\"__type\":\"RequestEntityTooLargeException\"}", response.body());

            wire.send(gateway.raw("GenerateRandom", RANDOM));
            assertEquals(ANSWER, wire.receive().body());
        }
    }

    @Test
    void aBodyWithoutEndIsCutOff() throws Exception {
        try (var wire = new Wire(gateway.port())) {
            wire.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n");
            assertEquals(413, wire.receive().status());
            try {
                for (int i = 0; i < 16; i++) {
                    wire.send("x".repeat(BodyReader.LIMIT));
                }
            } catch (java.io.IOException e) {
                return; // the connection was closed while this side was still writing
            }
            assertTrue(wire.isClosedByPeer());
        }
    }

    @Test
    void headersWithoutEndAreRefused() throws Exception {
        try (var wire = new Wire(gateway.port())) {
            wire.send("POST / HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n");

            assertEquals(431, wire.receive().status());
            assertTrue(wire.isClosedByPeer());
        }
    }

    @Test
    void aTargetWithoutEndIsRefused() throws Exception {
        try (var wire = new Wire(gateway.port())) {
            wire.send("POST /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");

            assertEquals(414, wire.receive().status());
        }
    }

    @Test
    void aClientThatGoesAwayHarmsNobody() throws Exception {
        var held = new CompletableFuture<Reply.Random>();
        hsm.onStage(UseCommand.GenerateRandom.class, random -> held);
        try (var wire = new Wire(gateway.port())) {
            wire.send(gateway.raw("GenerateRandom", RANDOM));
            while (hsm.asked.isEmpty()) {
                Thread.onSpinWait();
            }
        }
        held.complete(new Reply.Random(Plaintext.wrap(new byte[3])));

        answerRandom();
        try (var wire = new Wire(gateway.port())) {
            wire.send(gateway.raw("GenerateRandom", RANDOM));
            assertEquals(ANSWER, wire.receive().body());
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothVersionsOfHttpAreServedOverTls(HttpClient.Version version, @TempDir Path folder) throws Exception {
        var authority = CertificateAuthority.create("00".repeat(16), new SecureRandom(), InstantSource.system());
        var files = TlsFiles.in(folder);
        files.write(authority.issue(PeerIdentity.node("front"), List.of("127.0.0.1", "localhost")));
        var client = HttpClient.newBuilder()
                .version(version)
                .sslContext(trusting(authority.certificatePem()))
                .build();

        try (var secure = new Gateway(hsm, new HttpSettings.Tls(files.chain(), files.privateKey()))) {
            var response = client.send(secure.request("GenerateRandom", RANDOM), BodyHandlers.ofString());

            assertEquals(version, response.version());
            assertEquals(ANSWER, response.body());
            assertTrue(response.headers().firstValue("x-amzn-RequestId").isPresent());
        }
    }

    static SSLContext trusting(String certificate) {
        return assertDoesNotThrow(() -> {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "authority",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(certificate.getBytes(US_ASCII))));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        });
    }
}
