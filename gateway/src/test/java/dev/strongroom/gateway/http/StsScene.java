package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.strongroom.gateway.audit.AuditSettings;
import dev.strongroom.gateway.audit.LineAuditLog;
import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Stamp;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;

/** A gateway whose account has a user, roles and an identity provider, and clients of them all. */
final class StsScene implements AutoCloseable {

    static final String ACCOUNT = ScriptedHsm.ACCOUNT;
    private static final Stamp UNSTAMPED = new Stamp(0, 0, 0);
    static final String ALICE_KEY = "AKIAALICEALICEALICE1";
    private static final String ISSUER = "issuer.example.com/realm";
    static final AwsCredentials ROOT = AwsBasicCredentials.create(ScriptedHsm.ACCESS_KEY_ID, ScriptedHsm.SECRET);
    static final AwsCredentials ALICE = AwsBasicCredentials.create(ALICE_KEY, "alice-secret");

    final HsmNode node;
    final Gateway gateway;
    final ByteArrayOutputStream audit = new ByteArrayOutputStream();
    final ECKey issuerKey;

    StsScene() throws Exception {
        node = LiveNode.open(InstantSource.system());
        issuerKey = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        make(new IdentityRecord.Account(UNSTAMPED, ACCOUNT, true, Instant.EPOCH));
        make(principal("user/team/alice", "AIDAALICEALICEALICE2", Optional.empty()));
        make(role("app", trust("{\"AWS\":\"" + arn("user/team/alice") + "\"}", "")));
        make(role("delegated", trust("{\"AWS\":\"" + ACCOUNT + "\"}", "")));
        make(role(
                "careful",
                trust(
                        "{\"AWS\":\"" + arn("user/team/alice") + "\"}",
                        ",\"Condition\":{\"StringEquals\":"
                                + "{\"sts:ExternalId\":\"e-17\",\"aws:RequestTag/team\":\"red\"}}",
                        "sts:*")));
        make(role("chained", trust("{\"AWS\":\"" + arn("role/app") + "\"}", "")));
        make(role(
                "web",
                trust(
                        "{\"Federated\":\"" + IdentityArn.oidcProvider(ACCOUNT, ISSUER) + "\"}",
                        ",\"Condition\":{\"StringEquals\":{\"" + ISSUER + ":sub\":\"app\"}}",
                        "sts:AssumeRoleWithWebIdentity")));
        make(new IdentityRecord.OidcProvider(
                UNSTAMPED,
                IdentityArn.oidcProvider(ACCOUNT, ISSUER),
                List.of("strongroom"),
                new JWKSet(issuerKey.toPublicJWK()).toString(),
                Instant.EPOCH));
        accessKey(ScriptedHsm.ACCESS_KEY_ID, IdentityArn.root(ACCOUNT), ScriptedHsm.SECRET);
        accessKey(ALICE_KEY, arn("user/team/alice"), "alice-secret");
        gateway = new Gateway(
                node.gateway(),
                null,
                LineAuditLog.open(
                        Optional.empty(),
                        Optional.of(new PrintStream(audit, true, UTF_8)),
                        new AuditSettings(1_000_000, 1),
                        InstantSource.system()),
                () -> System.nanoTime() * 100);
    }

    static String arn(String resource) {
        return "arn:aws:iam::" + ACCOUNT + ":" + resource;
    }

    static String trust(String principal, String more) {
        return trust(principal, more, "sts:AssumeRole");
    }

    static String trust(String principal, String more, String action) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":" + principal
                + ",\"Action\":\"" + action + "\"" + more + "}]}";
    }

    static IdentityRecord role(String name, String trust) {
        var id = "AROA" + (name.toUpperCase(Locale.ROOT) + "A".repeat(16)).substring(0, 16);
        return principal("role/" + name, id, Optional.of(new IdentityRecord.RoleTerms(trust, 7_200)));
    }

    static IdentityRecord principal(String resource, String uniqueId, Optional<IdentityRecord.RoleTerms> role) {
        return new IdentityRecord.Principal(
                new HolderRecord(UNSTAMPED, arn(resource), uniqueId, Map.of(), Map.of()),
                Instant.EPOCH,
                List.of(),
                Optional.empty(),
                role);
    }

    void make(IdentityRecord record) throws Exception {
        administer(new IdentityCommand.CreateIdentity(UUID.randomUUID(), record));
    }

    void accessKey(String id, String holder, String secret) throws Exception {
        administer(new IdentityCommand.CreateAccessKey(
                UUID.randomUUID(), id, ACCOUNT, holder, Plaintext.wrap(secret.getBytes(US_ASCII))));
    }

    void administer(IdentityCommand<? extends Reply> command) throws Exception {
        var unused = node.identityAdmin().call(command).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    StsClient sts(AwsCredentialsProvider credentials) {
        return sts(gateway, credentials);
    }

    static StsClient sts(Gateway gateway, AwsCredentialsProvider credentials) {
        return StsClient.builder()
                .endpointOverride(gateway.uri())
                .region(Region.EU_WEST_1)
                .credentialsProvider(credentials)
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(overrides -> overrides.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    StsClient sts(AwsCredentials credentials) {
        return sts(StaticCredentialsProvider.create(credentials));
    }

    KmsClient kms(AwsCredentials credentials) {
        return KmsClient.builder()
                .endpointOverride(gateway.uri())
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(overrides -> overrides.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    static AwsCredentials session(Credentials credentials) {
        return AwsSessionCredentials.create(
                credentials.accessKeyId(), credentials.secretAccessKey(), credentials.sessionToken());
    }

    static AssumeRoleRequest.Builder ask(String role) {
        return AssumeRoleRequest.builder().roleArn(arn("role/" + role)).roleSessionName("job-1");
    }

    AwsCredentials assumed(AwsCredentials by, String role) {
        try (var sts = sts(by)) {
            return session(sts.assumeRole(ask(role).build()).credentials());
        }
    }

    static AwsServiceException refused(Executable call) {
        return assertThrows(AwsServiceException.class, call);
    }

    static String code(Executable call) {
        var refusal = refused(call);
        return refusal.statusCode() + " " + refusal.awsErrorDetails().errorCode();
    }

    String token(JWTClaimsSet.Builder claims) throws JOSEException {
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(),
                claims.issuer("https://" + ISSUER)
                        .audience("strongroom")
                        .issueTime(Date.from(Instant.now()))
                        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                        .build());
        jwt.sign(new ECDSASigner(issuerKey));
        return jwt.serialize();
    }

    @Override
    public void close() {
        gateway.close();
        node.close();
    }
}
