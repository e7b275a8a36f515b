package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.command.KeyWrites.Picture;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.key.RotationRules;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.RotationType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due by date: destroys keys whose window is over and rotates those whose period is. Every operational node
 * looks every few seconds and proposes one transaction a key; it expects the records as they were seen, so of several
 * proposals one is applied and the others meet a conflict. What was missed while no node ran is made up for once.
 *
 * <p>Destruction cannot be taken back, so one wrong clock must not bring it about: a date counts as passed only when the
 * clocks of a majority of the voters have passed it. A node writes down its time when it finds something due that it has
 * not spoken about yet, and again when its clock was ahead and has been put right. Who only reads goes by the own clock:
 * a key that is taken for destroyed too early comes back.
 *
 * <p>The store must not be asked from its own thread; this has a thread of its own.
 */
public final class Sweeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final int MOST_AT_ONCE = 200;
    /** By so much a clock may be put back without a word to the others. */
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    private final NodeLife life;
    private final RecordStore store;
    private final KeyVault vault;
    private final Entropy entropy;
    private final InstantSource clock;
    private final KeyWrites keyWrites;
    private final KeyEstate estate;
    private final LastUses lastUses;
    private final String nodeId;
    private final int voters;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var made = new Thread(task, "hsm-sweep");
        made.setDaemon(true);
        return made;
    });

    /**
     * A sweeper that rests until {@link #start}.
     *
     * @param lastUses sent through the log in passing
     * @param nodeId this node's name among the others
     * @param voters how many nodes vote
     */
    public Sweeper(NodeLife life, NodeParts parts, LastUses lastUses, String nodeId, int voters) {
        this.life = life;
        this.store = parts.store();
        this.vault = parts.vault();
        this.entropy = parts.entropy();
        this.clock = parts.clock();
        this.keyWrites = new KeyWrites(parts);
        this.estate = new KeyEstate(parts.vault());
        this.lastUses = lastUses;
        this.nodeId = nodeId;
        this.voters = voters;
    }

    public void start() {
        long millis = PERIOD.toMillis();
        var unused = thread.scheduleWithFixedDelay(this::sweepAndWait, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void sweepAndWait() {
        try {
            var done = sweep().toCompletableFuture().join();
            int flushed = life.state() == NodeState.OPERATIONAL
                    ? lastUses.flush().toCompletableFuture().join()
                    : 0;
            LOG.debug("{} keys changed by date, {} last uses recorded", done, flushed);
        } catch (CompletionException e) {
            // No majority at the moment, most likely; what is due stays due.
            LOG.info("what is due waits: {}", String.valueOf(e.getCause()));
        } catch (RuntimeException e) {
            LOG.error("what is due waits", e);
        }
    }

    /** Does what is due now and completes with the number of keys that this node has changed. */
    CompletionStage<Integer> sweep() {
        if (life.state() != NodeState.OPERATIONAL) {
            return CompletableFuture.completedFuture(0);
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return sayTime(now).thenCompose(said -> {
            List<KeyName> due = vault.read(
                    index -> index.due(agreed(index, now)).limit(MOST_AT_ONCE).toList());
            CompletionStage<Integer> done = CompletableFuture.completedFuture(0);
            for (var name : due) {
                done = done.thenCompose(count -> work(name, now).thenApply(one -> count + one));
            }
            return done;
        });
    }

    /** Up to when a majority of the clocks, this one included, agrees that time has passed. */
    private Instant agreed(VaultIndex index, Instant now) {
        if (voters == 1) {
            return now;
        }
        var times = index.nodeClocks().stream()
                .map(stored -> stored.content().time())
                .sorted(Comparator.reverseOrder())
                .toList();
        int majority = voters / 2 + 1;
        var agreed = times.size() < majority ? Instant.MIN : times.get(majority - 1);
        return agreed.isBefore(now) ? agreed : now;
    }

    private CompletionStage<?> sayTime(Instant now) {
        if (voters == 1) {
            return CompletableFuture.completedFuture(0);
        }
        Optional<Stored<Content.NodeClock>> said = vault.read(index -> index.nodeClocks().stream()
                .filter(stored -> stored.content().nodeId().equals(nodeId))
                .findFirst());
        Optional<Instant> due = vault.read(index -> index.lastDue(now));
        var last = said.map(stored -> stored.content().time()).orElse(Instant.MIN);
        boolean isNews = due.filter(last::isBefore).isPresent();
        boolean wasAhead = said.isPresent() && last.isAfter(now.plus(TOLERANCE));
        if (!isNews && !wasAhead) {
            return CompletableFuture.completedFuture(0);
        }
        var command = entropy.newUuid();
        var time = new Content.NodeClock(nodeId, now);
        var write = said.map(former -> vault.sealer().replace(former, time, command))
                .orElseGet(() -> vault.sealer().create(time, command));
        return store.commit(new Transaction(command, List.of(write)));
    }

    private CompletionStage<Integer> work(KeyName name, Instant now) {
        Optional<List<Write>> writes;
        try {
            writes = destruction(name, now).or(() -> rotation(name, now));
        } catch (IllegalStateException e) {
            // One key that is not as it should be must not keep the others waiting.
            LOG.error("what is due for key {} of {} cannot be done", name.keyId(), name.scope(), e);
            writes = Optional.empty();
        }
        if (writes.isEmpty()) {
            return CompletableFuture.completedFuture(0);
        }
        return store.commit(new Transaction(entropy.newUuid(), writes.get()))
                .thenApply(outcome -> outcome instanceof Outcome.Applied ? 1 : 0);
    }

    private Optional<List<Write>> destruction(KeyName name, Instant now) {
        Instant due = vault.read(index -> agreed(index, now));
        var writes = estate.removal(name, due, now, entropy.newUuid());
        writes.ifPresent(
                all -> LOG.info("destroying key {} of {}: {} records", name.keyId(), name.scope(), all.size()));
        return writes;
    }

    private Optional<List<Write>> rotation(KeyName name, Instant now) {
        Optional<Picture> picture = vault.read(index -> index.key(name)
                .filter(own -> RotationRules.isDue(own.content().key(), agreed(index, now)))
                .map(own -> Picture.of(index, own)));
        return picture.map(before -> {
            var command = entropy.newUuid();
            var fresh = keyWrites.newGeneration(name, now, RotationType.AUTOMATIC);
            var after = RotationRules.scheduledAnew(RotationRules.rotated(before.key(), fresh.listed()), now);
            var writes = new ArrayList<>(keyWrites.of(before, after, command));
            writes.add(vault.sealer().create(fresh.sealed(), command));
            return List.copyOf(writes);
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
