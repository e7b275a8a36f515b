package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.node.key.ImportRules;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.Outcome.Applied;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.vault.KeyVault;
import dev.strongroom.hsm.protocol.KeyName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Destroys imported material whose time is over. That it serves nobody any more does not wait for this: the date is looked
 * at whenever the key is used or shown.
 *
 * <p>Every node may sweep at any time. The id of a change follows from the records that it rests on, so what several nodes
 * propose at once, or one node again after a restart, is applied once; a change that met a conflict has another id the
 * next time.
 */
public final class Expiries {

    /** Changes proposed in one sweep; what is left over waits for the next. */
    private static final int MOST_AT_ONCE = 100;

    private static final byte[] LABEL = "strongroom expiry v1\0".getBytes(StandardCharsets.US_ASCII);

    private final RecordStore store;
    private final KeyVault vault;
    private final InstantSource clock;

    public Expiries(NodeParts parts) {
        this.store = parts.store();
        this.vault = parts.vault();
        this.clock = parts.clock();
    }

    /** Proposes what is due now; each stage completes with whether its change was applied. */
    public List<CompletionStage<Boolean>> sweep() {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var proposed = new ArrayList<CompletionStage<Boolean>>();
        for (var name : due(now)) {
            destruction(name, now)
                    .ifPresent(transaction ->
                            proposed.add(store.commit(transaction).thenApply(Expiries::isApplied)));
        }
        return proposed;
    }

    private List<KeyName> due(Instant now) {
        return vault.read(index -> index.allKeys()
                .filter(key -> ImportRules.nextExpiry(key)
                        .filter(date -> !now.isBefore(date))
                        .isPresent())
                .map(key -> key.name())
                .limit(MOST_AT_ONCE)
                .toList());
    }

    private Optional<Transaction> destruction(KeyName name, Instant now) {
        return vault.read(index -> index.key(name).map(stored -> RegionalWrites.of(vault, index, stored)))
                .map(scene -> {
                    var after = ImportRules.asOf(scene.key(), now);
                    // The id is part of what is sealed, so the records that it follows from are listed first.
                    var command = commandId(scene.toMaterial(after, Optional.empty(), new UUID(0, 0), now));
                    return new Transaction(command, scene.toMaterial(after, Optional.empty(), command, now));
                });
    }

    private static boolean isApplied(Outcome outcome) {
        return outcome instanceof Applied;
    }

    private static UUID commandId(List<Write> writes) {
        var seen = ByteBuffer.allocate(24 * writes.size());
        for (var write : writes) {
            seen.putLong(write.id().high()).putLong(write.id().low()).putLong(write.expected());
        }
        var id = ByteBuffer.wrap(Digests.sha256(LABEL, seen.array()));
        return new UUID(id.getLong(), id.getLong());
    }
}
