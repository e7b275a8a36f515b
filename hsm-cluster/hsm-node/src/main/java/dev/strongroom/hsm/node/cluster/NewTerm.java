package dev.strongroom.hsm.node.cluster;

/**
 * The first entry that a new leader puts into the log. It changes nothing; committing it commits all entries of earlier
 * terms before it (Raft, section 5.4.2).
 */
public enum NewTerm {
    INSTANCE
}
