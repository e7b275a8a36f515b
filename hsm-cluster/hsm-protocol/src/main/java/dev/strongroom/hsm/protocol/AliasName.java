package dev.strongroom.hsm.protocol;

/**
 * An alias by name.
 *
 * @param scope where it lives
 * @param name with its prefix, such as {@code alias/orders}
 */
public record AliasName(Scope scope, String name) {}
