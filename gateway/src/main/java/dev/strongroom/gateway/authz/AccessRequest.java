package dev.strongroom.gateway.authz;

import java.util.Map;
import java.util.function.Predicate;

/**
 * What somebody asks to be allowed to do.
 *
 * @param action as shown in refusals, such as {@code kms:Encrypt}
 * @param encryptionContext the context of the one use of the key that is asked about, of CreateGrant that of its
 *     constraint; empty if there is none
 * @param keys what the operation adds: {@code kms:EncryptionAlgorithm}, {@code aws:RequestTag/…} and so on; never asked
 *     for what is known otherwise: the caller, the environment, the key, the encryption context
 * @param reliable the grants that this request may rest on; only CreateGrant asks more of one than its own constraints
 */
public record AccessRequest(
        String action,
        Resource resource,
        RequestEnvironment environment,
        Map<String, String> encryptionContext,
        ConditionKeys keys,
        Predicate<Grant> reliable) {

    public AccessRequest(
            String action,
            Resource resource,
            RequestEnvironment environment,
            Map<String, String> encryptionContext,
            ConditionKeys keys) {
        this(action, resource, environment, encryptionContext, keys, grant -> true);
    }

    public AccessRequest(String action, Resource resource, RequestEnvironment environment) {
        this(action, resource, environment, Map.of(), ConditionKeys.NONE);
    }
}
