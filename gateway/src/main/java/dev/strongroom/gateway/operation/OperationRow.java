package dev.strongroom.gateway.operation;

import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import software.amazon.awssdk.core.SdkPojo;

/**
 * How one operation is decided. Both functions are pure, may be called several times for one request, and refuse by
 * throwing {@link dev.strongroom.api.KmsException}.
 *
 * @param needs the keys that must be known, in the order in which their absence is reported
 * @param decision the plan, given those keys in that order
 * @param freshness QUORUM for operations whose answer is the record itself: their lookup is their one command
 * @param dryRun whether a request wants to know only that it would have succeeded
 * @param <Q> request
 * @param <T> response
 */
public record OperationRow<Q extends SdkPojo, T extends SdkPojo>(
        Needs<Q> needs, Decision<Q, T> decision, Freshness freshness, Predicate<Q> dryRun) {

    /** The keys a request names. */
    public interface Needs<Q> {
        List<KeyNeed> of(Q request, RequestContext context);
    }

    /** What to do about a request. */
    public interface Decision<Q, T> {
        Plan<T> plan(Q request, List<Reply.FoundKey> keys, RequestContext context);
    }

    /** An operation that uses one key, named in any of the four forms. */
    static <Q extends SdkPojo, T extends SdkPojo> OperationRow<Q, T> use(
            String action, Function<Q, String> keyId, Predicate<Q> dryRun, Decision<Q, T> decision) {
        return new OperationRow<>(
                (request, context) -> List.of(KeyNeeds.any(keyId.apply(request), action, context)),
                decision,
                Freshness.LOCAL,
                dryRun);
    }

    /** An operation that names no key. */
    public static <Q extends SdkPojo, T extends SdkPojo> OperationRow<Q, T> keyless(Decision<Q, T> decision) {
        return new OperationRow<>((request, context) -> List.of(), decision, Freshness.LOCAL, request -> false);
    }
}
