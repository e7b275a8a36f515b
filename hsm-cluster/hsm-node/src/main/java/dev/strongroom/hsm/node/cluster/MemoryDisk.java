package dev.strongroom.hsm.node.cluster;

import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.persistence.RaftEndpointPersistentState;
import io.microraft.model.persistence.RaftTermPersistentState;
import java.util.List;
import java.util.Optional;

/** The disk of a node that is not meant to outlive its process: keeps nothing. */
final class MemoryDisk implements NodeDisk {

    @Override
    public Optional<Identity> identity() {
        return Optional.empty();
    }

    @Override
    public boolean isNew() {
        return true;
    }

    @Override
    public void noLongerNew() {
        // It always is: there is no later start.
    }

    @Override
    public boolean hasJournal() {
        return false;
    }

    @Override
    public String place() {
        return "memory";
    }

    @Override
    public void keep(Identity identity) {
        // There is no later start that could read it.
    }

    @Override
    public Journal.Opened openJournal() {
        return new Journal.Empty(new Forgetful());
    }

    @Override
    public void setJournalAside() {
        // There is nothing to keep.
    }

    @Override
    public void close() {
        // Nothing was opened.
    }

    /** Lets pass what it is given; Raft has it in memory. */
    private static final class Forgetful implements Journal {

        @Override
        public void persistAndFlushLocalEndpoint(RaftEndpointPersistentState state) {}

        @Override
        public void persistAndFlushInitialGroupMembers(RaftGroupMembersView members) {}

        @Override
        public void persistAndFlushTerm(RaftTermPersistentState term) {}

        @Override
        public void persistLogEntries(List<LogEntry> entries) {}

        @Override
        public void persistSnapshotChunk(SnapshotChunk chunk) {}

        @Override
        public void truncateLogEntriesFrom(long index) {}

        @Override
        public void truncateLogEntriesUntil(long index) {}

        @Override
        public void deleteSnapshotChunks(long index, int count) {}

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
