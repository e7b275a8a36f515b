package dev.strongroom.gateway.operation;

import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import software.amazon.awssdk.core.SdkPojo;

/**
 * How one operation is decided. All functions are pure, may be called several times for one request, and refuse by throwing
 * {@link dev.strongroom.api.KmsException}.
 *
 * @param needs what must be known
 * @param permissions what the caller must be allowed, in the order in which a no is reported; those keys in their order are
 *     given
 * @param decision the plan, given those keys in that order, once everything is allowed
 * @param freshness QUORUM for operations whose answer is the record itself: their lookup is their one command
 * @param dryRun whether a request wants to know only that it would have succeeded
 * @param <Q> request
 * @param <T> response
 */
public record OperationRow<Q extends SdkPojo, T extends SdkPojo>(
        Needs<Q> needs, Permissions<Q> permissions, Decision<Q, T> decision, Freshness freshness, Predicate<Q> dryRun) {

    /** What a request names. */
    public interface Needs<Q> {

        /** The keys, in the order in which their absence is reported; asked once the grant is known that it is about. */
        List<KeyNeed> of(Q request, RequestContext context);

        /** The grant that it is about; empty if it is about none. */
        default Optional<GrantAddress> grant(Q request, RequestContext context) {
            return Optional.empty();
        }

        /** Users, roles and accounts of whom the plan wants to know whether they exist. */
        default List<String> principals(Q request, RequestContext context) {
            return List.of();
        }
    }

    /** What a request takes. */
    public interface Permissions<Q> {
        List<Permission> of(Q request, List<NamedKey> keys, RequestContext context);
    }

    /** What policies can ask about a request beyond its action and its key. */
    interface Terms<Q> {
        Permission of(Permission plain, Q request);
    }

    /** What to do about a request. */
    public interface Decision<Q, T> {
        Plan<T> plan(Q request, List<Reply.FoundKey> keys, RequestContext context);
    }

    /** An operation of which policies can ask nothing but what keys it is about. */
    OperationRow(Needs<Q> needs, Decision<Q, T> decision, Freshness freshness, Predicate<Q> dryRun) {
        this(needs, eachKey((plain, request) -> plain), decision, freshness, dryRun);
    }

    /** An operation that uses one key, named in any of the four forms. */
    static <Q extends SdkPojo, T extends SdkPojo> OperationRow<Q, T> use(
            String action, Function<Q, String> keyId, Terms<Q> terms, Predicate<Q> dryRun, Decision<Q, T> decision) {
        return new OperationRow<>(
                (request, context) -> List.of(KeyNeeds.any(keyId.apply(request), action, context)),
                eachKey(terms),
                decision,
                Freshness.LOCAL,
                dryRun);
    }

    /** An operation that is about no key. */
    static <Q extends SdkPojo, T extends SdkPojo> OperationRow<Q, T> keyless(
            Permissions<Q> permissions, Decision<Q, T> decision) {
        return new OperationRow<>(
                (request, context) -> List.of(), permissions, decision, Freshness.LOCAL, request -> false);
    }

    /** Permission to do with every key what it was named for. */
    static <Q> Permissions<Q> eachKey(Terms<Q> terms) {
        return (request, keys, context) -> {
            if (keys.size() == 1) {
                return List.of(terms.of(keys.get(0).permission(), request));
            }
            var permissions = new ArrayList<Permission>(keys.size());
            for (var key : keys) {
                permissions.add(terms.of(key.permission(), request));
            }
            return permissions;
        };
    }

    /** Permission to do something that is about nothing there is one of. */
    static <Q> Permissions<Q> inAccount(String action) {
        return (request, keys, context) ->
                List.of(Permission.on(new Resource.Any(context.scope().accountId()), action));
    }
}
