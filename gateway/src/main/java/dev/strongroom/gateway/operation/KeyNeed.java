package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeyRef;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.AccessDecision;
import dev.strongroom.gateway.authz.AccessRequest;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.gateway.authz.Verdict;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.Scope;
import java.util.function.Supplier;

/**
 * A KMS key that has to be known before a request can be decided.
 *
 * @param address which one
 * @param action what it is named for, such as {@code kms:Encrypt}
 * @param missing what the account's own callers are told when there is no such key
 * @param required whether that ends the request; if not, the operation says it in its own order of checks
 */
public record KeyNeed(KeyAddress address, String action, Supplier<KmsException> missing, boolean required) {

    /** A key without which nothing can be said. */
    KeyNeed(KeyAddress address, String action, Supplier<KmsException> missing) {
        this(address, action, missing, true);
    }

    /**
     * What the caller is told when there is no such key. Callers of another account are refused in the words for a key that
     * is there and does not let them in.
     */
    public KmsException refusal(RequestContext context) {
        if (address instanceof KeyAddress.ById byId) {
            var scope = byId.name().scope();
            return refusal(
                    context,
                    scope,
                    KeyRef.keyArn(scope.region(), scope.accountId(), byId.name().keyId()));
        }
        if (address instanceof KeyAddress.ByAlias byAlias) {
            var scope = byAlias.name().scope();
            return refusal(
                    context,
                    scope,
                    KeyRef.aliasArn(
                            scope.region(), scope.accountId(), byAlias.name().name()));
        }
        // The words for a ciphertext are the same in either case already.
        return missing.get();
    }

    private KmsException refusal(RequestContext context, Scope scope, String arn) {
        var caller = context.caller();
        if (scope.accountId().equals(caller.accountId())) {
            return missing.get();
        }
        var absent = new Resource.Absent(scope.accountId(), arn);
        var verdict = AccessDecision.decide(caller, new AccessRequest(action, absent, context.environment()));
        return ((Verdict.Denied) verdict).exception();
    }
}
