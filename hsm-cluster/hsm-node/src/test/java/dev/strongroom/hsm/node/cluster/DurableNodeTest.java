package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.Outcome.Applied;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.protocol.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node on a real disk: MicroRaft restores what SQLite kept. */
final class DurableNodeTest {

    private static final int SNAPSHOT_EVERY = 50;

    @TempDir
    private Path temporary;

    /** A node and the moment at which its thread, which nobody waits for, has let go of the folder. */
    private record Running(RaftRecordStore node, CountDownLatch closed) {

        void close() throws InterruptedException {
            node.close();
            closed.await();
        }
    }

    private record Watched(FolderDisk disk, CountDownLatch closed) implements NodeDisk {

        @Override
        public Optional<Identity> identity() throws IOException {
            return disk.identity();
        }

        @Override
        public boolean isNew() {
            return disk.isNew();
        }

        @Override
        public void noLongerNew() throws IOException {
            disk.noLongerNew();
        }

        @Override
        public boolean hasJournal() {
            return disk.hasJournal();
        }

        @Override
        public String place() {
            return disk.place();
        }

        @Override
        public void keep(Identity identity) throws IOException {
            disk.keep(identity);
        }

        @Override
        public Journal.Opened openJournal() throws IOException {
            return disk.openJournal();
        }

        @Override
        public void setJournalAside() throws IOException {
            disk.setJournalAside();
        }

        @Override
        public void close() {
            disk.close();
            closed.countDown();
        }
    }

    private static Running start(Path folder) throws IOException {
        var closed = new CountDownLatch(1);
        var node = RaftRecordStore.open(
                new RaftSettings("lineage-1", "node-1", List.of("node-1"), SNAPSHOT_EVERY),
                new Watched(FolderDisk.lock(folder, JournalSample.IDENTITY, JournalSample.KEY), closed),
                new ProtobufPeerCodec(),
                new Surroundings(new NoPeers(), new ExecutorThread("raft"), System::nanoTime, new Random(1)),
                reason -> {});
        return new Running(node, closed);
    }

    private static void create(RaftRecordStore node, int from, int to) throws Exception {
        var open = new ArrayList<CompletionStage<Outcome>>();
        for (var i = from; i < to; i++) {
            var put = new Put(new RecordId(3, i), 0, 1, Bytes.wrap(new byte[] {(byte) i}));
            open.add(node.commit(new Transaction(new UUID(0, i), List.of(put))));
        }
        for (var each : open) {
            assertInstanceOf(Applied.class, get(each));
        }
    }

    private static void assertAllThere(RaftRecordStore node, int to) throws Exception {
        assertTrue(get(node.readBarrier()) >= to);
        for (var i = 0; i < to; i++) {
            var content = node.find(new RecordId(3, i)).orElseThrow().payload();
            assertEquals((byte) i, content.at(0));
        }
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void everyStartFindsAllRecordsOfTheStartsBefore() throws Exception {
        var folder = temporary.resolve("data");
        JournalFolder.makeForFirstStart(folder);
        for (var start = 0; start < 5; start++) {
            var running = start(folder);
            try {
                assertAllThere(running.node, start * 73);
                create(running.node, start * 73, (start + 1) * 73);
            } finally {
                running.close();
            }
        }
    }

    @Test
    void aNodeKilledAfterAnAnswerFindsWhatItAnswered() throws Exception {
        var folder = temporary.resolve("data");
        JournalFolder.makeForFirstStart(folder);
        var killed = temporary.resolve("killed");
        var running = start(folder);
        try {
            create(running.node, 0, 120);
            // Comes back behind what the Raft thread had still to write, so that the copy is of one moment.
            assertAllThere(running.node, 120);
            var copy = JournalSample.copy(folder, killed);
            Files.copy(folder.resolve("identity"), copy.resolve("identity"));
        } finally {
            running.close();
        }
        var restarted = start(killed);
        try {
            assertAllThere(restarted.node, 120);
            create(restarted.node, 120, 240);
        } finally {
            restarted.close();
        }
    }
}
