package dev.strongroom.hsm.node.cluster;

/** A fault planted in what a node stands on. The simulator must notice each; if it does not, it would not notice ours either. */
enum SimMutant {
    NONE,
    /** Term and vote are not written before they are told: after a crash the node votes a second time in a term. */
    FORGETS_ITS_VOTE,
    /** Entries are acknowledged before they are on the disk. */
    NEVER_SYNCS,
    /** Every fifth batch of entries is not written at all. */
    DROPS_ENTRIES,
    /** The log is cut behind a snapshot that was never written. */
    DROPS_SNAPSHOTS,
    /** The clock goes at half speed, so that a lease lasts twice as long as it may. */
    SLOW_CLOCK,
    /** After its journal is lost the node takes its old seat, with its vote, as if it had never acknowledged anything. */
    KEEPS_ITS_SEAT
}
