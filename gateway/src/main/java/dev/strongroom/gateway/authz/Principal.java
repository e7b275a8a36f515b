package dev.strongroom.gateway.authz;

/**
 * Somebody named in a key policy.
 *
 * @param value ANYONE: {@code *}; ACCOUNT: twelve digits, however the policy wrote them; IDENTITY: the ARN of a user, role
 *     or session; SERVICE: such as {@code logs.us-east-1.amazonaws.com}; FEDERATED: a provider's ARN or domain
 */
public record Principal(Kind kind, String value) {

    /** An account stands for its root user and for those to whom its identity policies hand the permission on. */
    public enum Kind {
        ANYONE,
        ACCOUNT,
        IDENTITY,
        SERVICE,
        FEDERATED
    }

    static final Principal ANYONE = new Principal(Kind.ANYONE, "*");

    /**
     * Who a grant is for, or who may retire it.
     *
     * @param arn of an account's root, a user, a role, a session or a federated user
     * @throws dev.strongroom.api.KmsException InvalidArn if it is none of them
     */
    public static Principal ofGrant(String arn) {
        return PrincipalSyntax.grantee(arn);
    }

    /** A service as a grant names it, such as {@code rds.amazonaws.com}. */
    public static Principal ofServiceGrant(String name) {
        return new Principal(Kind.SERVICE, name);
    }

    /** As answers show it: accounts by the ARN of their root. */
    public String arn() {
        return kind == Kind.ACCOUNT ? "arn:aws:iam::" + value + ":root" : value;
    }
}
