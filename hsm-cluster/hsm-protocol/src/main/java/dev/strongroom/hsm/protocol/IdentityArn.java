package dev.strongroom.hsm.protocol;

import java.util.Optional;

/** ARNs of identities, {@code arn:aws:iam::account:type/path/name} (IAM User Guide, "IAM ARNs"). */
public final class IdentityArn {

    private static final String IAM = "arn:aws:iam::";
    private static final int ACCOUNT_DIGITS = 12;

    private IdentityArn() {}

    /** The ARN of an account's root. */
    public static String root(String accountId) {
        return IAM + accountId + ":root";
    }

    /**
     * The ARN of a user, role or policy.
     *
     * @param path begins and ends with a slash
     */
    public static String of(IdentityKind kind, String accountId, String path, String name) {
        return IAM + accountId + ":" + type(kind) + path + name;
    }

    /** The ARN of an OIDC provider, by its host and path. */
    public static String oidcProvider(String accountId, String hostAndPath) {
        return IAM + accountId + ":" + type(IdentityKind.OIDC_PROVIDER) + "/" + hostAndPath;
    }

    /** What the record of {@code arn} is called; empty if it is no ARN of an identity that has a record. */
    public static Optional<IdentityName> parse(String arn) {
        int end = IAM.length() + ACCOUNT_DIGITS;
        if (!arn.startsWith(IAM) || arn.length() <= end || arn.charAt(end) != ':') {
            return Optional.empty();
        }
        var resource = arn.substring(end + 1);
        if (resource.equals("root")) {
            return Optional.of(new IdentityName(IdentityKind.ACCOUNT, account(arn), ""));
        }
        for (var kind : IdentityKind.values()) {
            if (hasArn(kind) && resource.startsWith(type(kind) + "/")) {
                return Optional.of(name(kind, arn));
            }
        }
        return Optional.empty();
    }

    /** What the record of {@code arn}, which is of that kind, is called. Of anything else the result has no meaning. */
    static IdentityName name(IdentityKind kind, String arn) {
        int type = arn.indexOf('/');
        var name =
                kind == IdentityKind.OIDC_PROVIDER ? arn.substring(type + 1) : arn.substring(arn.lastIndexOf('/') + 1);
        return new IdentityName(kind, account(arn), name);
    }

    private static String account(String arn) {
        var parts = arn.split(":", 6);
        return parts.length < 6 ? "" : parts[4];
    }

    private static boolean hasArn(IdentityKind kind) {
        return kind != IdentityKind.ACCOUNT && kind != IdentityKind.ACCESS_KEY;
    }

    private static String type(IdentityKind kind) {
        return switch (kind) {
            case USER -> "user";
            case ROLE -> "role";
            case POLICY -> "policy";
            case OIDC_PROVIDER -> "oidc-provider";
            case ACCOUNT, ACCESS_KEY -> throw new IllegalArgumentException("no ARN is made for " + kind);
        };
    }
}
