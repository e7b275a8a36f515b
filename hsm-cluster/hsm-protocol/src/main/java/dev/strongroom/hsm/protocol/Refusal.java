package dev.strongroom.hsm.protocol;

/** An expected no. */
public enum Refusal {
    /** No such record, or one that may no longer be used. */
    NOT_FOUND,
    /** A stamp is not the newest: decide again, on the fresh record if one comes along. */
    STALE,
    /** The name is taken. */
    ALREADY_EXISTS,
    /** A quota is used up; the detail holds the current count. */
    LIMIT_EXCEEDED,
    KEY_DISABLED,
    KEY_PENDING_DELETION,
    KEY_PENDING_IMPORT,
    KEY_UNAVAILABLE,
    /** The key is not for this, or the change does not follow from its state. */
    INVALID_FOR_KEY,
    /** Something of the same kind is about to happen to the key; ask again when it has. */
    CONFLICT,
    /** The blob does not open; no reason is given. */
    INVALID_CIPHERTEXT,
    /** The blob opens under another key. */
    INCORRECT_KEY,
    /** The signature is none of this key over this message; no reason is given. */
    INVALID_SIGNATURE,
    /** The HMAC is not that of this message. */
    INVALID_MAC,
    /** The peer's public key is none, or not on the curve of ours. */
    INVALID_PUBLIC_KEY,
    /** The recipient's attestation document is malformed, forged, out of date or of a root that is not trusted. */
    INVALID_ATTESTATION,
    /** More than the algorithm can encrypt with a key of this size. */
    PLAINTEXT_TOO_LONG,
    /** The import token is none of this cluster's, or was made for another key. */
    INVALID_IMPORT_TOKEN,
    EXPIRED_IMPORT_TOKEN,
    /** Wrapped key material is not as long as what the wrapping key makes. */
    INVALID_WRAPPED_SIZE,
    /** Key material is no key of the spec, not the one expected, or already there when it should be new. */
    INCORRECT_KEY_MATERIAL,
    /** Other key material is already waiting for its rotation; the detail holds the ids of the new one and of that. */
    ROTATION_PENDING,
    /** The end of the material's time lies behind (the detail is PAST) or too far ahead (FAR), by the node's clock. */
    INVALID_EXPIRY,
    /** The session token is none of this cluster's, or belongs to another access key. */
    INVALID_SESSION,
    EXPIRED_SESSION,
    /** The session's user has no right to this command. */
    NOT_PERMITTED,
    /**
     * There is no session, or it has ended because its user was changed. Nothing was begun; log in on a new connection.
     */
    LOGIN_REQUIRED,
    LOGIN_FAILED,
    /** The node is not OPERATIONAL; the detail names its state. */
    NOT_OPERATIONAL,
    /** No majority answered in time; whether a change happened is unknown. Repeat it with the same command id. */
    NO_QUORUM,
    /** Too much is waiting already. */
    THROTTLED,
    /** The deadline passed before the work was begun. */
    DEADLINE_EXCEEDED,
    /** The command makes no sense: a length out of range, a malformed name. */
    MALFORMED,
    /** A fault of the node; the detail holds nothing but the id under which it was logged. */
    INTERNAL,
    /**
     * The client's own word, never a node's: no node could be reached, or none answered in time. Whether a change happened
     * is unknown; repeat it with the same command id.
     */
    UNREACHABLE
}
