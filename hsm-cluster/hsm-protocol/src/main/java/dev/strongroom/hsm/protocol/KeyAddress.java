package dev.strongroom.hsm.protocol;

/** How a client says which KMS key it means. */
public sealed interface KeyAddress {

    /** By its id. */
    record ById(KeyName name) implements KeyAddress {}

    /** By an alias. */
    record ByAlias(AliasName name) implements KeyAddress {}

    /**
     * By the backing key that a ciphertext blob names. The account is found from the backing key; the KMS key is the one
     * of that id in the given Region, so a blob of a multi-Region key opens in each of its Regions.
     *
     * @param region the Region of the request
     * @param backingKeyId 16 bytes
     */
    record ByBackingKey(String region, Bytes backingKeyId) implements KeyAddress {}
}
