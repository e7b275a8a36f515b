package dev.strongroom.hsm.protocol;

/** The uses of a key that count as such (AWS KMS API reference, KeyLastUsageData, Operation). */
public enum TrackedUse {
    ENCRYPT,
    DECRYPT,
    RE_ENCRYPT,
    GENERATE_DATA_KEY,
    GENERATE_DATA_KEY_WITHOUT_PLAINTEXT,
    GENERATE_DATA_KEY_PAIR,
    GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT,
    SIGN,
    VERIFY,
    GENERATE_MAC,
    VERIFY_MAC,
    DERIVE_SHARED_SECRET,
    ENCAPSULATE,
    DECAPSULATE
}
