package dev.strongroom.gateway.operation;

import dev.strongroom.gateway.authz.AccessDecision;
import dev.strongroom.gateway.authz.AccessRequest;
import dev.strongroom.gateway.authz.ConditionKeys;
import dev.strongroom.gateway.authz.GrantOperation;
import dev.strongroom.gateway.authz.GrantRules;
import dev.strongroom.gateway.authz.KeyFacts;
import dev.strongroom.gateway.authz.Principal;
import dev.strongroom.gateway.authz.RequestEnvironment;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.gateway.authz.Verdict;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantCommand.FindGrants.Contexts;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Something that a caller must be allowed to do so that its request can be carried out.
 *
 * @param action such as {@code kms:Encrypt}
 * @param encryptionContext of the one use of a key that is asked about; empty if there is none
 * @param keys what policies may ask about the members of the request
 */
public record Permission(String action, Subject subject, Map<String, String> encryptionContext, ConditionKeys keys) {

    private static final GrantClaim ANY_GRANT = new GrantClaim.Any();

    /** What it is to be done with. */
    public sealed interface Subject {

        /**
         * A KMS key that was found.
         *
         * @param claim what part grants have in it
         */
        record Key(Reply.FoundKey found, Resource.Naming naming, GrantClaim claim) implements Subject {}

        /**
         * An alias, a key that is yet to be made or is not there, or nothing that there is one of.
         *
         * @param region where it is done, if not in the Region of the request
         */
        record Other(Resource resource, Optional<String> region) implements Subject {}
    }

    /** To do it with a key. */
    static Permission on(Reply.FoundKey found, Resource.Naming naming, String action) {
        return new Permission(action, new Subject.Key(found, naming, ANY_GRANT), Map.of(), ConditionKeys.NONE);
    }

    /** To do it with an alias, with a key that is yet to be made or is not there, or at all. */
    static Permission on(Resource resource, String action) {
        return new Permission(action, new Subject.Other(resource, Optional.empty()), Map.of(), ConditionKeys.NONE);
    }

    Permission with(ConditionKeys asked) {
        return new Permission(action, subject, encryptionContext, asked);
    }

    Permission with(Map<String, String> context, ConditionKeys asked) {
        return new Permission(action, subject, context, asked);
    }

    /** The same in another Region; it is about no key that was found. */
    Permission in(String elsewhere) {
        var resource = ((Subject.Other) subject).resource();
        return new Permission(action, new Subject.Other(resource, Optional.of(elsewhere)), encryptionContext, keys);
    }

    /** The same where not any grant will do; no grant is of a key that is not there. */
    Permission claiming(GrantClaim claim) {
        if (!(subject instanceof Subject.Key key)) {
            return this;
        }
        return new Permission(action, new Subject.Key(key.found(), key.naming(), claim), encryptionContext, keys);
    }

    /** Where it is done, if not in the Region of the request. */
    public Optional<String> region() {
        return subject instanceof Subject.Other other ? other.region() : Optional.empty();
    }

    /**
     * What is to be decided.
     *
     * @param facts what else decisions about a key rest on
     */
    public AccessRequest request(RequestContext context, Function<KeyRecord, KeyFacts> facts) {
        return new AccessRequest(
                action,
                resource(facts),
                environment(context.environment()),
                encryptionContext,
                keys,
                claim() instanceof GrantClaim.NoNarrowerThan child
                        ? grant -> GrantRules.isNoWider(child.terms(), grant.terms())
                        : grant -> true);
    }

    /** Decides it. */
    public Verdict decide(RequestContext context, Function<KeyRecord, KeyFacts> facts) {
        var request = request(context, facts);
        return claim() instanceof GrantClaim.Retiring retiring
                ? AccessDecision.decideRetire(context.caller(), request, retiring.grant())
                : AccessDecision.decide(context.caller(), request);
    }

    private GrantClaim claim() {
        return subject instanceof Subject.Key key ? key.claim() : ANY_GRANT;
    }

    /** Whether it is about a key of an account that is not the caller's. */
    public boolean isAbroad(RequestContext context) {
        return subject instanceof Subject.Key key
                && !key.found()
                        .key()
                        .name()
                        .scope()
                        .accountId()
                        .equals(context.caller().accountId());
    }

    /** How to ask for the grants that could give it; empty if none could. */
    public Optional<GrantCommand.FindGrants> question(RequestContext context, Freshness freshness) {
        var operation = GrantOperation.ofAction(action);
        if (operation.isEmpty()
                || !(subject instanceof Subject.Key key)
                || key.claim() instanceof GrantClaim.Retiring) {
            return Optional.empty();
        }
        return Optional.of(new GrantCommand.FindGrants(
                key.found().key().name(),
                context.caller().principal().names().stream()
                        .map(Principal::arn)
                        .toList(),
                given(operation.get()),
                bound(operation.get()),
                freshness));
    }

    private List<String> given(GrantOperation operation) {
        var all = new TreeSet<String>();
        all.add(operation.wireName());
        if (claim() instanceof GrantClaim.NoNarrowerThan child) {
            child.terms().operations().forEach(each -> all.add(each.wireName()));
        }
        return List.copyOf(all);
    }

    /** What a child lets pass its parent must let pass: the narrower of the child's constraints decides. */
    private Optional<Contexts> bound(GrantOperation operation) {
        if (claim() instanceof GrantClaim.NoNarrowerThan child) {
            var constraints = child.terms().constraints();
            return constraints
                    .contextEquals()
                    .map(Contexts::exactly)
                    .or(() -> Optional.of(
                            Contexts.holding(constraints.contextSubset().orElse(Map.of()))));
        }
        return operation.isBoundByContext() ? Optional.of(Contexts.exactly(encryptionContext)) : Optional.empty();
    }

    private Resource resource(Function<KeyRecord, KeyFacts> facts) {
        if (subject instanceof Subject.Key of) {
            return new Resource.Key(facts.apply(of.found().key()), of.found().alias(), of.naming());
        }
        return ((Subject.Other) subject).resource();
    }

    private RequestEnvironment environment(RequestEnvironment here) {
        return region().map(here::in).orElse(here);
    }
}
