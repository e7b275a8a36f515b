package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeyRef;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.Scope;
import java.util.Optional;

/** How operations turn what a caller wrote into the key they need (KMS API reference, "KeyId" of each operation). */
final class KeyNeeds {

    private KeyNeeds() {}

    /** A key by id, key ARN, alias name or alias ARN. */
    static KeyNeed any(String reference, String action, RequestContext context) {
        return need(KeyRef.parse(reference), action, context);
    }

    /** A key by id or key ARN; an alias is refused whether it exists or not. */
    static KeyNeed key(String reference, String action, RequestContext context) {
        return need(KeyRef.parseKey(reference), action, context);
    }

    /** The key an alias of the caller's own account and Region stands for, and the alias itself. */
    static KeyNeed alias(String name, String action, RequestContext context) {
        return need(new KeyRef.AliasName(name), action, context);
    }

    /** The key that a ciphertext blob names. */
    static KeyNeed ofBlob(Bytes backingKeyId, String action, RequestContext context) {
        var scope = context.scope();
        return new KeyNeed(new KeyAddress.ByBackingKey(scope.region(), backingKeyId), action, Optional.empty(), true);
    }

    private static KeyNeed need(KeyRef reference, String action, RequestContext context) {
        var scope = context.scope();
        reference.requireRegion(scope.region());
        return new KeyNeed(
                address(reference, scope),
                action,
                isOwn(reference, scope)
                        ? Optional.of(() -> reference.notFound(scope.region(), scope.accountId()))
                        : Optional.empty(),
                true);
    }

    private static KeyAddress address(KeyRef reference, Scope own) {
        if (reference instanceof KeyRef.KeyArn arn) {
            return new KeyAddress.ById(new KeyName(new Scope(arn.account(), arn.region()), arn.lookupId()));
        }
        if (reference instanceof KeyRef.Key key) {
            return new KeyAddress.ById(new KeyName(own, key.lookupId()));
        }
        if (reference instanceof KeyRef.AliasArn arn) {
            return new KeyAddress.ByAlias(new AliasName(new Scope(arn.account(), arn.region()), arn.name()));
        }
        return new KeyAddress.ByAlias(new AliasName(own, ((KeyRef.Alias) reference).name()));
    }

    private static boolean isOwn(KeyRef reference, Scope own) {
        if (reference instanceof KeyRef.KeyArn arn) {
            return arn.account().equals(own.accountId());
        }
        return !(reference instanceof KeyRef.AliasArn arn) || arn.account().equals(own.accountId());
    }
}
