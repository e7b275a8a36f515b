package dev.strongroom.hsm.protocol;

/** Key under which key material is wrapped for import; wire names of the KMS API. */
public enum WrappingKeySpec {
    RSA_2048,
    RSA_3072,
    RSA_4096,
    SM2
}
