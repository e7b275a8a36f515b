package dev.strongroom.hsm.protocol;

/** The shapes of key material a node knows by name; what each is good for stands in {@code KeySpecs} of the API model. */
public enum KeySpec {
    SYMMETRIC_DEFAULT,
    RSA_2048,
    RSA_3072,
    RSA_4096,
    ECC_NIST_P256,
    ECC_NIST_P384,
    ECC_NIST_P521,
    ECC_SECG_P256K1,
    ECC_NIST_EDWARDS25519,
    HMAC_224,
    HMAC_256,
    HMAC_384,
    HMAC_512,
    SM2,
    ML_DSA_44,
    ML_DSA_65,
    ML_DSA_87,
    ML_KEM_512,
    ML_KEM_768,
    ML_KEM_1024;

    /** Whether a key of it takes seconds to make on a busy machine: primes have to be found. */
    public boolean isRsa() {
        return this == RSA_2048 || this == RSA_3072 || this == RSA_4096;
    }
}
