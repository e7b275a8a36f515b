package dev.strongroom.hsm.node.cluster;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * A monotonic counter dressed as the wall clock that MicroRaft asks for; it uses differences only. Starts well above
 * zero, because MicroRaft takes 0 for "never heard of a leader" and would otherwise wait for one at the first start.
 */
final class MonotonicClock extends Clock {

    private static final long START_MILLIS = 1_000_000_000_000L;

    private final LongSupplier nanos;
    private final long origin;

    MonotonicClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.origin = nanos.getAsLong();
    }

    @Override
    public long millis() {
        return START_MILLIS + (nanos.getAsLong() - origin) / 1_000_000;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
