package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.audit.Ledger;
import dev.strongroom.hsm.node.command.SweepRecorder.Deed;
import dev.strongroom.hsm.node.command.SweepRecorder.Draft;
import dev.strongroom.hsm.node.command.SweepRecorder.Progress;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.key.ImportRules;
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
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.RotationType;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due by date: destroys keys whose window is over, rotates those whose period is, and destroys imported
 * material whose time has come. It also removes the grants of destroyed keys, of which there may be many. That nobody may use such a key or such material does not wait for this. Every operational node
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
    /** Batches of orphaned grants in one sweep. */
    private static final int MOST_BATCHES = 10;
    /** The most that each step of an orderly end may take. */
    private static final int END_SECONDS = 2;
    /** By so much a clock may be put back without a word to the others. */
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    private final NodeLife life;
    private final RecordStore store;
    private final KeyVault vault;
    private final Entropy entropy;
    private final InstantSource clock;
    private final Generations generations;
    private final KeyEstate estate;
    private final LastUses lastUses;
    private final SweepRecorder recorder;
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
     * @param ledger where is recorded what is done
     * @param nodeId this node's name among the others
     * @param voters how many nodes vote
     */
    public Sweeper(NodeLife life, NodeParts parts, LastUses lastUses, Ledger ledger, String nodeId, int voters) {
        this.life = life;
        this.store = parts.store();
        this.vault = parts.vault();
        this.entropy = parts.entropy();
        this.clock = parts.clock();
        this.generations = new Generations(parts);
        this.estate = new KeyEstate(parts.vault());
        this.lastUses = lastUses;
        this.recorder = new SweepRecorder(ledger, parts.nanos());
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
            return done.thenCompose(count -> removeOrphans(MOST_BATCHES).thenApply(removed -> count));
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

    /** Removes grants of destroyed keys, batch by batch; what is left waits for the next look. */
    private CompletionStage<Boolean> removeOrphans(int batches) {
        var draft = orphans();
        return draft.isEmpty() || batches == 0
                ? CompletableFuture.completedFuture(draft.isEmpty())
                : carryOut(draft.get(), recorder.now()).thenCompose(done -> removeOrphans(batches - 1));
    }

    private Optional<Draft> orphans() {
        List<KeyName> names = vault.read(index -> index.grants().orphaned().toList());
        for (var name : names) {
            var writes = estate.orphans(name);
            if (writes.isPresent()) {
                var key = vault.names().key(name);
                return Optional.of(new Draft(
                        Deed.REMOVE_GRANTS,
                        name,
                        new Stamp(key.high(), key.low(), 0),
                        entropy.newUuid(),
                        writes.get()));
            }
        }
        return Optional.empty();
    }

    private CompletionStage<Integer> work(KeyName name, Instant now) {
        long begun = recorder.now();
        Optional<Draft> due;
        try {
            due = draft(name, now);
        } catch (IllegalStateException e) {
            // One key that is not as it should be must not keep the others waiting.
            LOG.error("what is due for key {} of {} cannot be done", name.keyId(), name.scope(), e);
            due = Optional.empty();
        }
        if (due.isEmpty()) {
            return CompletableFuture.completedFuture(0);
        }
        return carryOut(due.get(), begun);
    }

    /** Completes with 1 if it was done, 0 if it met a conflict. */
    private CompletionStage<Integer> carryOut(Draft draft, long begun) {
        LOG.info(
                "{}: key {} of {}",
                draft.deed(),
                draft.name().keyId(),
                draft.name().scope());
        return recorder.record(draft, Progress.DUE, begun)
                .thenCompose(recorded -> store.commit(new Transaction(draft.command(), draft.writes())))
                .thenCompose(outcome -> {
                    boolean isDone = outcome instanceof Outcome.Applied;
                    return recorder.record(draft, isDone ? Progress.OK : Progress.CONFLICT, begun)
                            .thenApply(recorded -> isDone ? 1 : 0);
                });
    }

    /** What is due for the key first of all, by the time that is agreed upon; the rest is due at the next look. */
    private Optional<Draft> draft(KeyName name, Instant now) {
        Optional<KeyRecord> seen = vault.read(index -> index.key(name))
                .map(stored -> stored.content().key());
        Instant due = vault.read(index -> agreed(index, now));
        var command = entropy.newUuid();
        return seen.flatMap(key -> estate.removal(name, due, now, command)
                .map(writes -> new Draft(Deed.DESTROY_KEY, name, key.stamp(), command, writes))
                .or(() -> rotation(name, due, now, command)
                        .map(writes -> new Draft(Deed.ROTATE_KEY, name, key.stamp(), command, writes)))
                .or(() -> expiry(name, due, command)
                        .map(writes -> new Draft(Deed.EXPIRE_MATERIAL, name, key.stamp(), command, writes))));
    }

    private Optional<List<Write>> rotation(KeyName name, Instant due, Instant now, UUID command) {
        return scene(name, key -> RotationRules.isDue(key, due)).map(before -> {
            var fresh = generations.next(name, now, RotationType.AUTOMATIC);
            var after = RotationRules.scheduledAnew(RotationRules.rotated(before.key(), fresh.listed()), now);
            var writes = new ArrayList<>(before.to(after, command));
            writes.add(vault.sealer().create(fresh.sealed(), command));
            return List.copyOf(writes);
        });
    }

    private Optional<List<Write>> expiry(KeyName name, Instant due, UUID command) {
        return scene(name, key -> ImportRules.isExpiryDue(key, due))
                .map(before -> before.toMaterial(ImportRules.asOf(before.key(), due), Optional.empty(), command, due));
    }

    private Optional<RegionalKey> scene(KeyName name, Predicate<KeyRecord> isDue) {
        return vault.read(index -> index.key(name)
                .filter(stored -> isDue.test(stored.content().key()))
                .map(stored -> RegionalKey.of(vault, index, stored)));
    }

    /**
     * Ends the sweeping, one under way included, and sends what is noted of last uses through the log, if that can be done
     * within seconds. To be called when no key is used any more.
     */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
            if (store.holdsLease()) {
                int flushed = lastUses.flushAll().toCompletableFuture().get(END_SECONDS, TimeUnit.SECONDS);
                LOG.debug("{} last uses recorded at the end", flushed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn("the last uses of the last seconds are not recorded: {}", String.valueOf(e));
        }
    }
}
