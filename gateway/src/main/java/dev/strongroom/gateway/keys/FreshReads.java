package dev.strongroom.gateway.keys;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import java.util.function.LongSupplier;

/**
 * How many quorum reads nonsense may cause. Whoever asks for what does not exist makes the cluster look for it; each
 * source may do so a few times a second, and all together not so often that anything else would have to wait.
 */
public final class FreshReads {

    /** More sources than this share the limit for all; the memory for them is bounded. */
    private static final int SOURCES = 10_000;

    private static final double NANOS_PER_SECOND = 1e9;

    /** Tokens that come back with time. */
    private static final class Bucket {
        private double tokens;
        private long since;

        private Bucket(int tokens, long now) {
            this.tokens = tokens;
            this.since = now;
        }

        private boolean take(int perSecond, long now) {
            tokens = Math.min(perSecond, tokens + (now - since) / NANOS_PER_SECOND * perSecond);
            since = now;
            if (tokens < 1) {
                return false;
            }
            tokens -= 1;
            return true;
        }
    }

    private final LongSupplier nanoTime;
    private final int perSource;
    private final int total;
    private final Recent<String, Bucket> sources = new Recent<>(SOURCES, gone -> {});
    private final Bucket all;

    /**
     * @param nanoTime a monotonic clock
     * @param perSource reads per second that one source may cause, which is also how many it may cause at once
     * @param total the same for all sources together
     */
    public FreshReads(LongSupplier nanoTime, int perSource, int total) {
        this.nanoTime = nanoTime;
        this.perSource = perSource;
        this.total = total;
        this.all = new Bucket(total, nanoTime.getAsLong());
    }

    /**
     * Counts one more read.
     *
     * @throws KmsException ThrottlingException if that is one too many
     */
    public synchronized void take(String source) {
        long now = nanoTime.getAsLong();
        var bucket = sources.findOrPut(source, () -> new Bucket(perSource, now));
        if (!bucket.take(perSource, now) || !all.take(total, now)) {
            throw throttled();
        }
    }

    private static KmsException throttled() {
        return KmsException.of(
                KmsError.THROTTLING,
                "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.");
    }
}
