package dev.strongroom.gateway.authz;

import java.util.Map;

/**
 * Somebody named in a key policy.
 *
 * @param value ANYONE: {@code *}; ACCOUNT: twelve digits, however the policy wrote them; IDENTITY: the ARN of a user, role
 *     or session, whoever has it; UNIQUE_ID: {@code AIDA…} of a user, {@code AROA…} of a role, {@code AROA…:session} of a
 *     session, whom nobody else can come to be, and whom a text never names; SERVICE: such as {@code logs.us-east-1.amazonaws.com}; FEDERATED: a provider's ARN or domain
 */
public record Principal(Kind kind, String value) {

    /** An account stands for its root user and for those to whom its identity policies hand the permission on. */
    public enum Kind {
        ANYONE,
        ACCOUNT,
        IDENTITY,
        UNIQUE_ID,
        SERVICE,
        FEDERATED
    }

    /** {@code arn:aws:iam::123456789012:root}. */
    private static final int ROOT_PARTS = 6;

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

    /** Who a record of a grant means by what {@link #arn} gave. */
    static Principal inRecord(String text) {
        if (!text.startsWith("arn:")) {
            return ofServiceGrant(text);
        }
        var parts = text.split(":", -1);
        return parts.length == ROOT_PARTS && parts[ROOT_PARTS - 1].equals("root")
                ? new Principal(Kind.ACCOUNT, parts[ROOT_PARTS - 2])
                : new Principal(Kind.IDENTITY, text);
    }

    /** Whose existence says that this one exists: of a federated user all that is known is the account. */
    public String whoMustExist() {
        var parts = arn().split(":", ROOT_PARTS);
        return parts.length == ROOT_PARTS && parts[ROOT_PARTS - 1].startsWith("federated-user/")
                ? "arn:aws:iam::" + parts[ROOT_PARTS - 2] + ":root"
                : arn();
    }

    /** Who that is whose ARN this is, if {@code ids} knows it. */
    Principal meant(Map<String, String> ids) {
        var id = kind == Kind.IDENTITY ? ids.get(value) : null;
        return id == null ? this : new Principal(Kind.UNIQUE_ID, id);
    }

    /** As answers show it: accounts by the ARN of their root. */
    public String arn() {
        return kind == Kind.ACCOUNT ? "arn:aws:iam::" + value + ":root" : value;
    }
}
