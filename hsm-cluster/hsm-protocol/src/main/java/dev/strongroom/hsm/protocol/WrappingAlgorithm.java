package dev.strongroom.hsm.protocol;

/** How key material is wrapped for import; wire names of the KMS API. RSAES_PKCS1_V1_5 is not among them: KMS refuses it. */
public enum WrappingAlgorithm {
    RSAES_OAEP_SHA_1,
    RSAES_OAEP_SHA_256,
    RSA_AES_KEY_WRAP_SHA_1,
    RSA_AES_KEY_WRAP_SHA_256,
    SM2PKE
}
