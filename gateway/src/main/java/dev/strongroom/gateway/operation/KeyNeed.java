package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeyRef;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.hsm.protocol.KeyAddress;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A KMS key that has to be known before a request can be decided.
 *
 * @param address which one
 * @param action what it is named for, such as {@code kms:Encrypt}
 * @param missing what the caller is told when there is no such key; empty if it must not be told, because the key would be
 *     another account's
 * @param required whether its absence matters before anything else; if not, the operation says it in its own order of checks
 */
public record KeyNeed(KeyAddress address, String action, Optional<Supplier<KmsException>> missing, boolean required) {

    /** By what of it may be spoken when it is not there, or not to be seen. */
    Resource.Absent absent() {
        if (address instanceof KeyAddress.ById by) {
            var scope = by.name().scope();
            return absent(
                    scope.accountId(),
                    KeyRef.keyArn(scope.region(), scope.accountId(), by.name().keyId()));
        }
        if (address instanceof KeyAddress.ByAlias by) {
            var scope = by.name().scope();
            return absent(
                    scope.accountId(),
                    KeyRef.aliasArn(scope.region(), scope.accountId(), by.name().name()));
        }
        return new Resource.Absent("", "*", Resource.Naming.BY_CIPHERTEXT);
    }

    private static Resource.Absent absent(String accountId, String arn) {
        return new Resource.Absent(accountId, arn, Resource.Naming.BY_REFERENCE);
    }
}
