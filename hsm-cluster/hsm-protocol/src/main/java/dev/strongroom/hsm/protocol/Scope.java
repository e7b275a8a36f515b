package dev.strongroom.hsm.protocol;

/**
 * An account in a Region: the namespace of keys and aliases.
 *
 * @param accountId twelve digits
 * @param region as it stands in the credential scope, such as {@code eu-west-1}
 */
public record Scope(String accountId, String region) {}
