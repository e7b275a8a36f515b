package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.Outcome.Applied;
import dev.strongroom.hsm.node.store.Outcome.Conflict;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Check;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Stamp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Carries a change through the log: exactly once, however often its command is sent.
 *
 * <p>A change is drafted on the records as they are here and proposed as attempt 0, with every record it rests on as an
 * expectation. If a record that the client saw has changed, the client decides anew (STALE); if another has (the alias set
 * of a key, say), it is drafted again as attempt 1, and so on. The id of an attempt follows from the command and its
 * stamps, and the store remembers what became of it. So the repetition of a command walks the same attempts and meets the
 * one that was applied.
 *
 * <p>A repetition often cannot be drafted any more, because the records look as its own first run left them: the stamps
 * are stale, the alias exists. So before any no, the attempt is proposed with nothing but an expectation that can never
 * hold. Either the answer is that it was applied earlier, or the attempt is dead for ever, also for a first copy that is
 * still on its way, and the no is the truth: the node has by then applied everything that came before.
 */
final class Writer {

    private static final int MAX_ATTEMPTS = 16;
    private static final int MAX_PENDING = 1_000;

    /** A no costs a log entry; so many may be on their way at a time, that a flood of them leaves the log to the others. */
    private static final int MAX_REFUSING = 100;

    /** A record that never is: ids are 128-bit hashes. */
    private static final RecordId NOWHERE = new RecordId(0, 0);

    private static final byte[] LABEL = "strongroom attempt v1\0".getBytes(StandardCharsets.US_ASCII);

    private final RecordStore store;
    private final KeyVault vault;
    private final Executor pool;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger refusing = new AtomicInteger();

    Writer(NodeParts parts) {
        this.store = parts.store();
        this.vault = parts.vault();
        this.pool = parts.pool();
    }

    /**
     * What a command wants.
     *
     * @param commandId the client's
     * @param stamps what its decision rested on
     * @param writes looks at the stamps and drafts the change on the records as they are now, or refuses; empty if the records say that this very
     *     command has done it. May be called several times.
     * @param restricts whether every live node must have applied it before it is answered
     */
    record Change(UUID commandId, List<Stamp> stamps, Supplier<Optional<List<Write>>> writes, boolean restricts) {}

    /** Completes with {@code answer}, taken when the change is done and applied here. */
    <R> CompletionStage<R> write(Change change, Supplier<R> answer) {
        if (pending.incrementAndGet() > MAX_PENDING) {
            pending.decrementAndGet();
            throw new Refused(Refusal.THROTTLED);
        }
        return start(change)
                .thenCompose(revision -> change.restricts()
                        ? store.awaitEverywhere(revision).thenApply(reached -> answer.get())
                        : CompletableFuture.completedFuture(answer.get()))
                .whenComplete((done, failure) -> pending.decrementAndGet());
    }

    private CompletionStage<Long> start(Change change) {
        long newest = Stamps.newest(change.stamps());
        if (newest > vault.read(VaultIndex::appliedIndex)) {
            return store.awaitApplied(newest).thenComposeAsync(reached -> attempt(change, 0), pool);
        }
        return CompletableFuture.supplyAsync(() -> attempt(change, 0), pool).thenCompose(attempt -> attempt);
    }

    private CompletionStage<Long> attempt(Change change, int number) {
        if (number == MAX_ATTEMPTS) {
            throw new Refused(Refusal.THROTTLED, "too many changes of the same records at once");
        }
        Transaction transaction;
        try {
            var writes = change.writes().get();
            if (writes.isEmpty()) {
                return CompletableFuture.completedFuture(vault.read(VaultIndex::appliedIndex));
            }
            transaction = new Transaction(attemptId(change, number), expecting(change, writes.get()));
        } catch (Refused no) {
            return refuse(change, number, no);
        }
        return after(store.commit(transaction), conflict -> conflicted(change, number, conflict.id()));
    }

    /**
     * Completes with the revision if the transaction was applied, now or earlier. What is to be done after a conflict runs
     * on the pool; if that is full, the caller is told so, and nothing was written.
     */
    private CompletionStage<Long> after(
            CompletionStage<Outcome> proposed, Function<Conflict, CompletionStage<Long>> otherwise) {
        return proposed.thenCompose(outcome -> {
            if (outcome instanceof Applied applied) {
                return CompletableFuture.completedFuture(applied.revision());
            }
            return CompletableFuture.supplyAsync(() -> otherwise.apply((Conflict) outcome), pool)
                    .thenCompose(next -> next);
        });
    }

    private CompletionStage<Long> conflicted(Change change, int number, RecordId id) {
        if (id.equals(NOWHERE)) {
            // A repetition of this command came between and was told no; this copy must not write any more.
            throw new Refused(Refusal.NO_QUORUM, "overtaken by its own repetition");
        }
        for (var stamp : change.stamps()) {
            if (stamp.idHigh() == id.high() && stamp.idLow() == id.low()) {
                throw vault.read(index -> Stamps.stale(index, stamp, change.stamps()));
            }
        }
        return attempt(change, number + 1);
    }

    /** Says {@code no}, unless the command was carried out before or the no has passed meanwhile. */
    private CompletionStage<Long> refuse(Change change, int number, Refused no) {
        if (number == MAX_ATTEMPTS) {
            throw no;
        }
        if (refusing.incrementAndGet() > MAX_REFUSING) {
            refusing.decrementAndGet();
            throw new Refused(Refusal.THROTTLED, "too many changes that cannot be made");
        }
        var probe = new Transaction(attemptId(change, number), List.of(new Check(NOWHERE, 1)));
        var decided = store.commit(probe).whenComplete((outcome, failure) -> refusing.decrementAndGet());
        return after(
                decided,
                conflict -> conflict.id().equals(NOWHERE)
                        ? secondLook(change, number, no)
                        : earlier(change, number, conflict.id(), no));
    }

    /** The attempt was never made and never will be. The no stands if the records, now current, still say so. */
    private CompletionStage<Long> secondLook(Change change, int number, Refused no) {
        // Refuses again if the no stands.
        var unused = change.writes().get();
        return number + 1 < MAX_ATTEMPTS ? attempt(change, number + 1) : CompletableFuture.failedFuture(no);
    }

    /** The first run of this command met a conflict here: what it did next is what is done now. */
    private CompletionStage<Long> earlier(Change change, int number, RecordId id, Refused no) {
        for (var stamp : change.stamps()) {
            if (stamp.idHigh() == id.high() && stamp.idLow() == id.low()) {
                throw vault.read(index -> Stamps.stale(index, stamp, change.stamps()));
            }
        }
        return refuse(change, number + 1, no);
    }

    /** The writes, and a check for each stamp whose record is not written. */
    private List<Write> expecting(Change change, List<Write> writes) {
        var expected = new LinkedHashMap<RecordId, Write>();
        for (var write : writes) {
            expected.put(write.id(), write);
        }
        for (var stamp : change.stamps()) {
            var id = new RecordId(stamp.idHigh(), stamp.idLow());
            var write = expected.computeIfAbsent(id, unseen -> new Check(id, stamp.revision()));
            // The record may have moved on between the look at the stamps and the draft.
            if (write.expected() != stamp.revision()) {
                throw vault.read(index -> Stamps.stale(index, stamp, change.stamps()));
            }
        }
        return List.copyOf(expected.values());
    }

    private static UUID attemptId(Change change, int number) {
        var seen = ByteBuffer.allocate(20 + 24 * change.stamps().size())
                .putLong(change.commandId().getMostSignificantBits())
                .putLong(change.commandId().getLeastSignificantBits())
                .putInt(number);
        for (var stamp : change.stamps()) {
            seen.putLong(stamp.idHigh()).putLong(stamp.idLow()).putLong(stamp.revision());
        }
        var id = ByteBuffer.wrap(Digests.sha256(LABEL, seen.array()));
        return new UUID(id.getLong(), id.getLong());
    }
}
