package dev.strongroom.hsm.node.cluster;

import java.io.IOException;
import java.util.Optional;

/** What a node keeps on disk: its identity and its journal. Called from the Raft thread only. */
interface NodeDisk extends AutoCloseable {

    /** Empty if the node was never started here. */
    Optional<Identity> identity() throws IOException;

    /**
     * Whether somebody made this disk for a node that has never taken part. Without an identity, a journal and this, a node
     * is not new: what it had is lost.
     */
    boolean isNew();

    /** The node has a seat and a journal; from now on their absence is a loss. */
    void noLongerNew() throws IOException;

    /** Whether there is anything where a journal belongs. Looks and touches nothing. */
    boolean hasJournal();

    /** The place, for a human. */
    String place();

    /** One line about a failure of this disk and what to do. */
    default String explain(Throwable failure) {
        return failure instanceof JournalRefusedException
                ? Reason.of(failure)
                : "the disk at " + place() + " failed: " + Reason.of(failure)
                        + "; mend it and start this node again, what was acknowledged is safe";
    }

    /** When this returns, the identity is durable and replaces the former one as a whole. */
    void keep(Identity identity) throws IOException;

    /** Called once, and once more after {@link #setJournalAside}. */
    Journal.Opened openJournal() throws IOException;

    /**
     * Moves the journal out of the way, for a human to look at; none is open. Only for a node that comes back as a new
     * member: what the old one voted and acknowledged no longer counts.
     */
    void setJournalAside() throws IOException;

    @Override
    void close();
}
