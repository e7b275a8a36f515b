package dev.strongroom.hsm.node.cluster;

import static dev.strongroom.hsm.node.cluster.LogCodec.MODELS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Everything Raft may ask of its store, in random order, against a model in memory. */
final class SqliteJournalProperties {

    private static final int STEPS = 40;

    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void afterEveryStepAKilledNodeFindsWhatWasLastFlushed(@ForAll long seed) throws IOException {
        var folder = Files.createTempDirectory("journal");
        try (var run = new Run(new Random(seed), folder)) {
            for (var step = 0; step < STEPS; step++) {
                run.step();
                var copy = JournalSample.copy(folder, folder.resolve("copy-" + step));
                assertEquals(run.durable, JournalSample.found(copy), "step " + step + ": " + run.story);
            }
        } finally {
            JournalSample.delete(folder);
        }
    }

    /** One journal and its model. */
    private static final class Run implements AutoCloseable {

        private final Random random;

        private final RaftArbitraries arbitraries;

        private final JournalFolder folder;

        private Journal journal;

        private final RaftGroupMembersView members;

        private final List<String> story = new ArrayList<>();

        private final TreeMap<Long, LogEntry> log = new TreeMap<>();

        private List<SnapshotChunk> snapshot = List.of();

        private boolean voting = true;

        private int term;

        private String vote = "null";

        private long lastIndex;

        /** What {@link JournalSample#found} has to say about the disk. */
        private String durable;

        Run(Random random, Path folder) throws IOException {
            this.random = random;
            this.arbitraries = new RaftArbitraries(random);
            this.members = arbitraries.groupMembers(0);
            this.folder = JournalFolder.lock(folder);
            this.journal = JournalSample.create(this.folder);
            JournalSample.join(journal, members);
            this.durable = describe();
        }

        private String describe() {
            return JournalSample.describe(
                    members.getMembers().iterator().next() + " voting " + voting + " in "
                            + JournalSample.members(members) + " term " + term + " vote " + vote,
                    snapshot,
                    log.tailMap(snapshotIndex(), false).values());
        }

        private long snapshotIndex() {
            return snapshot.isEmpty() ? 0 : snapshot.get(0).getIndex();
        }

        void step() throws IOException {
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> append();
                case 3 -> flush();
                case 4 -> switchTerm();
                case 5 -> rollBack();
                case 6 -> snapshotOfOwnState();
                case 7 -> snapshotFromTheLeader();
                default -> reopen();
            }
        }

        private void append() throws IOException {
            var entries = new ArrayList<LogEntry>();
            for (var left = 1 + random.nextInt(4); left > 0; left--) {
                lastIndex++;
                entries.add(arbitraries.entry(lastIndex, term));
            }
            story.add("append until " + lastIndex);
            journal.persistLogEntries(entries);
            entries.forEach(entry -> log.put(entry.getIndex(), entry));
        }

        private void flush() throws IOException {
            story.add("flush");
            journal.flush();
            durable = describe();
        }

        private void switchTerm() throws IOException {
            term++;
            var candidate = random.nextBoolean() ? arbitraries.member() : null;
            vote = String.valueOf(candidate);
            story.add("term " + term);
            if (random.nextInt(4) == 0) {
                voting = !voting;
                journal.persistAndFlushLocalEndpoint(MODELS.createRaftEndpointPersistentStateBuilder()
                        .setLocalEndpoint(members.getMembers().iterator().next())
                        .setVoting(voting)
                        .build());
            }
            journal.persistAndFlushTerm(MODELS.createRaftTermPersistentStateBuilder()
                    .setTerm(term)
                    .setVotedFor(candidate)
                    .build());
            durable = describe();
        }

        private void rollBack() throws IOException {
            var open = (int) (lastIndex - snapshotIndex());
            if (open > 0) {
                var from = snapshotIndex() + 1 + random.nextInt(open);
                story.add("roll back from " + from);
                journal.truncateLogEntriesFrom(from);
                log.tailMap(from, true).clear();
                lastIndex = from - 1;
            }
        }

        private void snapshotOfOwnState() throws IOException {
            var open = (int) (lastIndex - snapshotIndex());
            if (open > 0) {
                var index = snapshotIndex() + 1 + random.nextInt(open);
                var chunks = chunks(index);
                story.add("take snapshot " + index);
                for (var chunk : chunks) {
                    journal.persistSnapshotChunk(chunk);
                }
                snapshot = chunks;
                flush();
                journal.truncateLogEntriesUntil(Math.max(1, index - random.nextInt(5)));
            }
        }

        private void snapshotFromTheLeader() throws IOException {
            var index = snapshotIndex() + 1 + random.nextInt(30);
            var chunks = chunks(index);
            Collections.shuffle(chunks, random);
            story.add("collect snapshot " + index);
            for (var i = 0; i < chunks.size() - 1; i++) {
                journal.persistSnapshotChunk(chunks.get(i));
            }
            switch (random.nextInt(4)) {
                case 0 -> {
                    story.add("give up snapshot " + index);
                    journal.deleteSnapshotChunks(index, chunks.size());
                    return;
                }
                case 1 -> {
                    story.add("hear of a newer one than " + index);
                    switchTerm();
                    return;
                }
                case 2 -> switchTerm();
                default -> story.add("complete it at once");
            }
            journal.persistSnapshotChunk(chunks.get(chunks.size() - 1));
            chunks.sort((a, b) -> Integer.compare(a.getSnapshotChunkIndex(), b.getSnapshotChunkIndex()));
            snapshot = chunks;
            if (index > lastIndex) {
                log.clear();
                lastIndex = index;
            }
            flush();
            journal.truncateLogEntriesUntil(index);
        }

        /** The same for the same index and count, as Raft has it. */
        private List<SnapshotChunk> chunks(long index) {
            var count = 1 + random.nextInt(4);
            var of = new RaftArbitraries(new Random(index * 31 + count));
            var view = of.groupMembers(index);
            var chunks = new ArrayList<SnapshotChunk>();
            for (var i = 0; i < count; i++) {
                chunks.add(of.chunk(index, (int) index, i, count, view));
            }
            return chunks;
        }

        private void reopen() throws IOException {
            story.add("reopen");
            flush();
            journal.close();
            journal = assertInstanceOf(Journal.Intact.class, JournalSample.open(folder))
                    .journal();
        }

        @Override
        public void close() throws IOException {
            journal.close();
            folder.close();
        }
    }
}
