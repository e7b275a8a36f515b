package dev.strongroom.hsm.node.cluster;

import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.persistence.RaftEndpointPersistentState;
import io.microraft.model.persistence.RaftTermPersistentState;
import io.microraft.persistence.RaftStore;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes the first failure of the journal the last thing this node does. MicroRaft logs a failed write and goes on with
 * the entry in memory; at the next request it would acknowledge that entry as its own.
 */
final class JournalGuard implements RaftStore {

    private final RaftStore journal;
    private final Consumer<Throwable> onFailure;
    private boolean failed;

    /** @param onFailure called once, before the failure is thrown on to MicroRaft */
    JournalGuard(RaftStore journal, Consumer<Throwable> onFailure) {
        this.journal = journal;
        this.onFailure = onFailure;
    }

    private interface Step {
        void run() throws IOException;
    }

    private void guarded(Step step) throws IOException {
        if (failed) {
            throw new IOException("the journal has failed before");
        }
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            failed = true;
            onFailure.accept(e);
            throw e;
        }
    }

    @Override
    public void persistAndFlushLocalEndpoint(RaftEndpointPersistentState state) throws IOException {
        guarded(() -> journal.persistAndFlushLocalEndpoint(state));
    }

    @Override
    public void persistAndFlushInitialGroupMembers(RaftGroupMembersView members) throws IOException {
        guarded(() -> journal.persistAndFlushInitialGroupMembers(members));
    }

    @Override
    public void persistAndFlushTerm(RaftTermPersistentState term) throws IOException {
        guarded(() -> journal.persistAndFlushTerm(term));
    }

    @Override
    public void persistLogEntries(List<LogEntry> entries) throws IOException {
        guarded(() -> journal.persistLogEntries(entries));
    }

    @Override
    public void persistSnapshotChunk(SnapshotChunk chunk) throws IOException {
        guarded(() -> journal.persistSnapshotChunk(chunk));
    }

    @Override
    public void truncateLogEntriesFrom(long index) throws IOException {
        guarded(() -> journal.truncateLogEntriesFrom(index));
    }

    @Override
    public void truncateLogEntriesUntil(long index) throws IOException {
        guarded(() -> journal.truncateLogEntriesUntil(index));
    }

    @Override
    public void deleteSnapshotChunks(long index, int count) throws IOException {
        guarded(() -> journal.deleteSnapshotChunks(index, count));
    }

    @Override
    public void flush() throws IOException {
        guarded(journal::flush);
    }
}
