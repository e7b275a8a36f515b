package dev.strongroom.hsm.protocol;

/** Where a node is in its life. */
public enum NodeState {
    /** No cluster was created here yet. */
    UNINITIALIZED,
    /** The root key is not in memory; nothing can be read. */
    SEALED,
    /** Serves. */
    OPERATIONAL,
    /** Has not heard from a majority within the lease; refuses the use of keys until it does. */
    FENCED,
    /** Finishes what it has and takes nothing new. */
    DRAINING,
    /** Cannot write its journal or its audit trail. */
    FAILED,
    /** Its keys were destroyed. */
    ZEROIZED
}
