package dev.strongroom.gateway.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.keys.Failures;
import dev.strongroom.gateway.keys.FreshReads;
import dev.strongroom.hsm.protocol.Freshness;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SigV4VerifierTest {

    private static final String MISMATCH =
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access"
                    + " Key and signing method. Consult the service documentation for details.";

    private final IdentityHsm hsm = new IdentityHsm();
    private final SigV4Verifier verifier = new SigV4Verifier(
            new SigningKeys(hsm, new FreshReads(() -> 0, 5, 50), new FreshReads(() -> 0, 5, 50), () -> 0),
            () -> Message.NOW,
            "kms");

    private Signer verify(SignedRequest request) {
        return verifier.verify(request, Freshness.LOCAL).toCompletableFuture().join();
    }

    private KmsException refusal(SignedRequest request) {
        var failure = assertThrows(CompletionException.class, () -> verify(request));
        return (KmsException) Failures.cause(failure);
    }

    /** The headers that clients send, as they were logged. */
    @Nested
    class Clients {

        static Stream<Arguments> clients() {
            return Stream.of(
                    Arguments.of("Java v2", List.of("amz-sdk-invocation-id", "amz-sdk-request", "content-length")),
                    Arguments.of("Java v1", List.of("amz-sdk-retry", "user-agent", "content-length")),
                    Arguments.of("JavaScript v3", List.of("x-amz-user-agent", "amz-sdk-request", "content-length")),
                    Arguments.of("boto3", List.of()),
                    Arguments.of("traced", List.of("traceparent", "accept-encoding", "cache-control")));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource
        void clients(String client, List<String> signedHeaders) {
            var message = Message.listKeys();
            for (var name : signedHeaders) {
                message = message.put(name, "value of " + name);
            }

            var signer = verify(message.sign());

            assertEquals(new Signer(IdentityHsm.CALLER, Message.REGION), signer, client);
        }

        @Test
        void mayFoldAndRepeatHeaders() {
            var message = Message.listKeys()
                    .put("x-amz-meta", "  spread \t over   blanks  ", "second")
                    .put("user-agent", "grüße/1 (日本)")
                    .put("empty", "");

            assertEquals(Message.REGION, verify(message.sign()).region());
        }

        @Test
        void mayWriteNamesInAnyCaseAndOrder() {
            var message = Message.signed();
            var names = signedHeaders(message);
            var reversed = new StringBuilder();
            for (var name : names.split(";", -1)) {
                reversed.insert(0, ";" + name.toUpperCase(Locale.ROOT));
            }

            assertEquals(
                    Message.REGION,
                    verify(message.authorization(names, reversed.substring(1))).region());
        }

        @Test
        void mayLeaveOutTheBlanksBetweenParameters() {
            assertEquals(
                    Message.REGION,
                    verify(Message.signed().authorization(", ", ",")).region());
        }

        @Test
        void mayNameAnyRegion() {
            for (var region : List.of("us-east-1", "local", "default-region", "mars-north-1a", "aws-global")) {
                assertEquals(
                        region,
                        verify(Message.listKeys().sign(Message.NOW, region, "kms"))
                                .region());
            }
        }

        @Test
        void maySignPathsAndQueriesOfAnyForm() {
            for (var query : List.of("b=2&a=1", "a=%2f%20+x", "flag", "a=1&a=0")) {
                assertEquals(
                        Message.REGION,
                        verify(Message.listKeys()
                                        .withTarget("/kms/xks/v1/keys/a%20b", query)
                                        .sign())
                                .region(),
                        query);
            }
        }

        @Test
        void mayAbstainFromTheHashUnderTlsOnly() {
            var message = Message.listKeys().overTls().sign();

            assertEquals(List.of("UNSIGNED-PAYLOAD"), message.header("x-amz-content-sha256"));
            assertEquals(Message.REGION, verify(message).region());
            assertEquals(MISMATCH, refusal(message.inTheClear()).text());
        }

        /** Signed by botocore 1.43.11 with its clock stopped. */
        static Stream<Message> botocore() throws IOException {
            try (var in = SigV4VerifierTest.class.getResourceAsStream("botocore.txt")) {
                var text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8).stripTrailing();
                return Arrays.stream(text.split("\n---\n")).map(Message::parse);
            }
        }

        @ParameterizedTest
        @MethodSource
        void botocore(Message message) {
            assertEquals(Message.REGION, verify(message).region());
        }
    }

    /** Each spoils a good request; what is answered is exact. */
    @Nested
    class Refusals {

        record Case(String name, Function<Message, Message> spoil, KmsError error, Function<Message, String> text) {
            @Override
            public String toString() {
                return name;
            }
        }

        private static Case of(String name, Function<Message, Message> spoil, KmsError error, String text) {
            return new Case(name, spoil, error, spoiled -> text);
        }

        private static Case incomplete(String name, Function<Message, Message> spoil, Function<Message, String> text) {
            return new Case(name, spoil, KmsError.INCOMPLETE_SIGNATURE, text);
        }

        private static Case mismatch(String name, Function<Message, Message> spoil) {
            return of(name, spoil, KmsError.INVALID_SIGNATURE, MISMATCH);
        }

        private static Case invalid(String name, Function<Message, Message> spoil, String text) {
            return of(name, spoil, KmsError.INVALID_SIGNATURE, text);
        }

        static Stream<Case> headers() {
            return Stream.of(
                    of(
                            "no header",
                            m -> m.remove("Authorization"),
                            KmsError.MISSING_AUTHENTICATION_TOKEN,
                            "Missing Authentication Token"),
                    of(
                            "presigned",
                            m -> m.remove("Authorization")
                                    .withTarget("/", "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00"),
                            KmsError.MISSING_AUTHENTICATION_TOKEN,
                            "Missing Authentication Token"),
                    incomplete(
                            "nothing in it",
                            m -> m.put("Authorization", "AWS4-HMAC-SHA256 X=y").remove("X-Amz-Date"),
                            m -> "Authorization header requires 'Credential' parameter. Authorization header requires"
                                    + " 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter."
                                    + " Authorization header requires existence of either a 'X-Amz-Date' or a 'Date'"
                                    + " header. Authorization=AWS4-HMAC-SHA256 X=y"),
                    incomplete(
                            "no signature",
                            m -> m.authorization("Signature=", "Sig="),
                            m -> "Authorization header requires 'Signature' parameter. Authorization="
                                    + m.authorization()),
                    incomplete(
                            "no date",
                            m -> m.remove("X-Amz-Date"),
                            m -> "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
                                    + " Authorization=" + m.authorization()),
                    incomplete(
                            "bearer token",
                            m -> m.put("Authorization", "Bearer abc"),
                            m -> "'abc' not a valid key=value pair (missing equal-sign) in Authorization header:"
                                    + " 'Bearer abc'."),
                    incomplete(
                            "one word",
                            m -> m.put("Authorization", "AWS4-HMAC-SHA256"),
                            m -> "'AWS4-HMAC-SHA256' not a valid key=value pair (missing equal-sign) in Authorization"
                                    + " header: 'AWS4-HMAC-SHA256'."),
                    incomplete(
                            "empty",
                            m -> m.put("Authorization", ""),
                            m -> "'' not a valid key=value pair (missing equal-sign) in Authorization header: ''."),
                    incomplete(
                            "trailing comma",
                            m -> m.put("Authorization", m.authorization() + ","),
                            m -> "'' not a valid key=value pair (missing equal-sign) in Authorization header: '"
                                    + m.authorization() + "'."),
                    incomplete(
                            "other algorithm",
                            m -> m.authorization("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
                            m -> "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'."),
                    incomplete(
                            "two signatures",
                            m -> m.put("Authorization", m.authorization() + ", Signature=00"),
                            m -> "'Signature' appears more than once in Authorization header: '" + m.authorization()
                                    + "'."),
                    incomplete(
                            "two headers",
                            m -> m.put("Authorization", m.authorization(), "Basic a=b"),
                            m -> "Header 'authorization' must not appear more than once."),
                    incomplete(
                            "short credential",
                            m -> m.authorization("/kms/aws4_request", "/kms"),
                            m -> "Credential must have exactly 5 slash-delimited elements, e.g."
                                    + " keyid/date/region/service/term, got '" + Message.ACCESS_KEY_ID
                                    + "/20261124/eu-west-1/kms'"),
                    incomplete(
                            "two dates",
                            m -> m.put("X-Amz-Date", "20261124T102030Z", "20261124T102031Z"),
                            m -> "Header 'x-amz-date' must not appear more than once."),
                    incomplete(
                            "no such month",
                            m -> m.put("X-Amz-Date", "20261324T102030Z"),
                            m -> "Date must be in ISO-8601 'basic format'. Got '20261324T102030Z'."),
                    incomplete(
                            "signed digits",
                            m -> m.put("X-Amz-Date", "20261124T1020+3Z"),
                            m -> "Date must be in ISO-8601 'basic format'. Got '20261124T1020+3Z'."),
                    incomplete(
                            "date in words",
                            m -> m.put("X-Amz-Date", "today"),
                            m -> "Date must be in ISO-8601 'basic format'. Got 'today'."));
        }

        static Stream<Case> scopes() {
            return Stream.of(
                    invalid(
                            "too old",
                            m -> m.sign(Message.NOW.minus(Duration.ofSeconds(301)), Message.REGION, "kms"),
                            "Signature expired: 20261124T101529Z is now earlier than 20261124T101530Z"
                                    + " (20261124T102030Z - 5 min.)"),
                    invalid(
                            "too early",
                            m -> m.sign(Message.NOW.plus(Duration.ofSeconds(301)), Message.REGION, "kms"),
                            "Signature not yet current: 20261124T102531Z is still later than 20261124T102530Z"
                                    + " (20261124T102030Z + 5 min.)"),
                    invalid(
                            "other service",
                            m -> m.sign(Message.NOW, Message.REGION, "s3"),
                            "Credential should be scoped to correct service: 'kms'."),
                    invalid(
                            "no Region",
                            m -> m.authorization("/eu-west-1/", "//"),
                            "Credential should be scoped to a valid region."),
                    invalid(
                            "Region with a blank",
                            m -> m.authorization("/eu-west-1/", "/eu west/"),
                            "Credential should be scoped to a valid region."),
                    invalid(
                            "endless Region",
                            m -> m.authorization("/eu-west-1/", "/" + "a".repeat(33) + "/"),
                            "Credential should be scoped to a valid region."),
                    invalid(
                            "other terminator",
                            m -> m.authorization("aws4_request", "aws5_request"),
                            "Credential should be scoped with a valid terminator: 'aws4_request'."),
                    invalid(
                            "scope of yesterday",
                            m -> m.authorization("/20261124/", "/20261123/"),
                            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP:"
                                    + " '20261123' != '20261124', from '20261124T102030Z'."),
                    of(
                            "session token",
                            m -> m.put("X-Amz-Security-Token", "t").sign(),
                            KmsError.UNRECOGNIZED_CLIENT,
                            "The security token included in the request is invalid."),
                    of(
                            "unknown access key",
                            m -> m.authorization(Message.ACCESS_KEY_ID, "AKIDEXAMPLEEXAMPLE02"),
                            KmsError.UNRECOGNIZED_CLIENT,
                            "The security token included in the request is invalid."));
        }

        static Stream<Case> coverage() {
            return Stream.of(
                    invalid(
                            "host not signed",
                            m -> m.authorization(";host", ""),
                            "'host' must be a 'SignedHeader' in the AWS Authorization."),
                    invalid(
                            "date not signed",
                            m -> m.authorization(";x-amz-date", ""),
                            "'x-amz-date' must be a 'SignedHeader' in the AWS Authorization."),
                    invalid(
                            "operation not signed",
                            m -> m.authorization(";x-amz-target", ""),
                            "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization."),
                    invalid(
                            "session not signed",
                            m -> m.put("X-Amz-Security-Token", "t"),
                            "'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization."),
                    invalid(
                            "Date not signed",
                            m -> m.remove("X-Amz-Date")
                                    .authorization(";x-amz-date", "")
                                    .put("Date", "Tue, 24 Nov 2026 10:20:30 GMT"),
                            "'date' must be a 'SignedHeader' in the AWS Authorization."),
                    mismatch("other body", m -> m.withBody("{\"Limit\":8}".getBytes(UTF_8))),
                    mismatch("no body", m -> m.withBody(new byte[0])),
                    mismatch("other method", m -> m.withMethod("PUT")),
                    mismatch("other path", m -> m.withTarget("/x", "")),
                    mismatch("other query", m -> m.withTarget("/", "x=1")),
                    mismatch("other operation", m -> m.put("X-Amz-Target", "TrentService.CreateKey")),
                    mismatch("second operation", m -> m.put("X-Amz-Target", "TrentService.ListKeys", "x")),
                    mismatch("other host", m -> m.put("Host", "kms.example.test")),
                    mismatch("missing signed header", m -> m.remove("Content-Type")),
                    mismatch("other hash", m -> m.put("x-amz-content-sha256", "0".repeat(64))),
                    mismatch("abstained hash", m -> m.put("x-amz-content-sha256", "UNSIGNED-PAYLOAD")),
                    mismatch("chunked hash", m -> m.put("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")),
                    mismatch("no signature", m -> m.authorization(signature(m), "")),
                    mismatch(
                            "short signature",
                            m -> m.authorization(signature(m), signature(m).substring(1))),
                    mismatch(
                            "capital signature",
                            m -> m.authorization(signature(m), signature(m).toUpperCase(Locale.ROOT))),
                    mismatch("other Region", m -> m.authorization("/eu-west-1/", "/eu-west-2/")));
        }

        @ParameterizedTest
        @MethodSource({"headers", "scopes", "coverage"})
        void isExact(Case one) {
            var spoiled = one.spoil().apply(Message.signed());

            var refusal = refusal(spoiled);

            assertEquals(one.error(), refusal.error());
            assertEquals(one.text().apply(spoiled), refusal.text());
        }
    }

    @Test
    void aRequestMayBeFiveMinutesOffEitherWay() {
        for (int seconds : List.of(-300, 300)) {
            var time = Message.NOW.plusSeconds(seconds);

            assertEquals(
                    Message.REGION,
                    verify(Message.listKeys().sign(time, Message.REGION, "kms")).region());
        }
    }

    private static String signedHeaders(Message message) {
        var header = message.authorization();
        int from = header.indexOf("SignedHeaders=") + "SignedHeaders=".length();
        return header.substring(from, header.indexOf(',', from));
    }

    private static String signature(Message message) {
        var header = message.authorization();
        return header.substring(header.indexOf("Signature=") + "Signature=".length());
    }
}
