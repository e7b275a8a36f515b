package dev.strongroom.gateway.sts;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an identity provider says about a session in claims of AWS's own (IAM user guide, "Passing session tags using
 * AssumeRoleWithWebIdentity").
 */
final class IdentityClaims {

    private static final String TAGS = "https://aws.amazon.com/tags";
    private static final String SOURCE_IDENTITY = "https://aws.amazon.com/source_identity";
    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{2,64}");

    private IdentityClaims() {}

    /**
     * Tags, each a list of its one value.
     *
     * @throws StsException InvalidIdentityToken if they are none, InvalidParameterValue as for tags in a request
     */
    static SessionTags tags(JWTClaimsSet claims) {
        var claim = claims.getClaim(TAGS);
        if (claim == null) {
            return SessionTags.NONE;
        }
        if (!(claim instanceof Map<?, ?> said)
                || !(said.get("principal_tags") instanceof Map<?, ?> values)
                || !(keys(said) instanceof List<?> transitive)) {
            throw WebIdentity.invalid("The token's session tags are not well-formed.");
        }
        var tags = new SessionTags.Draft();
        values.forEach((key, value) -> tags.put(text(key), value instanceof List<?> list ? single(list) : text(value)));
        return tags.finish(transitive.stream().map(IdentityClaims::text).toList());
    }

    private static Object keys(Map<?, ?> said) {
        var keys = said.get("transitive_tag_keys");
        return keys == null ? List.of() : keys;
    }

    private static String single(List<?> values) {
        return text(values.size() == 1 ? values.get(0) : values);
    }

    private static String text(Object claim) {
        if (claim instanceof String text) {
            return text;
        }
        throw WebIdentity.invalid("The token's session tags are not well-formed.");
    }

    /** @throws StsException InvalidIdentityToken if it is no name */
    static Optional<String> sourceIdentity(JWTClaimsSet claims) {
        var claim = claims.getClaim(SOURCE_IDENTITY);
        if (claim == null) {
            return Optional.empty();
        }
        if (claim instanceof String text && NAME.matcher(text).matches()) {
            return Optional.of(text);
        }
        throw WebIdentity.invalid("The token's source identity is not well-formed.");
    }
}
