package dev.strongroom.hsm.node.store;

import dev.strongroom.hsm.protocol.Bytes;
import java.util.List;
import java.util.UUID;

/**
 * What one log entry does: all of its writes or none of them. Every write names the revision it expects, 0 meaning "no
 * such record", so two transactions that rested on the same state cannot both be applied.
 *
 * @param commandId chosen by the client; the same command proposed again after a lost answer is recognised and not
 *     applied a second time
 * @param writes in order; each record at most once
 */
public record Transaction(UUID commandId, List<Write> writes) {

    public Transaction {
        writes = List.copyOf(writes);
    }

    /** One record of a transaction. */
    public sealed interface Write {

        RecordId id();

        /** The revision the record must have for the transaction to be applied; 0 if it must not exist. */
        long expected();
    }

    /** Creates or replaces a record. */
    public record Put(RecordId id, long expected, int kind, Bytes payload) implements Write {}

    /** Removes a record. */
    public record Delete(RecordId id, long expected) implements Write {}

    /** Changes nothing, but makes the transaction depend on the record. */
    public record Check(RecordId id, long expected) implements Write {}
}
