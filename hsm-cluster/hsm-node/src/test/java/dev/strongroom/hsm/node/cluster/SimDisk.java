package dev.strongroom.hsm.node.cluster;

import io.microraft.model.RaftModelFactory;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.log.SnapshotEntry;
import io.microraft.model.persistence.RaftEndpointPersistentState;
import io.microraft.model.persistence.RaftTermPersistentState;
import io.microraft.persistence.RestoredRaftState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk that keeps what was flushed, and of the rest as much as a crash likes: nothing, all, or the writes up to some
 * point. It can be lost, torn, copied and put back.
 */
final class SimDisk implements NodeDisk {

    private static final RaftModelFactory MODELS = new DefaultRaftModelFactory();

    private final SimMutant mutant;
    private Image durable = new Image();
    private Optional<Identity> identity = Optional.empty();
    private final List<Consumer<Image>> unsynced = new ArrayList<>();
    private boolean fresh = true;
    private boolean torn;
    private int flushesUntilFailure = Integer.MAX_VALUE;
    private int opening;
    private int batches;

    SimDisk(SimMutant mutant) {
        this.mutant = mutant;
    }

    /** A copy of all that was durable at a time. */
    record Copy(Image image, Optional<Identity> identity, boolean fresh) {}

    Copy copy() {
        return new Copy(durable.copy(), identity, fresh);
    }

    void putBack(Copy copy) {
        durable = copy.image().copy();
        identity = copy.identity();
        fresh = copy.fresh();
    }

    /** The process is gone; some of what it had not flushed may be on the disk. */
    void crash(SimWorld world) {
        opening++;
        var kept = switch (world.random.nextInt(4)) {
            case 0 -> unsynced.size();
            case 1 -> world.random.nextInt(unsynced.size() + 1);
            default -> 0;
        };
        unsynced.subList(0, kept).forEach(write -> write.accept(durable));
        unsynced.clear();
        flushesUntilFailure = Integer.MAX_VALUE;
    }

    void loseJournal() {
        durable = new Image();
    }

    /** @param replaced whether the node gets a disk as it was made for it at the very beginning */
    void loseAll(boolean replaced) {
        durable = new Image();
        identity = Optional.empty();
        fresh = replaced;
    }

    void tear() {
        torn = durable.endpoint != null;
    }

    void failSoon(int flushes) {
        flushesUntilFailure = flushes;
    }

    @Override
    public Optional<Identity> identity() {
        return mutant == SimMutant.KEEPS_ITS_SEAT && durable.endpoint == null
                ? identity.map(known -> known.with(Identity.Life.UNBORN))
                : identity;
    }

    @Override
    public boolean isNew() {
        return fresh;
    }

    @Override
    public void noLongerNew() {
        fresh = false;
    }

    @Override
    public boolean hasJournal() {
        return torn || durable.endpoint != null;
    }

    @Override
    public String place() {
        return "a simulated disk";
    }

    @Override
    public void keep(Identity kept) {
        identity = Optional.of(kept);
    }

    @Override
    public Journal.Opened openJournal() {
        opening++;
        if (torn) {
            return new Journal.Damaged("torn");
        }
        var restored = durable.restored();
        return restored.isPresent()
                ? new Journal.Intact(new SimJournal(opening), restored.get())
                : new Journal.Empty(new SimJournal(opening));
    }

    @Override
    public void setJournalAside() {
        torn = false;
        durable = new Image();
    }

    @Override
    public void close() {
        opening++;
    }

    /** What is in a journal. */
    static final class Image {
        private @Nullable RaftEndpointPersistentState endpoint;
        private @Nullable RaftGroupMembersView initialMembers;
        private RaftTermPersistentState term = MODELS.createRaftTermPersistentStateBuilder()
                .setTerm(0)
                .setVotedFor(null)
                .build();
        private final TreeMap<Long, LogEntry> entries = new TreeMap<>();
        private final TreeMap<Long, TreeMap<Integer, SnapshotChunk>> chunks = new TreeMap<>();

        Image copy() {
            var copy = new Image();
            copy.endpoint = endpoint;
            copy.initialMembers = initialMembers;
            copy.term = term;
            copy.entries.putAll(entries);
            chunks.forEach((index, parts) -> copy.chunks.put(index, new TreeMap<>(parts)));
            return copy;
        }

        Optional<RestoredRaftState> restored() {
            return endpoint == null || initialMembers == null
                    ? Optional.empty()
                    : Optional.of(new RestoredRaftState(
                            endpoint, initialMembers, term, snapshot(), new ArrayList<>(entries.values())));
        }

        private @Nullable SnapshotEntry snapshot() {
            for (var parts : chunks.descendingMap().values()) {
                var first = parts.firstEntry().getValue();
                if (parts.size() == first.getSnapshotChunkCount()) {
                    return MODELS.createSnapshotEntryBuilder()
                            .setTerm(first.getTerm())
                            .setIndex(first.getIndex())
                            .setSnapshotChunks(new ArrayList<>(parts.values()))
                            .setGroupMembersView(first.getGroupMembersView())
                            .build();
                }
            }
            return null;
        }
    }

    /** The journal of one opening; once the process is gone its writes go nowhere. */
    private final class SimJournal implements Journal {

        private final int mine;

        SimJournal(int mine) {
            this.mine = mine;
        }

        private void write(Consumer<Image> change) throws IOException {
            if (mine != opening) {
                throw new IOException("the process of this journal is gone");
            }
            unsynced.add(change);
        }

        @Override
        public void flush() throws IOException {
            if (mine != opening) {
                throw new IOException("the process of this journal is gone");
            }
            if (--flushesUntilFailure < 0) {
                throw new IOException("the disk refused a sync");
            }
            if (mutant != SimMutant.NEVER_SYNCS) {
                unsynced.forEach(change -> change.accept(durable));
                unsynced.clear();
            }
        }

        @Override
        public void persistAndFlushLocalEndpoint(RaftEndpointPersistentState state) throws IOException {
            write(image -> image.endpoint = state);
            flush();
        }

        @Override
        public void persistAndFlushInitialGroupMembers(RaftGroupMembersView members) throws IOException {
            write(image -> image.initialMembers = members);
            flush();
        }

        @Override
        public void persistAndFlushTerm(RaftTermPersistentState term) throws IOException {
            if (mutant != SimMutant.FORGETS_ITS_VOTE) {
                write(image -> image.term = term);
            }
            flush();
        }

        @Override
        public void persistLogEntries(List<LogEntry> added) throws IOException {
            if (mutant == SimMutant.DROPS_ENTRIES && ++batches % 5 == 0) {
                return;
            }
            var copy = List.copyOf(added);
            write(image -> copy.forEach(entry -> image.entries.put(entry.getIndex(), entry)));
        }

        @Override
        public void persistSnapshotChunk(SnapshotChunk chunk) throws IOException {
            if (mutant == SimMutant.DROPS_SNAPSHOTS) {
                return;
            }
            write(image -> image.chunks
                    .computeIfAbsent(chunk.getIndex(), unused -> new TreeMap<>())
                    .put(chunk.getSnapshotChunkIndex(), chunk));
        }

        @Override
        public void truncateLogEntriesFrom(long index) throws IOException {
            write(image -> image.entries.tailMap(index, true).clear());
        }

        @Override
        public void truncateLogEntriesUntil(long index) throws IOException {
            write(image -> {
                image.entries.headMap(index, true).clear();
                image.chunks.headMap(index, false).clear();
            });
        }

        @Override
        public void deleteSnapshotChunks(long index, int count) throws IOException {
            write(image -> image.chunks.remove(index));
        }

        @Override
        public void close() {}
    }
}
