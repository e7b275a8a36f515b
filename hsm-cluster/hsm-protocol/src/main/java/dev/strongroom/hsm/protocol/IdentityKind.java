package dev.strongroom.hsm.protocol;

/** The kinds of records that say who callers are. */
public enum IdentityKind {
    ACCOUNT,
    USER,
    ROLE,
    /** A managed policy: one that hangs on any number of users and roles of its account. */
    POLICY,
    OIDC_PROVIDER,
    ACCESS_KEY
}
