package dev.strongroom.hsm.protocol;

/** How a plaintext is encrypted; wire names of the KMS API. */
public enum EncryptionAlgorithm {
    SYMMETRIC_DEFAULT,
    RSAES_OAEP_SHA_1,
    RSAES_OAEP_SHA_256,
    SM2PKE
}
