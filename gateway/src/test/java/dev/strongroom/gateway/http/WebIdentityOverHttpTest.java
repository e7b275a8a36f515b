package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.strongroom.gateway.audit.AuditLog;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;

/** Roles that open to tokens of an identity provider. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebIdentityOverHttpTest implements AutoCloseable {

    private final StsScene scene;

    WebIdentityOverHttpTest() throws Exception {
        scene = new StsScene();
    }

    @Test
    void aTokenOfATrustedIssuerOpensItsRole() throws JOSEException {
        var good = scene.token(new JWTClaimsSet.Builder().subject("app"));
        var other = scene.token(new JWTClaimsSet.Builder().subject("intruder"));
        try (var sts = scene.sts(AnonymousCredentialsProvider.create())) {
            var answer = sts.assumeRoleWithWebIdentity(b ->
                    b.roleArn(StsScene.arn("role/web")).roleSessionName("pod").webIdentityToken(good));
            assertEquals("app", answer.subjectFromWebIdentityToken());
            assertEquals("strongroom", answer.audience());
            try (var session = scene.sts(StsScene.session(answer.credentials()))) {
                assertEquals(
                        "arn:aws:sts::" + StsScene.ACCOUNT + ":assumed-role/web/pod",
                        session.getCallerIdentity().arn());
            }
            assertEquals(
                    "403 AccessDenied",
                    StsScene.code(() -> sts.assumeRoleWithWebIdentity(b -> b.roleArn(StsScene.arn("role/web"))
                            .roleSessionName("pod")
                            .webIdentityToken(other))));
            // It says who the bearer is, not that a role which trusts a user trusts the bearer.
            assertEquals(
                    "403 AccessDenied",
                    StsScene.code(() -> sts.assumeRoleWithWebIdentity(b -> b.roleArn(StsScene.arn("role/app"))
                            .roleSessionName("pod")
                            .webIdentityToken(good))));
            assertEquals(
                    "400 InvalidIdentityToken",
                    StsScene.code(() -> sts.assumeRoleWithWebIdentity(b -> b.roleArn(StsScene.arn("role/web"))
                            .roleSessionName("pod")
                            .webIdentityToken(good.substring(0, good.length() - 4) + "AAAA"))));
        }
    }

    @Test
    void badTokensDoNotKeepGoodOnesOut() throws JOSEException {
        var good = scene.token(new JWTClaimsSet.Builder().subject("app"));
        var bad = good.substring(0, good.length() - 4) + "AAAA";
        // No time passes, so that what is used up stays used up.
        try (var gateway = new Gateway(scene.node.gateway(), null, AuditLog.none(), () -> 0);
                var sts = StsScene.sts(gateway, AnonymousCredentialsProvider.create())) {
            var refusals = new TreeSet<String>();
            while (!refusals.contains("400 Throttling: Rate exceeded")) {
                var refusal = StsScene.refused(() -> sts.assumeRoleWithWebIdentity(web(bad)));
                refusals.add(
                        refusal.statusCode() + " " + refusal.awsErrorDetails().errorCode() + ": "
                                + refusal.awsErrorDetails().errorMessage().replaceAll(",.*", ""));
            }
            assertEquals(2, refusals.size(), refusals.toString());
            for (int i = 0; i < 20; i++) {
                var unused = StsScene.refused(() -> sts.assumeRoleWithWebIdentity(web(bad)));
                assertEquals("app", sts.assumeRoleWithWebIdentity(web(good)).subjectFromWebIdentityToken());
            }
        }
    }

    private static Consumer<AssumeRoleWithWebIdentityRequest.Builder> web(String token) {
        return ask ->
                ask.roleArn(StsScene.arn("role/web")).roleSessionName("pod").webIdentityToken(token);
    }

    @AfterAll
    @Override
    public void close() {
        scene.close();
    }
}
