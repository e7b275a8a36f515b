package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionTerms;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/** Temporary credentials, used by the SDK through two gateways before a node in the same process. */
class SessionsOverHttpTest {

    private static final String ACCOUNT = "111122223333";
    private static final String INVALID =
            "UnrecognizedClientException: The security token included in the request is invalid.";

    /** How far the node's clock, which says when sessions end, is behind. */
    private volatile Duration behind = Duration.ZERO;

    private final HsmNode node;
    private final Gateway one;
    private final Gateway other;

    SessionsOverHttpTest() throws Exception {
        node = LiveNode.open(() -> InstantSource.system().instant().minus(behind));
        one = new Gateway(node.gateway(), null);
        other = new Gateway(node.gateway(), null);
    }

    @BeforeEach
    void makeAccount() {
        var account = new IdentityRecord.Account(new Stamp(0, 0, 0), ACCOUNT, true, Instant.EPOCH);
        var unused = node.identityAdmin()
                .call(new IdentityCommand.CreateIdentity(UUID.randomUUID(), account))
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        node.close();
    }

    private Reply.MintedSession mint() {
        return node.gateway()
                .call(new IdentityCommand.MintSession(
                        "arn:aws:iam::111122223333:root", "", 900, SessionTerms.NONE, List.of()))
                .toCompletableFuture()
                .join();
    }

    private static AwsSessionCredentials credentials(Reply.MintedSession session, String token) {
        return AwsSessionCredentials.create(
                session.accessKeyId(), session.secret().use(octets -> new String(octets, US_ASCII)), token);
    }

    private static String token(Reply.MintedSession session) {
        return Base64.getEncoder().encodeToString(session.token().toArray());
    }

    private static KmsClient sdk(Gateway gateway, AwsSessionCredentials credentials) {
        return KmsClient.builder()
                .endpointOverride(gateway.uri())
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(overrides -> overrides.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    private static String outcome(Gateway gateway, AwsSessionCredentials credentials) {
        try (var kms = sdk(gateway, credentials)) {
            var unused = kms.listKeys();
            return "ok";
        } catch (KmsException e) {
            return e.awsErrorDetails().errorCode() + ": " + e.awsErrorDetails().errorMessage();
        }
    }

    @Test
    void areGoodThroughEveryGateway() {
        var session = mint();
        var credentials = credentials(session, token(session));
        try (var kms = sdk(one, credentials)) {
            var key = kms.createKey().keyMetadata();
            assertEquals(ACCOUNT, key.awsAccountId());
            try (var again = sdk(other, credentials)) {
                assertEquals(key.keyId(), again.listKeys().keys().get(0).keyId());
            }
        }
    }

    @Test
    void areWorthNothingWithAnotherTokenOrNone() {
        var session = mint();
        var stranger = mint();
        var octets = session.token().toArray();
        assertEquals("ok", outcome(one, credentials(session, token(session))), "and is remembered now");
        for (var token : List.of(
                token(stranger),
                Base64.getEncoder().encodeToString(Arrays.copyOf(octets, octets.length - 1)),
                Base64.getEncoder().encodeToString(Arrays.copyOf(octets, 4)),
                "not base 64!",
                token(session).substring(0, 20))) {
            assertEquals(INVALID, outcome(one, credentials(session, token)), token);
        }
        try (var kms = one.sdk("x")) {
            var failure = assertThrows(KmsException.class, kms::listKeys);
            assertEquals(
                    "UnrecognizedClientException", failure.awsErrorDetails().errorCode());
        }
    }

    @Test
    void endWhenTheirTimeIsOver() {
        behind = Duration.ofSeconds(901);
        var session = mint();
        assertEquals(
                "ExpiredTokenException: The security token included in the request is expired",
                outcome(one, credentials(session, token(session))),
                "by the gateway's clock, while the node's is behind");
        behind = Duration.ZERO;
        assertEquals(
                "ExpiredTokenException: The security token included in the request is expired",
                outcome(other, credentials(session, token(session))),
                "by the node's");
    }
}
