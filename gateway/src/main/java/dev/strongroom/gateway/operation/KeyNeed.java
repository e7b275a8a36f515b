package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.KeyAddress;
import java.util.function.Supplier;

/**
 * A KMS key that has to be known before a request can be decided.
 *
 * @param address which one
 * @param action what the caller must be allowed to do with it, such as {@code kms:Encrypt}
 * @param missing what to answer when there is no such key
 */
public record KeyNeed(KeyAddress address, String action, Supplier<KmsException> missing) {}
