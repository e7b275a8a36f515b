package dev.strongroom.gateway.sts;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityRecord;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whom an identity provider vouches for by a token (OpenID Connect Core 1.0, sections 2 and 3.1.3.7; RFC 7519).
 *
 * @param provider issuer without {@code https://}, as condition keys and the provider's ARN have it
 * @param accountId where the provider is registered
 * @param audience the authorized party if the token names one, else the first audience that is registered
 * @param tags that the provider gives the session
 * @param sourceIdentity that the provider gives the session
 */
public record WebIdentity(
        String provider,
        String accountId,
        String subject,
        String audience,
        List<String> amr,
        SessionTags tags,
        Optional<String> sourceIdentity) {

    /** By keys that the provider publishes; never by a secret that it shares with clients. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** By how much an issuer's clock may be ahead of ours; as much as a caller's may. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    static final String HTTPS = "https://";

    public WebIdentity {
        amr = List.copyOf(amr);
    }

    /**
     * Who issued a token, as it says itself.
     *
     * @throws StsException InvalidIdentityToken if it is no token
     */
    static String claimedIssuer(String token) {
        try {
            var issuer = SignedJWT.parse(token).getJWTClaimsSet().getIssuer();
            return issuer == null ? "" : issuer;
        } catch (ParseException e) {
            throw invalid(
                    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
        }
    }

    /**
     * Checks signature, issuer, audience and time.
     *
     * @throws StsException InvalidIdentityToken, ExpiredTokenException
     */
    public static WebIdentity verify(String token, IdentityRecord.OidcProvider provider, Instant now) {
        try {
            var jwt = SignedJWT.parse(token);
            requireSignature(jwt, JWKSet.parse(provider.keys()));
            return claims(jwt.getJWTClaimsSet(), provider, now);
        } catch (ParseException e) {
            throw invalid(
                    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
        }
    }

    private static void requireSignature(SignedJWT jwt, JWKSet keys) {
        var header = jwt.getHeader();
        if (!ALGORITHMS.contains(header.getAlgorithm())) {
            throw invalid("Token signature algorithm is not supported.");
        }
        var fitting = new JWKSelector(JWKMatcher.forJWSHeader(header)).select(keys);
        if (fitting.stream().noneMatch(key -> isSignedBy(jwt, key))) {
            throw invalid("Couldn't retrieve verification key from your identity provider,  please reference"
                    + " AssumeRoleWithWebIdentity documentation for requirements");
        }
    }

    private static boolean isSignedBy(SignedJWT jwt, JWK key) {
        try {
            return key instanceof AsymmetricJWK pair
                    && jwt.verify(
                            new DefaultJWSVerifierFactory().createJWSVerifier(jwt.getHeader(), pair.toPublicKey()));
        } catch (JOSEException e) {
            // A key of another kind than the algorithm has verified nothing.
            return false;
        }
    }

    private static WebIdentity claims(JWTClaimsSet claims, IdentityRecord.OidcProvider provider, Instant now) {
        var issuer = claims.getIssuer();
        if (issuer == null || !issuer.equals(HTTPS + provider.name().name())) {
            throw invalid("The token's issuer is not the identity provider's.");
        }
        requireTime(claims, now);
        var audience = claims.getAudience().stream()
                .filter(provider.clientIds()::contains)
                .findFirst()
                .orElseThrow(() -> invalid("Incorrect token audience"));
        var subject = claims.getSubject();
        if (subject == null || subject.isEmpty()) {
            throw invalid("The token has no subject.");
        }
        var party = claims.getClaim("azp") instanceof String text ? text : audience;
        return new WebIdentity(
                provider.name().name(),
                provider.name().accountId(),
                subject,
                party,
                amr(claims),
                IdentityClaims.tags(claims),
                IdentityClaims.sourceIdentity(claims));
    }

    private static void requireTime(JWTClaimsSet claims, Instant now) {
        var expires = Optional.ofNullable(claims.getExpirationTime()).map(Date::toInstant);
        if (expires.isEmpty()) {
            throw invalid("Missing a required claim: exp");
        }
        if (!now.isBefore(expires.get())) {
            throw StsException.of(
                    StsError.EXPIRED_WEB_IDENTITY,
                    "Token expired: current date/time " + now.getEpochSecond()
                            + " must be before the expiration date/time "
                            + expires.get().getEpochSecond());
        }
        var issued = Optional.ofNullable(claims.getIssueTime()).map(Date::toInstant);
        if (issued.isEmpty()) {
            throw invalid("Missing a required claim: iat");
        }
        if (issued.get().isAfter(now.plus(SKEW))) {
            throw invalid("The token was issued in the future.");
        }
        var notBefore = Optional.ofNullable(claims.getNotBeforeTime()).map(Date::toInstant);
        if (notBefore.isPresent() && now.isBefore(notBefore.get())) {
            throw invalid("The token is not valid yet.");
        }
    }

    private static List<String> amr(JWTClaimsSet claims) {
        return claims.getClaim("amr") instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    public String providerArn() {
        return IdentityArn.oidcProvider(accountId, provider);
    }

    /**
     * The values of condition keys about it, such as {@code issuer.example.com:sub} (IAM user guide, "Available keys for
     * AWS web identity federation").
     *
     * @param name in lower case
     */
    List<String> conditionValues(String name) {
        var own = provider.toLowerCase(Locale.ROOT) + ":";
        if (!name.startsWith(own)) {
            return List.of();
        }
        return switch (name.substring(own.length())) {
            case "sub" -> List.of(subject);
            case "aud" -> List.of(audience);
            case "amr" -> amr;
            default -> List.of();
        };
    }

    static StsException invalid(String text) {
        return StsException.of(StsError.INVALID_IDENTITY_TOKEN, text);
    }
}
