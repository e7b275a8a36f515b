package dev.strongroom.hsm.node.user;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down whoever fails to log in: a source with {@value #MAX_FAILURES} failures within a minute has to wait for the
 * end of that minute. It counts sources, never users, so nobody can lock another's account.
 *
 * <p>Credentials cannot be guessed; this keeps a broken or hostile client from spending the node's time and log.
 */
public final class LoginThrottle {

    static final int MAX_FAILURES = 5;

    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** Sources remembered at most; behind mutual TLS there are as many as there are admitted machines. */
    private static final int MAX_SOURCES = 4_096;

    private final LongSupplier nanos;
    private final Map<String, Failures> failures = new HashMap<>();

    private record Failures(long since, int count) {}

    /** @param nanos monotonic nanoseconds */
    public LoginThrottle(LongSupplier nanos) {
        this.nanos = nanos;
    }

    public synchronized boolean admits(String source) {
        var counted = failures.get(source);
        if (counted == null) {
            return failures.size() < MAX_SOURCES || forgetPast();
        }
        return counted.count() < MAX_FAILURES || isPast(counted);
    }

    public synchronized void failed(String source) {
        var counted = failures.get(source);
        failures.put(
                source,
                counted == null || isPast(counted)
                        ? new Failures(nanos.getAsLong(), 1)
                        : new Failures(counted.since(), counted.count() + 1));
    }

    private boolean forgetPast() {
        failures.values().removeIf(this::isPast);
        return failures.size() < MAX_SOURCES;
    }

    private boolean isPast(Failures counted) {
        return nanos.getAsLong() - counted.since() > MINUTE_NANOS;
    }
}
