package dev.strongroom.api;

import java.util.Locale;

/**
 * What a caller wrote to name a KMS key: key id, key ARN, alias name or alias ARN.
 *
 * <p>A parsed reference is well-formed, not more: nothing says that the key exists, or that its Region is the request's
 * (see {@link #requireRegion}). Key ids keep the letter case of the caller, because error texts repeat them;
 * {@link Key#lookupId()} is the canonical form.
 */
public sealed interface KeyRef {

    /** All keys live in one partition. */
    String PARTITION = "aws";

    /** Names a key directly. */
    sealed interface Key extends KeyRef {
        /** A UUID with dashes, or {@code mrk-} and 32 hex digits, as the caller wrote it. */
        String id();

        /** The id in the form under which keys are kept: lower case. */
        default String lookupId() {
            return id().toLowerCase(Locale.ROOT);
        }

        @Override
        default KmsException notFound(String region, String account) {
            return KmsException.of(KmsError.NOT_FOUND, "Key '" + arn(region, account) + "' does not exist");
        }
    }

    /** Names a key through an alias. */
    sealed interface Alias extends KeyRef {
        /** With its prefix {@code alias/}, otherwise unchecked: a name that cannot exist is simply not found. */
        String name();

        @Override
        default KmsException notFound(String region, String account) {
            return KmsException.of(KmsError.NOT_FOUND, "Alias " + arn(region, account) + " is not found.");
        }
    }

    record KeyId(String id) implements Key {
        @Override
        public String arn(String region, String account) {
            return keyArn(region, account, id);
        }

        @Override
        public void requireRegion(String region) {}
    }

    record KeyArn(String region, String account, String id) implements Key {
        @Override
        public String arn(String requestRegion, String requestAccount) {
            return keyArn(region, account, id);
        }

        @Override
        public void requireRegion(String requestRegion) {
            KeyRefSyntax.requireSame(region, requestRegion);
        }
    }

    record AliasName(String name) implements Alias {
        @Override
        public String arn(String region, String account) {
            return aliasArn(region, account, name);
        }

        @Override
        public void requireRegion(String region) {}
    }

    record AliasArn(String region, String account, String name) implements Alias {
        @Override
        public String arn(String requestRegion, String requestAccount) {
            return aliasArn(region, account, name);
        }

        @Override
        public void requireRegion(String requestRegion) {
            KeyRefSyntax.requireSame(region, requestRegion);
        }
    }

    /**
     * Parses any of the four forms.
     *
     * @throws KmsException {@link KmsError#NOT_FOUND} if the text is none of them
     */
    static KeyRef parse(String text) {
        return KeyRefSyntax.parse(text);
    }

    /**
     * Parses a key id or key ARN, for operations that take no alias.
     *
     * @throws KmsException {@link KmsError#INVALID_ARN} for an alias, whether it exists or not; {@link KmsError#NOT_FOUND}
     *     if the text is no reference at all
     */
    static Key parseKey(String text) {
        if (KeyRefSyntax.parse(text) instanceof Key key) {
            return key;
        }
        throw KmsException.of(KmsError.INVALID_ARN, "Key Aliases are not supported for this operation.");
    }

    static String keyArn(String region, String account, String id) {
        return "arn:" + PARTITION + ":kms:" + region + ":" + account + ":key/" + id;
    }

    /** The ARN of an alias; its name comes with the prefix {@code alias/}. */
    static String aliasArn(String region, String account, String name) {
        return "arn:" + PARTITION + ":kms:" + region + ":" + account + ":" + name;
    }

    /** The ARN; Region and account of the request count only where the caller wrote none. */
    String arn(String region, String account);

    /**
     * Refuses an ARN of another Region than the request's.
     *
     * @throws KmsException {@link KmsError#NOT_FOUND}
     */
    void requireRegion(String region);

    /** The refusal of this reference, once nothing was found under it. */
    KmsException notFound(String region, String account);
}
