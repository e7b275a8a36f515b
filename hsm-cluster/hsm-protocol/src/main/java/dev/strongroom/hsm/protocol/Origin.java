package dev.strongroom.hsm.protocol;

/** Where the key material of a KMS key comes from; fixed when the key is made. */
public enum Origin {
    AWS_KMS,
    EXTERNAL,
    AWS_CLOUDHSM,
    EXTERNAL_KEY_STORE
}
