package dev.strongroom.hsm.node.store;

import dev.strongroom.hsm.protocol.Bytes;

/**
 * A record as every node keeps it.
 *
 * @param id which record
 * @param revision index of the log entry that last changed it, at least 1; never repeats, also not after a record was
 *     deleted and made again
 * @param base the revision that this version replaced, 0 if it was created; part of the payload's AAD, since the index
 *     of its own entry is not known when it is sealed
 * @param kind what is inside, a number of {@code RecordKind}
 * @param payload ciphertext that authenticates itself
 */
public record SealedRecord(RecordId id, long revision, long base, int kind, Bytes payload) {}
