package dev.strongroom.hsm.protocol;

/**
 * A KMS key by name.
 *
 * @param scope where it lives
 * @param keyId UUID in lower case, or {@code mrk-} and 32 hexadecimal digits
 */
public record KeyName(Scope scope, String keyId) {}
