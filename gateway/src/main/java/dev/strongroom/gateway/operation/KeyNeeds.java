package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeyRef;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.Scope;

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
        return new KeyNeed(
                new KeyAddress.ByBackingKey(scope.region(), backingKeyId), action, () -> inaccessible(action, context));
    }

    private static KeyNeed need(KeyRef reference, String action, RequestContext context) {
        var scope = context.scope();
        reference.requireRegion(scope.region());
        return new KeyNeed(
                address(reference, scope), action, () -> reference.notFound(scope.region(), scope.accountId()));
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

    /** One text for "does not exist" and "not yours", so that a blob tells nobody which keys there are. */
    private static KmsException inaccessible(String action, RequestContext context) {
        return KmsException.of(
                KmsError.ACCESS_DENIED,
                "User: " + context.caller().principalArn() + " is not authorized to perform: " + action
                        + " on the resource associated with this ciphertext because the resource does not exist in this"
                        + " Region, no resource-based policies allow access, or a resource-based policy explicitly"
                        + " denies access");
    }
}
