package dev.strongroom.gateway.sts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of identity providers, good and forged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebIdentityTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String ISSUER = "https://issuer.example.com/Realm";

    private final RSAKey rsa;
    private final ECKey ec;
    private final IdentityRecord.OidcProvider provider;

    WebIdentityTest() throws JOSEException {
        rsa = new RSAKeyGenerator(2_048).keyID("r").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("e").generate();
        provider = new IdentityRecord.OidcProvider(
                new Stamp(1, 2, 3),
                "arn:aws:iam::111122223333:oidc-provider/issuer.example.com/Realm",
                List.of("app", "other"),
                new JWKSet(List.of(rsa, ec)).toString(),
                NOW);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject("system:serviceaccount:prod:app")
                .audience("app")
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    private static String signed(JWSAlgorithm algorithm, String keyId, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        var jwt = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    private String signed(JWTClaimsSet claims) throws JOSEException {
        return signed(JWSAlgorithm.RS256, "r", new RSASSASigner(rsa), claims);
    }

    @Test
    void aTokenSaysWhoseItIs() throws JOSEException {
        var token = signed(claims().claim("amr", List.of("mfa")).build());
        assertEquals(ISSUER, WebIdentity.claimedIssuer(token));
        var identity = WebIdentity.verify(token, provider, NOW);
        assertEquals(
                new WebIdentity(
                        "issuer.example.com/Realm",
                        "111122223333",
                        "system:serviceaccount:prod:app",
                        "app",
                        List.of("mfa"),
                        SessionTags.NONE,
                        Optional.empty()),
                identity);
        assertEquals("arn:aws:iam::111122223333:oidc-provider/issuer.example.com/Realm", identity.providerArn());
        assertEquals(
                List.of("system:serviceaccount:prod:app"), identity.conditionValues("issuer.example.com/realm:sub"));
        assertEquals(List.of("mfa"), identity.conditionValues("issuer.example.com/realm:amr"));
        assertEquals(List.of(), identity.conditionValues("other.example.com:sub"));
    }

    @Test
    void ellipticCurvesAreKnownAndAnAuthorizedPartyIsTheAudience() throws JOSEException {
        var token = signed(
                JWSAlgorithm.ES256,
                "e",
                new ECDSASigner(ec),
                claims().audience(List.of("x", "other")).claim("azp", "party").build());
        assertEquals("party", WebIdentity.verify(token, provider, NOW).audience());
    }

    @Test
    void aProviderGivesTheSessionTagsAndAnOrigin() throws JOSEException {
        var tags = Map.of(
                "principal_tags", Map.of("team", List.of("red"), "cost", List.of("")),
                "transitive_tag_keys", List.of("Team"));
        var token = signed(claims().claim("https://aws.amazon.com/tags", tags)
                .claim("https://aws.amazon.com/source_identity", "ann")
                .build());
        var identity = WebIdentity.verify(token, provider, NOW);
        assertEquals(new SessionTags(Map.of("team", "red", "cost", ""), List.of("team")), identity.tags());
        assertEquals(Optional.of("ann"), identity.sourceIdentity());
    }

    private static Stream<JWTClaimsSet> illFormed() {
        var tags = "https://aws.amazon.com/tags";
        return Stream.of(
                claims().claim(tags, "team=red").build(),
                claims().claim(tags, Map.of()).build(),
                claims().claim(tags, Map.of("principal_tags", Map.of("team", List.of("red", "blue"))))
                        .build(),
                claims().claim(tags, Map.of("principal_tags", Map.of("team", List.of())))
                        .build(),
                claims().claim(tags, Map.of("principal_tags", Map.of("team", 1)))
                        .build(),
                claims().claim(tags, Map.of("principal_tags", Map.of("team", "red"), "transitive_tag_keys", "team"))
                        .build(),
                claims().claim("https://aws.amazon.com/source_identity", "a b").build(),
                claims().claim("https://aws.amazon.com/source_identity", List.of("ann"))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("illFormed")
    void whatAProviderSaysAboutTheSessionIsWellFormed(JWTClaimsSet claims) throws JOSEException {
        var token = signed(claims);
        assertEquals(
                StsError.INVALID_IDENTITY_TOKEN,
                assertThrows(StsException.class, () -> WebIdentity.verify(token, provider, NOW))
                        .error());
    }

    private Stream<String> forged() throws JOSEException {
        var good = signed(claims().build());
        var stranger = new RSAKeyGenerator(2_048).keyID("r").generate();
        // The oldest trick: the public key as the secret of a MAC.
        var mac = new MACSigner(rsa.toRSAPublicKey().getEncoded());
        var parts = good.split("\\.", -1);
        return Stream.of(
                signed(JWSAlgorithm.RS256, "r", new RSASSASigner(stranger), claims().build()),
                signed(JWSAlgorithm.HS256, "r", mac, claims().build()),
                new PlainJWT(claims().build()).serialize(),
                signed(JWSAlgorithm.RS256, "unknown", new RSASSASigner(rsa), claims().build()),
                parts[0] + "." + signed(claims().subject("admin").build()).split("\\.", -1)[1] + "." + parts[2],
                good.substring(0, good.length() - 8),
                parts[0] + "." + parts[1] + ".",
                signed(claims().issuer("https://issuer.example.com").build()),
                signed(claims().audience("nobody").build()),
                signed(claims().subject(null).build()),
                signed(claims().expirationTime(null).build()),
                signed(claims().issueTime(null).build()),
                signed(claims().issueTime(Date.from(NOW.plusSeconds(301))).build()),
                signed(claims().notBeforeTime(Date.from(NOW.plusSeconds(1))).build()));
    }

    @ParameterizedTest
    @MethodSource("forged")
    void aForgedTokenIsRefused(String token) {
        assertEquals(
                StsError.INVALID_IDENTITY_TOKEN,
                assertThrows(StsException.class, () -> WebIdentity.verify(token, provider, NOW))
                        .error());
    }

    @Test
    void aTokenEndsOnTime() throws JOSEException {
        var token = signed(claims().expirationTime(Date.from(NOW)).build());
        assertEquals(
                StsError.EXPIRED_WEB_IDENTITY,
                assertThrows(StsException.class, () -> WebIdentity.verify(token, provider, NOW))
                        .error());
        assertEquals(
                "app", WebIdentity.verify(token, provider, NOW.minusSeconds(1)).audience());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b.c", "....", "{}", "eyJhbGciOiJSUzI1NiJ9.e30"})
    void whatIsNoTokenHasNoIssuer(String text) {
        assertEquals(
                StsError.INVALID_IDENTITY_TOKEN,
                assertThrows(StsException.class, () -> WebIdentity.claimedIssuer(text))
                        .error());
    }
}
