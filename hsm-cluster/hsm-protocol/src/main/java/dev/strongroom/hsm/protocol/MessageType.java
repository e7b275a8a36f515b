package dev.strongroom.hsm.protocol;

/** What a message to be signed is; wire names of the KMS API. */
public enum MessageType {
    /** The message itself, 1 to 4,096 bytes. */
    RAW,
    /** Its hash. */
    DIGEST,
    /** ML-DSA's mu, 64 bytes (FIPS 204, section 6.2). */
    EXTERNAL_MU
}
