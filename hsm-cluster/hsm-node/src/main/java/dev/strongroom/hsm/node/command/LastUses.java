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

    private static final int BATCH = 200;
    private static final int BATCHES_AT_ONCE = 5;

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

    /** Notes a command that has succeeded. */
    void note(UseCommand<?> command, UUID servedRequest) {
        var unused = command.accept(new Noting(servedRequest));
    }

    private void note(Authority authority, TrackedUse use, UUID request) {
        var key = authority.key();
        notes.put(
                new RecordId(key.idHigh(), key.idLow()),
                new LastUse(use, Instant.ofEpochMilli(clock.millis()), request));
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

    /** What counts as a use of which key. Random numbers are nobody's. */
    private final class Noting implements UseCommand.Visitor<Boolean> {

        private final UUID request;

        Noting(UUID request) {
            this.request = request;
        }

        private boolean note(Authority authority, TrackedUse use) {
            LastUses.this.note(authority, use, request);
            return true;
        }

        @Override
        public Boolean encrypt(UseCommand.Encrypt command) {
            return note(command.authority(), TrackedUse.ENCRYPT);
        }

        @Override
        public Boolean decrypt(UseCommand.Decrypt command) {
            return note(command.authority(), TrackedUse.DECRYPT);
        }

        @Override
        public Boolean reEncrypt(UseCommand.ReEncrypt command) {
            return note(command.source().authority(), TrackedUse.RE_ENCRYPT)
                    && note(command.destination().authority(), TrackedUse.RE_ENCRYPT);
        }

        @Override
        public Boolean generateDataKey(UseCommand.GenerateDataKey command) {
            return note(
                    command.authority(),
                    switch (command.form()) {
                        case PLAINTEXT_AND_CIPHERTEXT -> TrackedUse.GENERATE_DATA_KEY;
                        case CIPHERTEXT_ONLY -> TrackedUse.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT;
                    });
        }

        @Override
        public Boolean generateDataKeyPair(UseCommand.GenerateDataKeyPair command) {
            return note(
                    command.authority(),
                    switch (command.form()) {
                        case PLAINTEXT_AND_CIPHERTEXT -> TrackedUse.GENERATE_DATA_KEY_PAIR;
                        case CIPHERTEXT_ONLY -> TrackedUse.GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT;
                    });
        }

        @Override
        public Boolean sign(UseCommand.Sign command) {
            return note(command.authority(), TrackedUse.SIGN);
        }

        @Override
        public Boolean verify(UseCommand.Verify command) {
            return note(command.authority(), TrackedUse.VERIFY);
        }

        @Override
        public Boolean generateMac(UseCommand.GenerateMac command) {
            return note(command.authority(), TrackedUse.GENERATE_MAC);
        }

        @Override
        public Boolean verifyMac(UseCommand.VerifyMac command) {
            return note(command.authority(), TrackedUse.VERIFY_MAC);
        }

        @Override
        public Boolean deriveSharedSecret(UseCommand.DeriveSharedSecret command) {
            return note(command.authority(), TrackedUse.DERIVE_SHARED_SECRET);
        }

        @Override
        public Boolean encapsulate(UseCommand.Encapsulate command) {
            return note(command.authority(), TrackedUse.ENCAPSULATE);
        }

        @Override
        public Boolean decapsulate(UseCommand.Decapsulate command) {
            return note(command.authority(), TrackedUse.DECAPSULATE);
        }

        @Override
        public Boolean generateRandom(UseCommand.GenerateRandom command) {
            return false;
        }
    }
}
