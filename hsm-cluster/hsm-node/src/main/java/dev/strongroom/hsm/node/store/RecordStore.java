package dev.strongroom.hsm.node.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The records of the cluster as this node sees them, changed only through the replicated log.
 *
 * <p>Reads are of the state that this node has applied; {@link #readBarrier()} makes it current. All methods are safe for
 * concurrent use and none blocks.
 */
public interface RecordStore extends AutoCloseable {

    /**
     * Proposes a transaction. Completes once a majority of the voting nodes has it on disk and this node has applied it,
     * so that a read here afterwards sees it. Fails with {@link UnavailableException} if no majority answered in time:
     * then the outcome is unknown and the caller proposes the same {@code commandId} again or reports "unknown".
     *
     * @throws TooLargeException at once, if no log could hold it
     */
    CompletionStage<Outcome> commit(Transaction transaction);

    /** The record as applied here. */
    Optional<SealedRecord> find(RecordId id);

    /**
     * A quorum read: completes with an applied index that covers everything acknowledged anywhere before the call. Fails
     * with {@link UnavailableException} without a majority.
     */
    CompletionStage<Long> readBarrier();

    /**
     * Completes when this node has applied {@code index}, or all that was acknowledged anywhere before this call if no entry
     * of that index was: an index that somebody made up costs a quorum read and no wait. Fails with {@link
     * UnavailableException} if that takes too long.
     */
    CompletionStage<Void> awaitApplied(long index);

    /** Completes when every live node has applied {@code index}, or after at most two seconds; never fails. */
    CompletionStage<Void> awaitEverywhere(long index);

    /** Index of the last log entry applied here. */
    long appliedIndex();

    /**
     * Whether this node may still use keys: it has heard, at most one lease ago and counted from the sending of its own
     * question, from a leader that a majority follows. Cheap; asked before and after each use of a key.
     */
    boolean holdsLease();

    /**
     * Registers the one who keeps what follows from the records (indexes, caches). It first gets all records as one
     * {@link Listener#reset}, then every change in log order.
     */
    void subscribe(Listener listener);

    @Override
    void close();

    /** Called in log order, one call at a time, before the transaction is acknowledged to anybody on this node. */
    interface Listener {

        /** Forget everything; these are the records now. */
        void reset(Iterable<SealedRecord> records, long index);

        /** One applied transaction: the records as they are after it and the ids that are gone. */
        void applied(long index, List<SealedRecord> put, List<RecordId> deleted);
    }

    /** The transaction is longer than a log entry may be; it was proposed to nobody. */
    final class TooLargeException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public TooLargeException(String message) {
            super(message, null, false, false);
        }
    }

    /** No majority answered, or this node is too far behind; the caller may try again with the same command id. */
    final class UnavailableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public UnavailableException(String message) {
            super(message, null, false, false);
        }
    }
}
