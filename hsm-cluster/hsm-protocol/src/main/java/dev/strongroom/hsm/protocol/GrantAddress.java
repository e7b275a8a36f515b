package dev.strongroom.hsm.protocol;

/** How a client says which grant it means. */
public sealed interface GrantAddress {

    /** By its id, which is one among those of its key. */
    record ById(KeyName key, String grantId) implements GrantAddress {}

    /** By a token of it. */
    record ByToken(Bytes token) implements GrantAddress {}
}
