package dev.strongroom.hsm.node.cluster;

import io.microraft.persistence.RaftStore;
import io.microraft.persistence.RestoredRaftState;
import java.io.IOException;

/**
 * What a Raft node must not forget: term, vote, member lists, log, snapshot. When {@link #flush} or one of the {@code
 * persistAndFlush…} methods returns, everything given before is on disk, all of it or, after a crash in between, nothing.
 *
 * <p>An {@link IOException} from any method is final: the journal takes nothing more and the node has to stop. What the
 * failed call was given may or may not be there after a restart; nothing acknowledged before is touched. Used by one
 * thread at a time.
 */
public interface Journal extends RaftStore, AutoCloseable {

    /** Gives up what was not flushed. */
    @Override
    void close() throws IOException;

    /** What was found where a journal belongs. */
    sealed interface Opened {}

    /** All that was ever acknowledged, verified. */
    record Intact(Journal journal, RestoredRaftState state) implements Opened {}

    /** Nothing that Raft could restore was ever acknowledged here. */
    record Empty(Journal journal) implements Opened {}

    /**
     * Something is missing or is not what this node wrote. Nothing was changed, and the journal is closed.
     *
     * @param reason one line: what, where, and how to mend it
     */
    record Damaged(String reason) implements Opened {}
}
