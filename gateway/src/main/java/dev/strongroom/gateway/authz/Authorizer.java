package dev.strongroom.gateway.authz;

import dev.strongroom.api.KeyRef;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyRecord;
import java.util.function.Supplier;

/**
 * Whether a caller may do something with a key. There are no callers yet but the roots of accounts, who may do everything
 * with the keys of their account and nothing with those of another.
 *
 * <p>Keys of another account are refused in the same words whether they exist or not.
 */
public final class Authorizer {

    private Authorizer() {}

    /**
     * Refuses a caller who may not do this with {@code key}.
     *
     * @param action such as {@code kms:Encrypt}
     * @param address what the caller called the key
     * @param missing what it is told when there is no such key
     * @throws KmsException AccessDenied
     */
    public static void require(
            Caller caller, String action, KeyAddress address, Supplier<KmsException> missing, KeyRecord key) {
        if (!key.name().scope().accountId().equals(caller.accountId())) {
            throw missing(caller, action, address, missing);
        }
    }

    /** What to say when no key was found at {@code address}. */
    public static KmsException missing(
            Caller caller, String action, KeyAddress address, Supplier<KmsException> missing) {
        if (address instanceof KeyAddress.ById byId) {
            var scope = byId.name().scope();
            return scope.accountId().equals(caller.accountId())
                    ? missing.get()
                    : denied(
                            caller,
                            action,
                            KeyRef.keyArn(
                                    scope.region(),
                                    scope.accountId(),
                                    byId.name().keyId()));
        }
        if (address instanceof KeyAddress.ByAlias byAlias) {
            var scope = byAlias.name().scope();
            return scope.accountId().equals(caller.accountId())
                    ? missing.get()
                    : denied(
                            caller,
                            action,
                            KeyRef.aliasArn(
                                    scope.region(),
                                    scope.accountId(),
                                    byAlias.name().name()));
        }
        // The words for a ciphertext are the same in either case already.
        return missing.get();
    }

    private static KmsException denied(Caller caller, String action, String resource) {
        return KmsException.of(
                KmsError.ACCESS_DENIED,
                "User: " + caller.principalArn() + " is not authorized to perform: " + action + " on resource: "
                        + resource + " because no resource-based policy allows the " + action + " action");
    }
}
