package dev.strongroom.gateway.admin;

import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.Refused;

/** An expected no, in IAM's words where IAM has some. */
public final class AdminRefusal extends RuntimeException {

    static final String LIMIT = "LimitExceeded";

    private static final long serialVersionUID = 1L;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;
    private static final int FAULT = 500;

    private final String code;
    private final int status;

    /** @param code such as {@code NoSuchEntity} */
    public AdminRefusal(String code, int status, String message) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
    }

    public static AdminRefusal invalid(String message) {
        return new AdminRefusal("ValidationError", BAD_REQUEST, message);
    }

    public static AdminRefusal denied(String message) {
        return new AdminRefusal("AccessDenied", FORBIDDEN, message);
    }

    static AdminRefusal limit(String message) {
        return new AdminRefusal(LIMIT, CONFLICT, message);
    }

    static AdminRefusal missing(String what) {
        return new AdminRefusal("NoSuchEntity", NOT_FOUND, what + " does not exist.");
    }

    /** The no of the HSM; what is about nothing in particular is about {@code what}. */
    static AdminRefusal of(Refused refused, String what) {
        return switch (refused.refusal()) {
            case NOT_FOUND -> missing(refused.detail().isEmpty() ? what : refused.detail());
            case ALREADY_EXISTS -> new AdminRefusal("EntityAlreadyExists", CONFLICT, what + " exists already.");
            case LIMIT_EXCEEDED -> limit(what + " would be beyond a quota: " + refused.detail() + ".");
            case CONFLICT -> new AdminRefusal("DeleteConflict", CONFLICT, what + ": " + refused.detail() + ".");
            case STALE -> new AdminRefusal("ConcurrentModification", CONFLICT, what + " is being changed. Try again.");
            case MALFORMED -> invalid(what + ": " + refused.detail() + ".");
            case NOT_PERMITTED -> denied("The HSM does not permit it to this administrator: " + refused.detail() + ".");
            case NO_QUORUM, UNREACHABLE, DEADLINE_EXCEEDED, NOT_OPERATIONAL, THROTTLED, LOGIN_REQUIRED ->
                new AdminRefusal(
                        "ServiceUnavailable",
                        UNAVAILABLE,
                        "The HSM did not answer in time. Look whether it was done before you try again.");
            default -> new AdminRefusal("ServiceFailure", FAULT, "The HSM failed: " + refused.getMessage());
        };
    }

    /** A document that is none. */
    static AdminRefusal of(KmsException no) {
        var code = no.error().code();
        return new AdminRefusal(code.replace("Exception", ""), BAD_REQUEST, String.valueOf(no.text()));
    }

    public String code() {
        return code;
    }

    /** HTTP's. */
    public int status() {
        return status;
    }

    /** One line. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
