package dev.strongroom.api;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every error that a caller can be told: those of the KMS service model, then the common ones that the model leaves out
 * and that any operation may answer with.
 *
 * <p>The status is 400 for whatever the caller can mend. The model's own HTTP annotations (404, 409, 412) are not what
 * the service sends. The code is the wire name, which for some errors differs from the SDK's class name.
 */
public enum KmsError {
    ALREADY_EXISTS("AlreadyExistsException"),
    CLOUD_HSM_CLUSTER_IN_USE("CloudHsmClusterInUseException"),
    CLOUD_HSM_CLUSTER_INVALID_CONFIGURATION("CloudHsmClusterInvalidConfigurationException"),
    CLOUD_HSM_CLUSTER_NOT_ACTIVE("CloudHsmClusterNotActiveException"),
    CLOUD_HSM_CLUSTER_NOT_FOUND("CloudHsmClusterNotFoundException"),
    CLOUD_HSM_CLUSTER_NOT_RELATED("CloudHsmClusterNotRelatedException"),
    CONFLICT("ConflictException"),
    CUSTOM_KEY_STORE_HAS_CMKS("CustomKeyStoreHasCMKsException"),
    CUSTOM_KEY_STORE_INVALID_STATE("CustomKeyStoreInvalidStateException"),
    CUSTOM_KEY_STORE_NAME_IN_USE("CustomKeyStoreNameInUseException"),
    CUSTOM_KEY_STORE_NOT_FOUND("CustomKeyStoreNotFoundException"),
    DEPENDENCY_TIMEOUT("DependencyTimeoutException", 503),
    DISABLED("DisabledException"),
    DRY_RUN_OPERATION("DryRunOperationException"),
    EXPIRED_IMPORT_TOKEN("ExpiredImportTokenException"),
    INCORRECT_KEY("IncorrectKeyException"),
    INCORRECT_KEY_MATERIAL("IncorrectKeyMaterialException"),
    INCORRECT_TRUST_ANCHOR("IncorrectTrustAnchorException"),
    INVALID_ALIAS_NAME("InvalidAliasNameException"),
    INVALID_ARN("InvalidArnException"),
    INVALID_CIPHERTEXT("InvalidCiphertextException"),
    INVALID_GRANT_ID("InvalidGrantIdException"),
    INVALID_GRANT_TOKEN("InvalidGrantTokenException"),
    INVALID_IMPORT_TOKEN("InvalidImportTokenException"),
    INVALID_KEY_USAGE("InvalidKeyUsageException"),
    INVALID_MARKER("InvalidMarkerException"),
    KMS_INTERNAL("KMSInternalException", 500),
    KMS_INVALID_MAC("KMSInvalidMacException"),
    KMS_INVALID_SIGNATURE("KMSInvalidSignatureException"),
    KMS_INVALID_STATE("KMSInvalidStateException"),
    KEY_UNAVAILABLE("KeyUnavailableException", 500),
    LIMIT_EXCEEDED("LimitExceededException"),
    MALFORMED_POLICY_DOCUMENT("MalformedPolicyDocumentException"),
    NOT_FOUND("NotFoundException"),
    TAG("TagException"),
    UNSUPPORTED_OPERATION("UnsupportedOperationException"),
    XKS_KEY_ALREADY_IN_USE("XksKeyAlreadyInUseException"),
    XKS_KEY_INVALID_CONFIGURATION("XksKeyInvalidConfigurationException"),
    XKS_KEY_NOT_FOUND("XksKeyNotFoundException"),
    XKS_PROXY_INCORRECT_AUTHENTICATION_CREDENTIAL("XksProxyIncorrectAuthenticationCredentialException"),
    XKS_PROXY_INVALID_CONFIGURATION("XksProxyInvalidConfigurationException"),
    XKS_PROXY_INVALID_RESPONSE("XksProxyInvalidResponseException"),
    XKS_PROXY_URI_ENDPOINT_IN_USE("XksProxyUriEndpointInUseException"),
    XKS_PROXY_URI_IN_USE("XksProxyUriInUseException"),
    XKS_PROXY_URI_UNREACHABLE("XksProxyUriUnreachableException"),
    XKS_PROXY_VPC_ENDPOINT_SERVICE_IN_USE("XksProxyVpcEndpointServiceInUseException"),
    XKS_PROXY_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION("XksProxyVpcEndpointServiceInvalidConfigurationException"),
    XKS_PROXY_VPC_ENDPOINT_SERVICE_NOT_FOUND("XksProxyVpcEndpointServiceNotFoundException"),

    // Not in the model: SDKs show these as plain service errors.
    ACCESS_DENIED("AccessDeniedException", Origin.COMMON, "Message"),
    EXPIRED_TOKEN("ExpiredTokenException", Origin.COMMON),
    INCOMPLETE_SIGNATURE("IncompleteSignatureException", Origin.COMMON),
    INVALID_SIGNATURE("InvalidSignatureException", Origin.COMMON),
    MISSING_AUTHENTICATION_TOKEN("MissingAuthenticationTokenException", Origin.COMMON),
    NOT_AUTHORIZED("NotAuthorizedException", Origin.COMMON),
    SERIALIZATION("SerializationException", Origin.COMMON),
    THROTTLING("ThrottlingException", Origin.COMMON),
    UNKNOWN_OPERATION("UnknownOperationException", Origin.COMMON),
    UNRECOGNIZED_CLIENT("UnrecognizedClientException", Origin.COMMON),
    VALIDATION("ValidationException", Origin.COMMON);

    private enum Origin {
        MODEL,
        COMMON
    }

    private static final Map<String, KmsError> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(KmsError::code, Function.identity()));

    private final String code;
    private final int status;
    private final Origin origin;
    private final String messageKey;

    KmsError(String code) {
        this(code, 400, Origin.MODEL, "message");
    }

    KmsError(String code, int status) {
        this(code, status, Origin.MODEL, "message");
    }

    KmsError(String code, Origin origin) {
        this(code, 400, origin, "message");
    }

    KmsError(String code, Origin origin, String messageKey) {
        this(code, 400, origin, messageKey);
    }

    KmsError(String code, int status, Origin origin, String messageKey) {
        this.code = code;
        this.status = status;
        this.origin = origin;
        this.messageKey = messageKey;
    }

    /** The error of that wire code, for example {@code NotFoundException}. */
    public static Optional<KmsError> find(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** The wire code, sent as {@code __type}. */
    public String code() {
        return code;
    }

    /** The HTTP status: 400, or 500 and 503 for what the caller may only try again. */
    public int status() {
        return status;
    }

    /** The member of the error body that carries the text: {@code message}, with one exception. */
    public String messageKey() {
        return messageKey;
    }

    /** Whether the service model knows it, so that operations declare it and SDKs have a class for it. */
    public boolean isModelled() {
        return origin == Origin.MODEL;
    }
}
