package dev.strongroom.hsm.protocol;

/** What may be done with a KMS key now. */
public enum KeyState {
    ENABLED,
    DISABLED,
    PENDING_IMPORT,
    PENDING_DELETION,
    PENDING_REPLICA_DELETION,
    CREATING,
    UPDATING,
    UNAVAILABLE
}
