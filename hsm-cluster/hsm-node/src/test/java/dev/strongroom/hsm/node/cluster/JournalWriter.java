package dev.strongroom.hsm.node.cluster;

import static dev.strongroom.hsm.node.cluster.LogCodec.MODELS;

import dev.strongroom.hsm.node.cluster.Journal.Empty;
import dev.strongroom.hsm.node.cluster.Journal.Intact;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.protocol.Bytes;
import io.microraft.RaftEndpoint;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * A process that appends to a journal as fast as it can, until it is killed or the disk gives up, and says which index it
 * has acknowledged. Entries follow from their index, so that a reader knows what each must be.
 */
final class JournalWriter {

    private JournalWriter() {}

    /**
     * Appends until the end.
     *
     * @param args folder, bytes of an entry at most
     */
    public static void main(String[] args) throws IOException {
        var maxBytes = Integer.parseInt(args[1]);
        var folder = JournalFolder.lock(Path.of(args[0]));
        var opened = JournalSample.open(folder);
        var last = 0L;
        Journal journal;
        if (opened instanceof Intact intact) {
            journal = intact.journal();
            var entries = intact.state().getLogEntries();
            last = entries.isEmpty()
                    ? intact.state().getSnapshotEntry().getIndex()
                    : entries.get(entries.size() - 1).getIndex();
        } else {
            journal = ((Empty) opened).journal();
            JournalSample.join(journal, members());
            JournalSample.vote(journal, 1, new Member("a", 1));
        }
        try {
            append(journal, last, maxBytes);
        } catch (IOException e) {
            System.out.println("failed " + e.getCause());
            try {
                journal.flush();
                System.out.println("went on after a failure");
            } catch (IOException expected) {
                System.exit(3);
            }
        }
    }

    private static void append(Journal journal, long after, int maxBytes) throws IOException {
        var random = new Random(after);
        for (var last = after; ; ) {
            var batch = new ArrayList<LogEntry>();
            for (var left = 1 + random.nextInt(8); left > 0; left--) {
                last++;
                batch.add(entry(last, maxBytes));
            }
            journal.persistLogEntries(batch);
            journal.flush();
            System.out.println("ack " + last);
            if (random.nextInt(40) == 0) {
                for (var part = 0; part < 3; part++) {
                    journal.persistSnapshotChunk(chunk(last, part));
                }
                journal.flush();
                journal.truncateLogEntriesUntil(last - random.nextInt(2));
                journal.flush();
            }
        }
    }

    static LogEntry entry(long index, int maxBytes) {
        var random = new Random(index);
        var payload = new byte[random.nextInt(maxBytes)];
        random.nextBytes(payload);
        var put = new Put(new RecordId(index, 0), 0, 1, Bytes.wrap(payload));
        return MODELS.createLogEntryBuilder()
                .setIndex(index)
                .setTerm(1)
                .setOperation(new Transaction(new UUID(0, index), List.of(put)))
                .build();
    }

    static SnapshotChunk chunk(long index, int part) {
        var payload = new byte[20_000];
        new Random(index * 3 + part).nextBytes(payload);
        return MODELS.createSnapshotChunkBuilder()
                .setIndex(index)
                .setTerm(1)
                .setSnapshotChunkIndex(part)
                .setSnapshotChunkCount(3)
                .setGroupMembersView(members())
                .setOperation(Bytes.wrap(payload))
                .build();
    }

    private static RaftGroupMembersView members() {
        var all = new LinkedHashSet<RaftEndpoint>(List.of(new Member("a", 1)));
        return MODELS.createRaftGroupMembersViewBuilder()
                .setLogIndex(0)
                .setMembers(all)
                .setVotingMembers(all)
                .build();
    }
}
