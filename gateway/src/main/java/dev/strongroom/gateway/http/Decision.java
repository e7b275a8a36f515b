package dev.strongroom.gateway.http;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.gateway.keys.CompiledPolicies;
import dev.strongroom.gateway.keys.Failures;
import dev.strongroom.gateway.keys.GrantDirectory;
import dev.strongroom.gateway.keys.KeyDirectory;
import dev.strongroom.gateway.operation.GrantTokens;
import dev.strongroom.gateway.operation.KeyNeed;
import dev.strongroom.gateway.operation.KnownGrants;
import dev.strongroom.gateway.operation.KnownPrincipals;
import dev.strongroom.gateway.operation.NamedKey;
import dev.strongroom.gateway.operation.OperationRow;
import dev.strongroom.gateway.operation.Plan;
import dev.strongroom.gateway.operation.Refusals;
import dev.strongroom.gateway.operation.RequestContext;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The way of one authenticated request from what it asks to what was done: the keys it needs, permission, plan, command.
 *
 * <p>A <em>yes</em> may rest on remembered records: it carries their stamps, and the HSM refuses stale ones. Whatever the
 * HSM does not check rests on fresh records: a <em>no</em>, and an answer without a command. However often it is decided
 * anew, a request remains the same command with the same id.
 *
 * @param <Q> request
 * @param <T> response
 */
final class Decision<Q extends SdkPojo, T extends SdkPojo> {

    private static final Logger LOG = LoggerFactory.getLogger(Decision.class);

    /** How often records may change under a request before it is told to come again. */
    private static final int MOST_STALE = 3;

    /** Of how many at a time a node says whether they exist. */
    private static final int PRINCIPALS = 1_000;

    private final Hsm hsm;
    private final KeyDirectory directory;
    private final CompiledPolicies policies;
    private final GrantDirectory grants;
    private final Exchange exchange;
    private final Operation operation;
    private final OperationRow<Q, T> row;
    private final Q request;
    private final Supplier<Future<RequestContext>> authentication;
    private int stale;

    /**
     * @param authentication asks anew who the caller is, because its own record may be what is stale
     */
    Decision(
            Hsm hsm,
            KeyDirectory directory,
            CompiledPolicies policies,
            GrantDirectory grants,
            Exchange exchange,
            Operation operation,
            OperationRow<Q, T> row,
            Q request,
            Supplier<Future<RequestContext>> authentication) {
        this.hsm = hsm;
        this.directory = directory;
        this.policies = policies;
        this.grants = grants;
        this.exchange = exchange;
        this.operation = operation;
        this.row = row;
        this.request = request;
        this.authentication = authentication;
    }

    /** Decides and does. */
    Future<Outcome> run(RequestContext context) {
        return decide(context, row.freshness());
    }

    private Future<Outcome> decide(RequestContext context, Freshness freshness) {
        var named = row.needs().grant(request, context);
        var tokens = GrantTokens.of(request);
        return named.isEmpty() && tokens.isEmpty()
                ? decideKnowing(context, freshness)
                : find(named, tokens, context, freshness)
                        .compose(
                                known -> {
                                    exchange.notes().about(known);
                                    return decideKnowing(context.with(known), freshness);
                                },
                                failure -> failure instanceof KmsException no
                                        ? refused(no, context, freshness)
                                        : Future.failedFuture(failure));
    }

    /** The grants that the request speaks of; fails with InvalidGrantToken if it has a token of none. */
    private Future<KnownGrants> find(
            Optional<GrantAddress> named, List<GrantAddress> tokens, RequestContext context, Freshness freshness) {
        var source = context.caller().identity().accessKeyId();
        var lookups = new ArrayList<Future<Optional<GrantRecord>>>();
        lookups.add(named.map(address -> exchange.on(grants.find(address, freshness, source)))
                .orElseGet(() -> Future.succeededFuture(Optional.empty())));
        tokens.forEach(token -> lookups.add(exchange.on(grants.find(token, freshness, source))));
        return Future.all(lookups).map(all -> {
            List<Optional<GrantRecord>> found = all.list();
            return new KnownGrants(
                    found.get(0),
                    found.stream()
                            .skip(1)
                            .map(grant -> grant.orElseThrow(GrantTokens::invalid))
                            .toList());
        });
    }

    private Future<Outcome> decideKnowing(RequestContext context, Freshness freshness) {
        List<KeyNeed> needs;
        try {
            needs = row.needs().of(request, context);
        } catch (KmsException no) {
            return row.needs().grant(request, context).isEmpty()
                    ? Future.failedFuture(no)
                    : refused(no, context, freshness);
        }
        return find(needs, context, freshness)
                .compose(
                        found -> considered(needs, found, context, freshness),
                        failure -> Failures.cause(failure) instanceof Refused refused && isOutdated(refused)
                                ? again(refused, context, freshness)
                                : Future.failedFuture(failure));
    }

    private Future<Outcome> considered(
            List<KeyNeed> needs, List<Optional<Reply.FoundKey>> found, RequestContext context, Freshness freshness) {
        exchange.notes().about(found);
        List<NamedKey> keys;
        try {
            keys = NamedKey.present(needs, found);
        } catch (KmsException no) {
            return refused(no, context, freshness);
        }
        return Future.succeededFuture(keys)
                .compose(named -> new Hearing(directory, policies, grants, exchange, context, freshness)
                        .of(named, seen -> row.permissions().of(request, seen, context)))
                .compose(
                        permitted -> acquainted(permitted).compose(known -> planned(keys, known, freshness)),
                        failure -> failure instanceof KmsException no
                                ? refused(no, context, freshness)
                                : Future.failedFuture(failure));
    }

    private Future<RequestContext> acquainted(RequestContext context) {
        var principals = row.needs().principals(request, context);
        if (principals.isEmpty()) {
            return Future.succeededFuture(context);
        }
        var lookups = new ArrayList<Future<KnownPrincipals>>();
        for (int from = 0; from < principals.size(); from += PRINCIPALS) {
            var some = principals.subList(from, Math.min(from + PRINCIPALS, principals.size()));
            lookups.add(exchange.on(hsm.call(new LookupCommand.FindPrincipals(some), exchange.requestId()))
                    .map(found -> new KnownPrincipals(found.existing(), found.ids())));
        }
        return Future.all(lookups).map(all -> {
            List<KnownPrincipals> found = all.list();
            return context.with(found.stream().reduce(KnownPrincipals.NONE, KnownPrincipals::and));
        });
    }

    private Future<Outcome> planned(List<NamedKey> named, RequestContext context, Freshness freshness) {
        var keys = named.stream().map(NamedKey::found).toList();
        Plan<T> plan;
        try {
            plan = row.decision().plan(request, keys, context);
        } catch (KmsException no) {
            // Without a key there is no record that it could rest on.
            return keys.isEmpty() ? Future.failedFuture(no) : refused(no, context, freshness);
        }
        if (plan instanceof Plan.Ask<?, T> ask) {
            return ask(ask, keys, context, freshness);
        }
        var answer = (Plan.Answer<T>) plan;
        return freshness == Freshness.QUORUM
                ? Future.succeededFuture(outcome(answer.response(), Plaintext.none()))
                : afresh(context);
    }

    /** A no, once it rests on fresh records. */
    private Future<Outcome> refused(KmsException no, RequestContext context, Freshness freshness) {
        return freshness == Freshness.QUORUM ? Future.failedFuture(no) : afresh(context);
    }

    /** With a key, looking at it anew shows also whether the caller is as it was thought to be. */
    private Future<Outcome> afresh(RequestContext context) {
        boolean isAboutNothing = row.needs().grant(request, context).isEmpty()
                && row.needs().of(request, context).isEmpty();
        return isAboutNothing
                ? authentication.get().compose(anew -> decide(anew, Freshness.QUORUM))
                : decide(context, Freshness.QUORUM);
    }

    private Future<List<Optional<Reply.FoundKey>>> find(
            List<KeyNeed> needs, RequestContext context, Freshness freshness) {
        var lookups = needs.stream().map(need -> find(need, context, freshness)).toList();
        return switch (lookups.size()) {
            case 0 -> Future.succeededFuture(List.of());
            case 1 -> lookups.get(0).map(List::of);
            default -> Future.all(lookups).map(all -> all.list());
        };
    }

    private Future<Optional<Reply.FoundKey>> find(KeyNeed need, RequestContext context, Freshness freshness) {
        var address = need.address();
        if (freshness == Freshness.LOCAL) {
            return exchange.on(directory.find(address));
        }
        // The one lookup of an operation that shows a record is no luxury; that of a request in doubt has its price.
        var caller = context.caller();
        return exchange.on(
                row.freshness() == Freshness.QUORUM
                        ? directory.findFresh(address, caller.stamps())
                        : directory.findFreshInDoubt(
                                address, caller.stamps(), caller.identity().accessKeyId()));
    }

    private <R extends Reply> Future<Outcome> ask(
            Plan.Ask<R, T> ask, List<Reply.FoundKey> keys, RequestContext context, Freshness freshness) {
        Future<Outcome> asked;
        if (row.dryRun().test(request) && ask.command() instanceof UseCommand<?> use) {
            asked = exchange.on(hsm.call(new UseCommand.Rehearse(use), exchange.requestId()))
                    .compose(done -> Future.failedFuture(wouldHaveSucceeded()));
        } else {
            asked = exchange.on(hsm.call(ask.command(), exchange.requestId())).map(reply -> answer(ask, reply));
        }
        return asked.recover(failure -> {
            var cause = Failures.cause(failure);
            return cause instanceof Refused refused
                    ? refused(refused, ask, keys, context, freshness)
                    : Future.failedFuture(cause);
        });
    }

    private <R extends Reply> Outcome answer(Plan.Ask<R, T> ask, R reply) {
        if (reply instanceof Reply.ChangedKey changed) {
            directory.refresh(changed.key());
        } else if (reply instanceof Reply.ChangedMaterial changed) {
            directory.refresh(changed.key());
        }
        exchange.notes().replied(reply);
        try {
            return outcome(ask.answer().apply(reply), reply.secret());
        } catch (RuntimeException e) {
            reply.secret().close();
            throw e;
        }
    }

    /** The last check of all: whoever only wanted to know gets to know it, and nothing else. */
    private Outcome outcome(SdkPojo response, Plaintext secret) {
        if (row.dryRun().test(request)) {
            throw wouldHaveSucceeded();
        }
        return new Outcome(response, secret);
    }

    private static KmsException wouldHaveSucceeded() {
        return KmsException.of(
                KmsError.DRY_RUN_OPERATION, "The request would have succeeded, but the DryRun option is set.");
    }

    private Future<Outcome> refused(
            Refused refused,
            Plan.Ask<?, T> ask,
            List<Reply.FoundKey> keys,
            RequestContext context,
            Freshness freshness) {
        var ownWords = ask.refusal().apply(refused);
        if (ownWords.isPresent()) {
            return Future.failedFuture(ownWords.get());
        }
        return isOutdated(refused)
                ? again(refused, context, freshness)
                : Future.failedFuture(told(refused, exchange, operation, keys));
    }

    /** Whether to decide anew on other records than those that {@code refused} found to be old. */
    private boolean isOutdated(Refused refused) {
        boolean isOld = refused.refusal() == Refusal.STALE || refused.refusal() == Refusal.NOT_FOUND;
        return isOld && ++stale <= MOST_STALE;
    }

    /** What the caller is told; if the fault is ours, so is the log. */
    static KmsException told(Refused refused, Exchange exchange, Operation operation, List<Reply.FoundKey> keys) {
        if (Refusals.isFault(refused)) {
            LOG.warn(
                    "request {}: {} was refused with {}",
                    exchange.requestId(),
                    operation.wireName(),
                    refused.getMessage());
        }
        return Refusals.of(refused, operation, keys);
    }

    private Future<Outcome> again(Refused refused, RequestContext context, Freshness freshness) {
        var fresh = refused.fresh();
        if (fresh.isPresent()) {
            directory.refresh(fresh.get());
            return decide(context, freshness);
        }
        return authentication.get().compose(anew -> decide(anew, Freshness.QUORUM));
    }
}
