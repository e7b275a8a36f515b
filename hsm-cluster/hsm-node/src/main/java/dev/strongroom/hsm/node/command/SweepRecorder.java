package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.audit.Ledger;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.Stamp;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Records what a node does because a date has come. There is no answer that could wait for the record, so there are two:
 * one that it is about to be done, without which it is not, and one of how that ended.
 */
final class SweepRecorder {

    private static final byte[] NO_PARAMETERS = new byte[0];
    private static final long MICROS = 1_000;

    private final Ledger ledger;
    private final LongSupplier nanos;

    SweepRecorder(Ledger ledger, LongSupplier nanos) {
        this.ledger = ledger;
        this.nanos = nanos;
    }

    /** What may be due. */
    enum Deed {
        DESTROY_KEY("DestroyKey"),
        ROTATE_KEY("RotateKey"),
        EXPIRE_MATERIAL("ExpireMaterial"),
        /** Some of those of a key that was destroyed. */
        REMOVE_GRANTS("RemoveGrants");

        private final String recorded;

        Deed(String recorded) {
            this.recorded = recorded;
        }
    }

    /** How it stands with it. */
    enum Progress {
        /** About to be proposed. */
        DUE,
        /** Done, by this proposal. */
        OK,
        /** Not done: the records have changed meanwhile, most likely because another node was first. */
        CONFLICT
    }

    /**
     * Something due, drafted.
     *
     * @param key its record as it was seen; revision 0 if it is gone
     */
    record Draft(Deed deed, KeyName name, Stamp key, UUID command, List<Write> writes) {}

    /** Monotonic nanoseconds. */
    long now() {
        return nanos.getAsLong();
    }

    /**
     * Completes when the record is as durable as that of a change; fails if there can be none.
     *
     * @param begun when the draft was made
     */
    CompletionStage<Void> record(Draft draft, Progress progress, long begun) {
        try {
            var stage = ledger.record(
                    Ledger.Weight.CHANGE,
                    line -> line.number("session", 0)
                            .text("peer", "")
                            .text("certificate", "")
                            .text("user", "")
                            .text("role", "")
                            .text("command", draft.deed().recorded)
                            .hex("record", draft.key().idHigh(), draft.key().idLow())
                            .number("revision", draft.key().revision())
                            .text("key", CommandRecorder.path(draft.name()))
                            .hex(
                                    "commandId",
                                    draft.command().getMostSignificantBits(),
                                    draft.command().getLeastSignificantBits())
                            .hex("params", ledger.contextTag(NO_PARAMETERS))
                            .text("result", progress.name())
                            .number("latency", Math.max(0, now() - begun) / MICROS));
            return stage == null ? CompletableFuture.completedFuture(null) : stage;
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
