package dev.strongroom.hsm.protocol;

/** What an HSM user may do; a user has exactly one role. */
public enum Role {
    /** Uses keys and manages KMS keys, within the accounts and Regions it was made for. */
    CRYPTO_USER,
    /** Writes accounts and access keys; uses no key. */
    IDENTITY_ADMIN,
    /** Manages the cluster and its users; uses no key. */
    CRYPTO_OFFICER
}
