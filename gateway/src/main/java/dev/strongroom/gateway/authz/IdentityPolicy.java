package dev.strongroom.gateway.authz;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;

/** The policy documents of identities (IAM user guide, "Policies and permissions in IAM"). */
public final class IdentityPolicy {

    /** What a document hangs on, and how many characters it may have, white space not counted (IAM quotas). */
    public enum Use {
        MANAGED(6_144, "A managed policy"),
        USER_INLINE(2_048, "An inline policy of a user"),
        GROUP_INLINE(5_120, "An inline policy of a group"),
        ROLE_INLINE(10_240, "An inline policy of a role"),
        SESSION(2_048, "A session policy"),
        TRUST(2_048, "A trust policy");

        private final int maxCharacters;
        private final String words;

        Use(int maxCharacters, String words) {
            this.maxCharacters = maxCharacters;
            this.words = words;
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
                    use.words + " may have " + use.maxCharacters + " characters beside white space.");
        }
        return PolicyParser.parse(text, use == Use.TRUST ? PolicyParser.Grammar.TRUST : PolicyParser.Grammar.IDENTITY);
    }

    private static long characters(String text) {
        return text.chars().filter(c -> !Character.isWhitespace(c)).count();
    }
}
