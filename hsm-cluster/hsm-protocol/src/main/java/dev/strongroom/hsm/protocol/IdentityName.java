package dev.strongroom.hsm.protocol;

/**
 * What an identity record is called.
 *
 * @param accountId twelve digits
 * @param name of a user, role or policy, without its path, unique in the account in any letter case; of an OIDC provider its
 *     host and path; of an access key its id; empty for an account
 */
public record IdentityName(IdentityKind kind, String accountId, String name) {}
