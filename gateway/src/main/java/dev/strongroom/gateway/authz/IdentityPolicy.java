package dev.strongroom.gateway.authz;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import java.util.Locale;

/** The policy documents of identities (IAM user guide, "Policies and permissions in IAM"). */
public final class IdentityPolicy {

    /** What a document hangs on, and how many characters it may have, white space not counted (IAM quotas). */
    public enum Use {
        MANAGED(6_144),
        USER_INLINE(2_048),
        GROUP_INLINE(5_120),
        ROLE_INLINE(10_240),
        SESSION(2_048),
        TRUST(2_048);

        private final int maxCharacters;

        Use(int maxCharacters) {
            this.maxCharacters = maxCharacters;
        }
    }

    private IdentityPolicy() {}

    /**
     * Reads a document; that of a boundary is MANAGED, that of a role about who may assume it TRUST.
     *
     * @throws KmsException LimitExceeded if it is too long; MalformedPolicyDocument, or for principals InvalidArn too, if it
     *     is no policy. The words are our own
     */
    public static PolicyDocument parse(String text, Use use) {
        // White space is free, but not without end.
        if (text.length() > KeyPolicy.MAX_BYTES || characters(text) > use.maxCharacters) {
            throw KmsException.of(
                    KmsError.LIMIT_EXCEEDED,
                    "A policy of the kind " + use.name().toLowerCase(Locale.ROOT) + " may have " + use.maxCharacters
                            + " characters beside white space.");
        }
        return PolicyParser.parse(text, use == Use.TRUST ? PolicyParser.Grammar.TRUST : PolicyParser.Grammar.IDENTITY);
    }

    private static long characters(String text) {
        return text.chars().filter(c -> !Character.isWhitespace(c)).count();
    }
}
