package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.LastUse;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.TrackedUse;
import dev.strongroom.hsm.protocol.UseCommand;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each key was last used, and for what. A use is noted in memory, one write to a map; the notes go through the log a
 * few seconds later, in batches and into records of their own, so that the use of a key makes no stamp of it stale. Of two
 * nodes that used a key the later note stays.
 *
 * <p>What was noted in the last seconds before a node dies is lost with it. Until a note has gone through the log only the
 * node that made it tells of it.
 *
 * <p>Safe for concurrent use.
 */
public final class LastUses {

    private static final UseCommand.Visitor<Optional<TrackedUse>> TRACKED = new TrackedUses();
    private static final int BATCH = 200;
    private static final int BATCHES_AT_ONCE = 5;
    private static final int MOST_ROUNDS = 1_000;

    private final RecordStore store;
    private final KeyVault vault;
    private final Entropy entropy;
    private final InstantSource clock;
    private final Map<RecordId, LastUse> notes = new ConcurrentHashMap<>();

    LastUses(NodeParts parts) {
        this.store = parts.store();
        this.vault = parts.vault();
        this.entropy = parts.entropy();
        this.clock = parts.clock();
    }

    /** Notes a command that has succeeded, with every key that it rested on. */
    void note(UseCommand<?> command, UUID servedRequest) {
        var use = command.accept(TRACKED);
        if (use.isEmpty()) {
            return;
        }
        var note = new LastUse(use.get(), Instant.ofEpochMilli(clock.millis()), servedRequest);
        for (var part : CommandFacts.of(command).parts()) {
            if (part.kind() == CommandFacts.Kind.AUTHORITY) {
                var key = ((Authority) part.of(command)).key();
                notes.put(new RecordId(key.idHigh(), key.idLow()), note);
            }
        }
    }

    /** As of a quorum read, and of what this node has noted since. */
    CompletionStage<Reply.FoundLastUse> find(HsmUser user, LookupCommand.FindLastUse command) {
        var stamp = command.authority().key();
        return store.readBarrier()
                .thenApply(barrier -> vault.read(index -> {
                    var key =
                            Stamps.require(index, command.authority()).content().key();
                    Permits.require(user, key.name().scope());
                    var flushed = index.keyUsage(key.name())
                            .map(stored -> stored.content().lastUse());
                    var noted = Optional.ofNullable(notes.get(new RecordId(stamp.idHigh(), stamp.idLow())));
                    return new Reply.FoundLastUse(later(flushed, noted));
                }));
    }

    private static Optional<LastUse> later(Optional<LastUse> one, Optional<LastUse> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().time().isBefore(other.get().time()) ? other : one;
    }

    /** A note, and what its key's record says so far. */
    private record Draft(RecordId id, LastUse note, Optional<KeyName> key, Optional<Stored<Content.KeyUsage>> former) {

        /** Whether there is nothing to write: the key is gone, or another node has a later note. */
        private boolean isSpent() {
            return key.isEmpty()
                    || former.filter(
                                    stored -> !stored.content().lastUse().time().isBefore(note.time()))
                            .isPresent();
        }
    }

    /**
     * As {@link #flush}, until nothing is left that could go, or for so many rounds as a million keys take. For the end:
     * what is used meanwhile may go or not.
     */
    CompletionStage<Integer> flushAll() {
        return flushAll(MOST_ROUNDS);
    }

    private CompletionStage<Integer> flushAll(int rounds) {
        return notes.isEmpty() || rounds == 0
                ? CompletableFuture.completedFuture(0)
                : flush().thenCompose(sent -> flushAll(rounds - 1).thenApply(more -> sent + more));
    }

    /** Sends the notes through the log; completes with how many went. What meets a conflict goes the next time. */
    CompletionStage<Integer> flush() {
        CompletionStage<Integer> done = CompletableFuture.completedFuture(0);
        for (int i = 0; i < BATCHES_AT_ONCE; i++) {
            done = done.thenCompose(count -> flushBatch().thenApply(more -> count + more));
        }
        return done;
    }

    private CompletionStage<Integer> flushBatch() {
        var batch = new ArrayList<Draft>();
        notes.entrySet().stream()
                .limit(BATCH)
                .forEach(note -> batch.add(vault.read(index -> draft(index, note.getKey(), note.getValue()))));
        batch.stream().filter(Draft::isSpent).forEach(draft -> notes.remove(draft.id(), draft.note()));
        batch.removeIf(Draft::isSpent);
        if (batch.isEmpty()) {
            return CompletableFuture.completedFuture(0);
        }
        var command = entropy.newUuid();
        return store.commit(new Transaction(command, writes(batch, command))).thenApply(outcome -> {
            if (!(outcome instanceof Outcome.Applied)) {
                return 0;
            }
            batch.forEach(draft -> notes.remove(draft.id(), draft.note()));
            return batch.size();
        });
    }

    private List<Write> writes(List<Draft> batch, UUID command) {
        var writes = new ArrayList<Write>();
        for (var draft : batch) {
            var content = new Content.KeyUsage(draft.key().orElseThrow(), draft.note());
            writes.add(draft.former()
                    .map(stored -> vault.sealer().replace(stored, content, command))
                    .orElseGet(() -> vault.sealer().create(content, command)));
        }
        return writes;
    }

    private static Draft draft(VaultIndex index, RecordId id, LastUse note) {
        var key = index.key(new Stamp(id.high(), id.low(), 0))
                .map(stored -> stored.content().key().name());
        return new Draft(id, note, key, key.flatMap(index::keyUsage));
    }
}
