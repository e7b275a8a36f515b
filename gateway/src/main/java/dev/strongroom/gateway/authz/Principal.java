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

    /** Whether this names the caller, or the account that can speak for it. */
    public boolean covers(Caller caller) {
        return switch (kind) {
            case ANYONE -> true;
            case ACCOUNT -> value.equals(caller.accountId());
            case IDENTITY -> value.equals(caller.principalArn());
            case SERVICE, FEDERATED -> false;
        };
    }
}
