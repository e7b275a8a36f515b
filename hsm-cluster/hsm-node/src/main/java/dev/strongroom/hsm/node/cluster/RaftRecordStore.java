package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.crypto.MacKey;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.SealedRecord;
import dev.strongroom.hsm.node.store.Transaction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The records of the cluster, replicated through a Raft log.
 *
 * <p>Safe for concurrent use. Everything but the reads of the hot path ({@link #find}, {@link #appliedIndex}, {@link
 * #holdsLease}) is handed to the Raft thread of the node; what is returned completes on that thread, and who continues
 * there must not block it.
 *
 * <p>The first failure of the journal ends the node: it holds no lease, commits nothing, says nothing more to the others
 * and is {@link Health#FAILED} until the process starts anew.
 */
public final class RaftRecordStore implements RecordStore {

    private final RaftThread thread;
    private final RaftNodeLife life;
    private volatile boolean closed;

    /** How a node stands to its group. */
    public enum Health {
        /** Does not take part yet. */
        STARTING,
        RUNNING,
        /** Takes part no more; only a new start helps. */
        FAILED,
        CLOSED
    }

    private RaftRecordStore(RaftThread thread, RaftNodeLife life) {
        this.thread = thread;
        this.life = life;
    }

    /**
     * Opens a node's part of the group and returns at once; the node takes part as soon as it may.
     *
     * @param onFailure called once on the Raft thread with the reason why this node stopped; the process should end
     */
    static RaftRecordStore open(
            RaftSettings settings,
            NodeDisk disk,
            PeerCodec codec,
            Surroundings surroundings,
            Consumer<String> onFailure) {
        var life = new RaftNodeLife(settings, disk, codec, surroundings, onFailure);
        surroundings.thread().submit(life::begin);
        return new RaftRecordStore(surroundings.thread(), life);
    }

    /**
     * A node's part of a group, kept in {@code folder}; takes part as soon as it may.
     *
     * @param key authenticates everything in the folder
     * @param link to the other nodes
     * @param random spreads election timeouts
     * @param onFailure called once with the reason why this node stopped for good
     * @throws IOException one line: another process has the folder, it is another node's, or it cannot be written
     */
    public static RaftRecordStore inFolder(
            RaftSettings settings,
            Path folder,
            MacKey key,
            MemberLink link,
            LongSupplier nanos,
            Random random,
            Consumer<String> onFailure)
            throws IOException {
        var disk = FolderDisk.lock(folder, new JournalIdentity(settings.group(), settings.nodeId()), key);
        var thread = new ExecutorThread("raft-" + settings.nodeId());
        return open(settings, disk, new ProtobufPeerCodec(), new Surroundings(link, thread, nanos, random), onFailure);
    }

    /** A link to nobody, for a group of one. */
    public static MemberLink alone() {
        return new NoPeers();
    }

    /** A group of this one node that keeps nothing on disk. */
    public static RaftRecordStore inMemory(String nodeId, LongSupplier nanos, Random random) {
        return open(
                new RaftSettings("memory", nodeId, List.of(nodeId), RaftSettings.SNAPSHOT_EVERY),
                new MemoryDisk(),
                new NoPeers(),
                new Surroundings(new NoPeers(), new ExecutorThread("raft-" + nodeId), nanos, random),
                reason -> {});
    }

    @Override
    public CompletionStage<Outcome> commit(Transaction transaction) {
        var ids = new HashSet<RecordId>();
        for (var write : transaction.writes()) {
            if (!ids.add(write.id())) {
                throw new IllegalArgumentException("the transaction names record " + write.id() + " twice");
            }
        }
        if (!TransactionCodec.fits(transaction)) {
            throw new TooLargeException("a change of " + transaction.writes().size() + " records is too large for one");
        }
        var outcome = new CompletableFuture<Outcome>();
        return handed(() -> life.commit(transaction, outcome), outcome);
    }

    @Override
    public Optional<SealedRecord> find(RecordId id) {
        return life.state().find(id);
    }

    @Override
    public CompletionStage<Long> readBarrier() {
        var index = new CompletableFuture<Long>();
        return handed(() -> life.readBarrier(index), index);
    }

    @Override
    public CompletionStage<Void> awaitApplied(long index) {
        var reached = new CompletableFuture<Void>();
        return handed(() -> life.awaitApplied(index, reached), reached);
    }

    @Override
    public CompletionStage<Void> awaitEverywhere(long index) {
        var everywhere = new CompletableFuture<Void>();
        thread.submit(() -> life.awaitEverywhere(index, everywhere));
        if (closed) {
            everywhere.complete(null);
        }
        return everywhere;
    }

    @Override
    public long appliedIndex() {
        return life.appliedIndex();
    }

    @Override
    public boolean holdsLease() {
        return !closed && life.holdsLease();
    }

    @Override
    public void subscribe(Listener listener) {
        thread.submit(() -> life.subscribe(listener));
    }

    public Health health() {
        return life.health();
    }

    /**
     * Takes the seat from a node that is gone for good, so that it no longer counts towards the majority. Only the leader
     * can; a node that is alive is admitted again at once.
     *
     * @return whether the change was begun; if not, another node leads, or a change is under way, or there is no such
     *     seat
     */
    public CompletionStage<Boolean> remove(String nodeId) {
        var begun = new CompletableFuture<Boolean>();
        return handed(() -> begun.complete(life.remove(nodeId)), begun);
    }

    /** What goes on inside, for tests that run the Raft thread themselves. */
    RaftNodeLife life() {
        return life;
    }

    @Override
    public void close() {
        closed = true;
        thread.submit(life::end);
        thread.close();
    }

    /** A task that comes after the last one never runs; its caller must not wait for it. */
    private <T> CompletionStage<T> handed(Runnable task, CompletableFuture<T> answer) {
        thread.submit(task);
        if (closed) {
            answer.completeExceptionally(new UnavailableException("this node was closed"));
        }
        return answer;
    }
}
