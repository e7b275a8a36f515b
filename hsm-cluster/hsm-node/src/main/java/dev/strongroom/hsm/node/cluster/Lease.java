package dev.strongroom.hsm.node.cluster;

import java.util.function.LongSupplier;

/**
 * Until when this node may use keys without asking. It lasts 30 s from the moment the node sent a question that a leader
 * answered after a majority confirmed it, and counts once the node has applied all that was committed by then. So
 * whatever was acknowledged more than 30 s ago, anywhere, is applied here while the lease holds; how long the question or
 * the answer took, or how long this node slept in between, makes the lease shorter, never longer.
 */
final class Lease {

    static final long NANOS = 30_000_000_000L;

    private final LongSupplier nanos;
    private volatile long until;

    Lease(LongSupplier nanos) {
        this.nanos = nanos;
        this.until = nanos.getAsLong();
    }

    /** The question sent at {@code sentAt} was answered, and this node has applied what the answer named. */
    void confirmed(long sentAt) {
        var extended = sentAt + NANOS;
        if (extended - until > 0) {
            until = extended;
        }
    }

    void end() {
        until = nanos.getAsLong();
    }

    boolean holds() {
        return until - nanos.getAsLong() > 0;
    }
}
