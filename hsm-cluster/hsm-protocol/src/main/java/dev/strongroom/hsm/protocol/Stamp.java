package dev.strongroom.hsm.protocol;

/**
 * A record as of one revision: what a decision rested on. The node refuses a command whose stamp is no longer the newest
 * and catches up first if the stamp is newer than what it has itself.
 *
 * @param idHigh first half of the record's id, opaque to clients
 * @param idLow second half of the record's id
 * @param revision the revision that was read, at least 1
 */
public record Stamp(long idHigh, long idLow, long revision) {}
