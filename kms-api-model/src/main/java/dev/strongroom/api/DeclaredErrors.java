package dev.strongroom.api;

import static dev.strongroom.api.KmsError.*;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The sets of declared errors that several rows of {@link Operation} share. */
final class DeclaredErrors {

    /** Key id or key ARN, quick to answer. */
    static final Set<KmsError> RECORD = Set.of(NOT_FOUND, INVALID_ARN, KMS_INTERNAL);

    /** The same, where the key's state matters. */
    static final Set<KmsError> STATE = plus(RECORD, KMS_INVALID_STATE);

    static final Set<KmsError> SERVER = Set.of(DEPENDENCY_TIMEOUT, KMS_INTERNAL);

    static final Set<KmsError> LOOKUP = plus(RECORD, DEPENDENCY_TIMEOUT);

    /** Most operations that manage one key. */
    static final Set<KmsError> KEY = plus(LOOKUP, KMS_INVALID_STATE);

    static final Set<KmsError> ALIAS = plus(SERVER, NOT_FOUND, KMS_INVALID_STATE);

    /** Use of a MAC key. */
    static final Set<KmsError> MAC = Set.of(
            NOT_FOUND,
            DISABLED,
            KEY_UNAVAILABLE,
            INVALID_KEY_USAGE,
            INVALID_GRANT_TOKEN,
            KMS_INTERNAL,
            KMS_INVALID_STATE,
            DRY_RUN_OPERATION);

    /** Use of any other key. */
    static final Set<KmsError> USE = plus(MAC, DEPENDENCY_TIMEOUT);

    static final Set<KmsError> STORE = Set.of(CUSTOM_KEY_STORE_NOT_FOUND, KMS_INTERNAL);

    /** Creating or changing the way to a custom key store. */
    static final Set<KmsError> CONNECTION = Set.of(
            KMS_INTERNAL,
            CUSTOM_KEY_STORE_NAME_IN_USE,
            CLOUD_HSM_CLUSTER_NOT_FOUND,
            CLOUD_HSM_CLUSTER_NOT_ACTIVE,
            CLOUD_HSM_CLUSTER_INVALID_CONFIGURATION,
            XKS_PROXY_URI_IN_USE,
            XKS_PROXY_URI_ENDPOINT_IN_USE,
            XKS_PROXY_URI_UNREACHABLE,
            XKS_PROXY_INCORRECT_AUTHENTICATION_CREDENTIAL,
            XKS_PROXY_VPC_ENDPOINT_SERVICE_IN_USE,
            XKS_PROXY_VPC_ENDPOINT_SERVICE_NOT_FOUND,
            XKS_PROXY_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION,
            XKS_PROXY_INVALID_RESPONSE,
            XKS_PROXY_INVALID_CONFIGURATION);

    private DeclaredErrors() {}

    static Set<KmsError> plus(Set<KmsError> common, KmsError... more) {
        var all = EnumSet.copyOf(common);
        all.addAll(List.of(more));
        return Collections.unmodifiableSet(all);
    }
}
