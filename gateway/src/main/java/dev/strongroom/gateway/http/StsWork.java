package dev.strongroom.gateway.http;

import dev.strongroom.gateway.audit.UserIdentity;
import dev.strongroom.gateway.authz.Caller;
import dev.strongroom.gateway.authz.RequestEnvironment;
import dev.strongroom.gateway.keys.Failures;
import dev.strongroom.gateway.keys.FreshReads;
import dev.strongroom.gateway.sts.Assumption;
import dev.strongroom.gateway.sts.QueryForm;
import dev.strongroom.gateway.sts.RoleRequest;
import dev.strongroom.gateway.sts.SessionRules;
import dev.strongroom.gateway.sts.StsAction;
import dev.strongroom.gateway.sts.StsAnswer;
import dev.strongroom.gateway.sts.StsError;
import dev.strongroom.gateway.sts.StsException;
import dev.strongroom.gateway.sts.WebIdentity;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionTerms;
import dev.strongroom.hsm.protocol.Stamp;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One request of STS from its caller to its answer.
 *
 * <p>As with KMS, a yes rests on records whose stamps the HSM compares before it makes credentials, and a no is said only
 * of fresh ones.
 */
final class StsWork {

    /** How often records may change under a request before it is told to come again. */
    private static final int MOST_STALE = 3;

    /** What can be said for want of news: a trust that was given, an identity provider or a key of it that is new. */
    private static final Set<StsError> DOUBTFUL = Set.of(StsError.ACCESS_DENIED, StsError.INVALID_IDENTITY_TOKEN);

    /**
     * Who signed.
     *
     * @param region of the credential scope
     */
    record Signed(Caller caller, String region) {}

    private final Hsm hsm;
    private final InstantSource clock;
    private final Exchange exchange;
    private final StsAction action;
    private final QueryForm form;
    private final StsNotes notes;
    private final FreshReads doubts;
    private int stale;

    StsWork(
            Hsm hsm,
            InstantSource clock,
            Exchange exchange,
            StsAction action,
            QueryForm form,
            StsNotes notes,
            FreshReads doubts) {
        this.hsm = hsm;
        this.clock = clock;
        this.exchange = exchange;
        this.action = action;
        this.form = form;
        this.notes = notes;
        this.doubts = doubts;
    }

    /**
     * The body of the answer to a signed request.
     *
     * @param again asks anew who the caller is
     */
    Future<String> run(Signed signed, Supplier<Future<Signed>> again) {
        return run(signed, again, Freshness.LOCAL);
    }

    private Future<String> run(Signed signed, Supplier<Future<Signed>> again, Freshness freshness) {
        if (action == StsAction.GET_CALLER_IDENTITY && freshness == Freshness.LOCAL) {
            // No command goes with it by which the HSM could see that the caller is no longer who it was.
            return again.get().compose(anew -> run(anew, again, Freshness.QUORUM));
        }
        return Future.succeededFuture(signed)
                .compose(known -> done(known, freshness))
                .recover(failure -> isStale(failure)
                                || isDoubtful(
                                        failure,
                                        freshness,
                                        signed.caller().identity().accessKeyId())
                        ? again.get().compose(anew -> run(anew, again, Freshness.QUORUM))
                        : Future.failedFuture(failure));
    }

    private Future<String> done(Signed signed, Freshness freshness) {
        return switch (action) {
            case GET_CALLER_IDENTITY -> Future.succeededFuture(callerIdentity(signed.caller()));
            case GET_SESSION_TOKEN -> sessionToken(signed.caller());
            case ASSUME_ROLE -> assumeRole(RoleRequest.of(action, form), signed, freshness);
            case ASSUME_ROLE_WITH_WEB_IDENTITY -> throw new IllegalStateException("is not signed");
        };
    }

    private String callerIdentity(Caller caller) {
        return StsAnswer.callerIdentity(
                caller.principalArn(), caller.principal().uniqueId(), caller.accountId(), exchange.requestId());
    }

    private Future<String> sessionToken(Caller caller) {
        int seconds = SessionRules.tokenSeconds(form, caller.principal());
        var command = new IdentityCommand.MintSession(
                caller.principal().arn(), "", seconds, SessionTerms.NONE, stamps(caller));
        return mint(command).map(minted -> answer(minted, done -> StsAnswer.session(done, exchange.requestId())));
    }

    private static List<Stamp> stamps(Caller caller) {
        var stamps = new ArrayList<>(caller.records());
        stamps.add(caller.identity().stamp());
        return stamps;
    }

    private Future<String> assumeRole(RoleRequest asked, Signed signed, Freshness freshness) {
        var caller = signed.caller();
        SessionRules.requireAssumer(caller.principal(), asked);
        caller.principal().session().ifPresent(notes::inheriting);
        var request = asked.by(caller.principal());
        return findRole(request, freshness)
                .compose(found -> {
                    var role = found.orElseThrow(() -> SessionRules.noSuchRole(caller, request));
                    var stamps = new Assumption(request, role, environment(signed.region())).require(caller);
                    return mint(request, role, stamps, Optional.empty());
                })
                .map(minted -> answer(
                        minted, done -> StsAnswer.role(request, minted, done, Optional.empty(), exchange.requestId())));
    }

    /** The body of the answer to a request that a token of an identity provider speaks for. */
    Future<String> assumeWithWebIdentity() {
        return assumeWithWebIdentity(RoleRequest.of(action, form), Freshness.LOCAL);
    }

    private Future<String> assumeWithWebIdentity(RoleRequest asked, Freshness freshness) {
        var provider = asked.provider();
        return find(provider, freshness)
                .map(found -> {
                    // What an older record of the provider vouched for counts no more.
                    notes.forget();
                    return found.filter(IdentityRecord.OidcProvider.class::isInstance)
                            .map(IdentityRecord.OidcProvider.class::cast)
                            .orElseThrow(() -> SessionRules.noSuchProvider(provider));
                })
                .compose(found -> assumeWithWebIdentity(asked, found, freshness))
                .recover(failure -> isStale(failure) || isDoubtful(failure, freshness, exchange.source())
                        ? assumeWithWebIdentity(asked, Freshness.QUORUM)
                        : Future.failedFuture(failure));
    }

    private Future<String> assumeWithWebIdentity(
            RoleRequest asked, IdentityRecord.OidcProvider provider, Freshness freshness) {
        var identity = WebIdentity.verify(asked.webIdentityToken(), provider, clock.instant());
        var request = asked.by(identity);
        notes.authenticated(UserIdentity.ofWebIdentity(
                identity.accountId(), identity.providerArn(), identity.audience(), identity.subject()));
        notes.vouched(identity.tags());
        return findRole(request, freshness)
                .compose(known -> {
                    var role = known.orElseThrow(SessionRules::notAuthorized);
                    var stamps = new Assumption(request, role, environment(StsNotes.REGION))
                            .require(identity, provider.stamp());
                    return mint(request, role, stamps, Optional.of(identity));
                })
                .map(minted -> answer(
                        minted,
                        done -> StsAnswer.role(request, minted, done, Optional.of(identity), exchange.requestId())));
    }

    private Future<Reply.MintedSession> mint(
            RoleRequest request, IdentityRecord.Principal role, List<Stamp> stamps, Optional<WebIdentity> identity) {
        notes.originating(request.sourceIdentity());
        var terms = SessionRules.terms(request, role, identity.map(WebIdentity::providerArn));
        return mint(new IdentityCommand.MintSession(
                role.holder().arn(), request.sessionName(), request.seconds(), terms, stamps));
    }

    private Future<Reply.MintedSession> mint(IdentityCommand.MintSession command) {
        return exchange.on(hsm.call(command, exchange.requestId()));
    }

    private String answer(Reply.MintedSession minted, Function<StsAnswer.Credentials, String> body) {
        try {
            notes.minted(minted);
            return body.apply(StsAnswer.Credentials.of(minted));
        } finally {
            minted.secret().close();
        }
    }

    private Future<Optional<IdentityRecord.Principal>> findRole(RoleRequest request, Freshness freshness) {
        return find(request.role(), freshness)
                .map(found -> found.filter(IdentityRecord.Principal.class::isInstance)
                        .map(IdentityRecord.Principal.class::cast)
                        // A role of that name in another path is another role.
                        .filter(role -> role.holder().arn().equals(request.roleArn())));
    }

    private Future<Optional<IdentityRecord>> find(IdentityName name, Freshness freshness) {
        return exchange.on(hsm.call(new IdentityCommand.FindIdentity(name, freshness), exchange.requestId()))
                .map(found -> Optional.of(found.identity()))
                .recover(failure ->
                        isMissing(failure) ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure));
    }

    /** What this gateway may not see is as missing as what is not there. */
    private static boolean isMissing(Throwable failure) {
        return Failures.cause(failure) instanceof Refused no
                && (no.refusal() == Refusal.NOT_FOUND || no.refusal() == Refusal.NOT_PERMITTED);
    }

    /** Whether what a yes rested on is no longer so. */
    private boolean isStale(Throwable failure) {
        return Failures.cause(failure) instanceof Refused refused
                && (refused.refusal() == Refusal.STALE || refused.refusal() == Refusal.NOT_FOUND)
                && ++stale <= MOST_STALE;
    }

    /** Whether a no rests on what this node happened to know; asking again has its price, which {@code source} pays. */
    private boolean isDoubtful(Throwable failure, Freshness freshness, String source) {
        if (freshness == Freshness.QUORUM
                || !(failure instanceof StsException refusal)
                || !DOUBTFUL.contains(refusal.error())) {
            return false;
        }
        doubts.take(source);
        return true;
    }

    private RequestEnvironment environment(String region) {
        return exchange.environment(clock.instant(), region);
    }
}
