package dev.strongroom.hsm.protocol;

/** How current the answer of a read must be. */
public enum Freshness {
    /** What the node has applied, under its lease. */
    LOCAL,
    /** Everything acknowledged anywhere before the read began: a quorum read. */
    QUORUM
}
