package dev.strongroom.gateway.sigv4;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.keys.Failures;
import dev.strongroom.gateway.keys.FreshReads;
import dev.strongroom.gateway.keys.Recent;
import dev.strongroom.gateway.keys.SharedReads;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Day keys, remembered for a few seconds: commands that name no record carry no stamp by which the HSM could see that the
 * caller's access key was taken away, so the gateway must not go on believing in it for long.
 *
 * <p>An unknown access key is never remembered. It is refused only after a quorum read, of which each source may cause a
 * few; a flood of nonsense costs the cluster no more than that.
 */
public final class SigningKeys {

    private static final int CAPACITY = 10_000;
    private static final long NANOS_TO_LIVE = Duration.ofSeconds(10).toNanos();

    /** What a signing key is good for. */
    record Name(String accessKeyId, String date, String region, String service, Bytes sessionToken) {}

    private final Hsm hsm;
    private final FreshReads strangers;
    private final FreshReads doubts;
    private final LongSupplier nanoTime;
    private final Recent<Name, SigningKey> known = new Recent<>(CAPACITY, SigningKey::close);
    private final SharedReads<Name, SigningKey> local = new SharedReads<>();
    private final SharedReads<Name, SigningKey> fresh = new SharedReads<>();

    /**
     * @param strangers what unknown access keys may cost, by where they come from
     * @param doubts what doubts about known ones may cost, by access key
     * @param nanoTime a monotonic clock
     */
    public SigningKeys(Hsm hsm, FreshReads strangers, FreshReads doubts, LongSupplier nanoTime) {
        this.hsm = hsm;
        this.strangers = strangers;
        this.doubts = doubts;
        this.nanoTime = nanoTime;
    }

    /**
     * The signing key of that name. The stage fails with {@link KmsException} if there is none or the Region is not served
     * here, and with {@link Refused} if the HSM cannot say.
     *
     * @param source who is to answer for the question if nobody knows the access key
     * @param freshness QUORUM when the caller's record has proved to be another than it was thought to be
     */
    CompletionStage<SigningKey> find(Name name, String source, Freshness freshness) {
        if (freshness == Freshness.QUORUM) {
            return findFresh(name, () -> doubts.take(name.accessKeyId()));
        }
        var found = known.find(name);
        if (found.isPresent() && isCurrent(found.get())) {
            return CompletableFuture.completedStage(found.get());
        }
        return local.any(name, () -> derive(name, Freshness.LOCAL))
                .handle((key, failure) ->
                        failure == null ? CompletableFuture.completedStage(key) : second(name, source, failure))
                .thenCompose(stage -> stage);
    }

    /** Overwrites the keys whose time is over; to be called now and then. */
    public void sweep() {
        known.removeIf(key -> !isCurrent(key));
    }

    private boolean isCurrent(SigningKey key) {
        return nanoTime.getAsLong() - key.since() < NANOS_TO_LIVE;
    }

    private CompletionStage<SigningKey> second(Name name, String source, Throwable failure) {
        var cause = Failures.cause(failure);
        if (cause instanceof Refused refused && refused.refusal() == Refusal.NOT_PERMITTED) {
            return CompletableFuture.failedStage(SigV4Verifier.invalidRegion());
        }
        if (!isUnknown(cause)) {
            return CompletableFuture.failedStage(ofSession(cause));
        }
        return findFresh(name, () -> strangers.take(source));
    }

    private CompletionStage<SigningKey> findFresh(Name name, Runnable cost) {
        return fresh.next(name, () -> {
                    cost.run();
                    return derive(name, Freshness.QUORUM);
                })
                .exceptionallyCompose(again -> {
                    var refusal = isUnknown(again) ? unrecognized() : ofSession(Failures.cause(again));
                    if (refusal instanceof KmsException no && no.error() != KmsError.THROTTLING) {
                        // Whoever has gone is a stranger from now on, and costs no more than one.
                        known.remove(name);
                    }
                    return CompletableFuture.failedStage(refusal);
                });
    }

    private CompletionStage<SigningKey> derive(Name name, Freshness freshness) {
        long asked = nanoTime.getAsLong();
        return hsm.call(new LookupCommand.DeriveSigningKey(
                        name.accessKeyId(), name.date(), name.region(), name.service(), name.sessionToken(), freshness))
                .thenApply(reply -> {
                    var key = new SigningKey(reply, asked);
                    known.put(name, key);
                    return key;
                });
    }

    /** What is no access key id at all is as unknown as one that nobody has. */
    private static boolean isUnknown(Throwable failure) {
        return Failures.cause(failure) instanceof Refused refused
                && (refused.refusal() == Refusal.NOT_FOUND || refused.refusal() == Refusal.MALFORMED);
    }

    /** A token that does not open will not do so later: nothing fresh is asked for. */
    private static Throwable ofSession(Throwable cause) {
        if (cause instanceof Refused refused) {
            return switch (refused.refusal()) {
                case INVALID_SESSION -> unrecognized();
                case EXPIRED_SESSION -> expired();
                default -> cause;
            };
        }
        return cause;
    }

    static KmsException expired() {
        return KmsException.of(KmsError.EXPIRED_TOKEN, "The security token included in the request is expired");
    }

    static KmsException unrecognized() {
        return KmsException.of(KmsError.UNRECOGNIZED_CLIENT, "The security token included in the request is invalid.");
    }
}
