package dev.strongroom.hsm.node.audit;

import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where a node records what it did. Nothing is answered before it was recorded.
 *
 * <p>Safe for concurrent use.
 */
public interface Ledger {

    /** What a command's record says beyond what every record says. */
    interface Fields {
        void writeTo(Line line);
    }

    /** How soon a record must be on disk. */
    enum Weight {
        /** The use of a key: as {@link TrailSettings.Flush} says. */
        USE,
        /** A change of anything: before it is answered. */
        CHANGE
    }

    /**
     * Records a command. When this returns, the record survives the process being killed; when the stage is complete, it is
     * as durable as its weight asks.
     *
     * @return null if it is already: the hot path needs no stage
     * @throws IOException if it could not be written; the command must not be answered
     */
    @Nullable
    CompletionStage<Void> record(Weight weight, Fields fields) throws IOException;

    /**
     * A name for an encryption context that can be searched for by whoever has the audit key and knows the context: 16
     * bytes.
     */
    byte[] contextTag(byte[] context);

    /** Whether it cannot be written to now, so that no work may begin. */
    boolean isFailing();

    /** For nodes that keep nothing. */
    static Ledger none() {
        return new Ledger() {
            @Override
            public @Nullable CompletionStage<Void> record(Weight weight, Fields fields) {
                return null;
            }

            @Override
            public byte[] contextTag(byte[] context) {
                return new byte[0];
            }

            @Override
            public boolean isFailing() {
                return false;
            }
        };
    }
}
