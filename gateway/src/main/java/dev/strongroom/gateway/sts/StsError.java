package dev.strongroom.gateway.sts;

import dev.strongroom.api.KmsError;

/** Every error that a caller of STS can be told (STS API reference, "Common Errors" and the errors of each action). */
public enum StsError {
    ACCESS_DENIED("AccessDenied", 403),
    EXPIRED_TOKEN("ExpiredToken", 403),
    /** A web identity token that is past its time; not the caller's own session. */
    EXPIRED_WEB_IDENTITY("ExpiredTokenException", 400),
    IDP_REJECTED_CLAIM("IDPRejectedClaim", 403),
    INCOMPLETE_SIGNATURE("IncompleteSignature", 400),
    INTERNAL_FAILURE("InternalFailure", 500),
    INVALID_ACTION("InvalidAction", 400),
    INVALID_CLIENT_TOKEN_ID("InvalidClientTokenId", 403),
    INVALID_PARAMETER_VALUE("InvalidParameterValue", 400),
    INVALID_IDENTITY_TOKEN("InvalidIdentityToken", 400),
    MALFORMED_INPUT("MalformedInput", 400),
    MALFORMED_POLICY_DOCUMENT("MalformedPolicyDocument", 400),
    MISSING_ACTION("MissingAction", 400),
    MISSING_AUTHENTICATION_TOKEN("MissingAuthenticationToken", 403),
    PACKED_POLICY_TOO_LARGE("PackedPolicyTooLarge", 400),
    SERVICE_UNAVAILABLE("ServiceUnavailable", 503),
    SIGNATURE_DOES_NOT_MATCH("SignatureDoesNotMatch", 403),
    THROTTLING("Throttling", 400),
    VALIDATION_ERROR("ValidationError", 400);

    private final String code;
    private final int status;

    StsError(String code, int status) {
        this.code = code;
        this.status = status;
    }

    /** What STS calls that which KMS calls {@code error}: authentication fails in the same ways under other names. */
    static StsError of(KmsError error) {
        return switch (error) {
            case ACCESS_DENIED, NOT_AUTHORIZED -> ACCESS_DENIED;
            case EXPIRED_TOKEN -> EXPIRED_TOKEN;
            case INCOMPLETE_SIGNATURE -> INCOMPLETE_SIGNATURE;
            case INVALID_SIGNATURE -> SIGNATURE_DOES_NOT_MATCH;
            case MISSING_AUTHENTICATION_TOKEN -> MISSING_AUTHENTICATION_TOKEN;
            case MALFORMED_POLICY_DOCUMENT, INVALID_ARN -> MALFORMED_POLICY_DOCUMENT;
            case LIMIT_EXCEEDED -> PACKED_POLICY_TOO_LARGE;
            case THROTTLING -> THROTTLING;
            case UNRECOGNIZED_CLIENT -> INVALID_CLIENT_TOKEN_ID;
            case KEY_UNAVAILABLE, DEPENDENCY_TIMEOUT -> SERVICE_UNAVAILABLE;
            default -> INTERNAL_FAILURE;
        };
    }

    public String code() {
        return code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
