package dev.strongroom.gateway.authz;

import dev.strongroom.api.KeyRef;
import dev.strongroom.gateway.authz.CallerPrincipal.Kind;
import dev.strongroom.gateway.authz.Facts.Side;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.KeyRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Whether a caller may do what it asks (IAM user guide, "Policy evaluation logic"; KMS developer guide, "Troubleshooting
 * key access").
 *
 * <ol>
 *   <li>An explicit deny in any policy of the caller or the key ends it.
 *   <li>A key's policy, or a grant, has to name the caller, its role or its account. Within an account that may be enough by
 *       itself ({@link Standing}); from another account the caller's own policies have to allow it too, and only those
 *       operations are possible at all that KMS lets cross accounts.
 *   <li>Everything else is the account's own: identity policies, within boundary and session policy.
 * </ol>
 *
 * <p>Of several reasons to refuse, those on the caller's own side come first among explicit denials, as they say nothing
 * about the key; where nothing allows, the key's side comes first, as AWS has it.
 */
public final class AccessDecision {

    private final Caller caller;
    private final CallerPrincipal principal;
    private final AccessRequest request;
    private final Effort effort;
    /** As policies of the caller see them. */
    private final Facts facts;
    /** As the key's policy sees them. */
    private final Facts keyFacts;

    private final String action;
    private final String resource;

    private AccessDecision(Caller caller, AccessRequest request, Effort effort) {
        this.caller = caller;
        this.principal = caller.principal();
        this.request = request;
        this.effort = effort;
        this.facts = new Facts(principal, request, Side.IDENTITY, effort);
        this.keyFacts = new Facts(principal, request, Side.RESOURCE, effort);
        this.action = request.action().toLowerCase(Locale.ROOT);
        this.resource = request.resource().arn();
    }

    /** Decides. Never throws. */
    public static Verdict decide(Caller caller, AccessRequest request) {
        var verdict = decide(caller, request, Effort.forOneDecision());
        return verdict instanceof Verdict.Denied no ? hiding(no, caller, request, AccessDecision::admits) : verdict;
    }

    static Verdict decide(Caller caller, AccessRequest request, Effort effort) {
        return new AccessDecision(caller, request, effort).bounded(AccessDecision::verdict);
    }

    /**
     * Decides whether a caller may retire a grant: its retiring principal may, its grantee if the grant says so, and the
     * account whose member made it (KMS API reference, RetireGrant). Whoever is meant through the account needs an identity
     * policy that allows it. No key policy can allow it; it can deny.
     *
     * @param request of {@code kms:RetireGrant}, for the grant's key
     */
    public static Verdict decideRetire(Caller caller, AccessRequest request, Grant grant) {
        var verdict = new AccessDecision(caller, request, Effort.forOneDecision())
                .bounded(decision -> decision.ofRetiring(grant));
        return verdict instanceof Verdict.Denied no
                ? hiding(no, caller, request, decision -> decision.admitsRetiring(grant))
                : verdict;
    }

    /**
     * Decides whether somebody may assume a role (IAM user guide, "Methods to assume a role"). Where the role's trust policy
     * names a caller of its own account, that is enough; where it names the account, or the caller is of another one, the
     * caller's own policies have to allow it too.
     *
     * @param request of an action such as {@code sts:AssumeRole}, for a {@link Resource.Role}
     * @param trust who may assume the role
     */
    public static Verdict decideAssume(Caller caller, AccessRequest request, CompiledPolicy trust) {
        return new AccessDecision(caller, request, Effort.forOneDecision())
                .bounded(decision -> decision.ofAssuming(trust));
    }

    private Verdict bounded(Function<AccessDecision, Verdict> decide) {
        try {
            return decide.apply(this);
        } catch (Effort.Exhausted e) {
            return denied(DenialReason.TOO_COSTLY);
        }
    }

    /** The same, and whether it may be seen that there is such a key; if that cannot be found out in time, it may not. */
    private static Verdict hiding(
            Verdict.Denied no, Caller caller, AccessRequest request, Predicate<AccessDecision> admits) {
        boolean isForeign = request.resource() instanceof Resource.Key key
                && !key.accountId().equals(caller.principal().accountId());
        if (!isForeign) {
            return no;
        }
        boolean isAdmitted;
        try {
            isAdmitted = admits.test(new AccessDecision(caller, request, Effort.forOneDecision()));
        } catch (Effort.Exhausted e) {
            isAdmitted = false;
        }
        return new Verdict.Denied(no.reason(), no.text(), !isAdmitted);
    }

    /** Whether the key's side lets the caller of another account in, whatever its own side says. */
    private boolean admits() {
        var key = ((Resource.Key) request.resource()).key();
        if (!CrossAccount.allows(request.action()) || key.policy().deniesTo(principal, action, resource, keyFacts)) {
            return false;
        }
        if (!key.policy().allowsTo(principal, action, resource, keyFacts).equals(Standing.NONE)) {
            return true;
        }
        return GrantOperation.ofAction(request.action())
                .map(operation -> new GrantSearch(key.grants(), operation, request, effort))
                .filter(search -> principal.names().stream()
                        .anyMatch(name -> search.find(name).isPresent()))
                .isPresent();
    }

    /** Whether the caller has to do with a grant, be it only that it was made for it. */
    private boolean admitsRetiring(Grant grant) {
        var key = ((Resource.Key) request.resource()).key();
        var made = Standing.of(grant.terms().grantee().meant(), principal);
        return !key.policy().deniesTo(principal, action, resource, keyFacts)
                && !standing(grant).and(made).equals(Standing.NONE);
    }

    private Verdict ofRetiring(Grant grant) {
        // The grant says who may, in whatever account they are, so that all of them are at home here.
        var forbidden = explicitDenial();
        var lack = forbidden.isPresent() ? forbidden : lack(standing(grant), true);
        return lack.<Verdict>map(this::denied).orElseGet(() -> allowed(Optional.of(grant)));
    }

    /** What the caller has of a grant that is to be retired. */
    private Standing standing(Grant grant) {
        var terms = grant.terms();
        var standing = Standing.of(new Principal(Principal.Kind.ACCOUNT, grant.issuingAccount()), principal);
        if (terms.retiring().isPresent()) {
            standing = standing.and(Standing.of(terms.retiring().get().meant(), principal));
        }
        if (terms.operations().contains(GrantOperation.RETIRE_GRANT)) {
            standing = standing.and(Standing.of(terms.grantee().meant(), principal));
        }
        return standing;
    }

    private Verdict ofAssuming(CompiledPolicy trust) {
        var forbidden = explicitDenial();
        if (forbidden.isEmpty() && trust.deniesTo(principal, action, resource, keyFacts)) {
            forbidden = Optional.of(DenialReason.EXPLICIT_RESOURCE);
        }
        boolean isOwn = principal.accountId().equals(request.resource().accountId());
        var lack =
                forbidden.isPresent() ? forbidden : lack(trust.allowsTo(principal, action, resource, keyFacts), isOwn);
        return lack.<Verdict>map(this::denied).orElseGet(() -> allowed(Optional.empty()));
    }

    private Verdict verdict() {
        var forbidden = explicitDenial();
        if (forbidden.isPresent()) {
            return denied(forbidden.get());
        }
        if (request.resource() instanceof Resource.Key named) {
            return ofKey(named.key());
        } else if (request.resource() instanceof Resource.Absent) {
            return denied(DenialReason.NO_RESOURCE);
        }
        return whatIdentityLacks().<Verdict>map(this::denied).orElseGet(() -> allowed(Optional.empty()));
    }

    private Optional<DenialReason> explicitDenial() {
        var policies = caller.policies();
        var boundary = policies.boundary();
        if (anyDenies(policies.identity())) {
            return Optional.of(DenialReason.EXPLICIT_IDENTITY);
        } else if (boundary.isPresent() && boundary.get().policy().denies(action, resource, facts)) {
            return Optional.of(DenialReason.EXPLICIT_BOUNDARY);
        } else if (anyDenies(policies.session())) {
            return Optional.of(DenialReason.EXPLICIT_SESSION);
        }
        return request.resource() instanceof Resource.Key named
                        && named.key().policy().deniesTo(principal, action, resource, keyFacts)
                ? Optional.of(DenialReason.EXPLICIT_RESOURCE)
                : Optional.empty();
    }

    private Verdict ofKey(KeyFacts key) {
        boolean isOwn = principal.accountId().equals(key.accountId());
        if (!isOwn && !CrossAccount.allows(request.action())) {
            return denied(DenialReason.NO_RESOURCE);
        }
        var standing = key.policy().allowsTo(principal, action, resource, keyFacts);
        var lack = lack(standing, isOwn);
        if (lack.isEmpty()) {
            return allowed(Optional.empty());
        }
        var operation = GrantOperation.ofAction(request.action());
        if (operation.isPresent()) {
            var search = new GrantSearch(key.grants(), operation.get(), request, effort);
            for (var name : principal.names()) {
                var grant = search.find(name);
                var lackWithGrant = grant.isEmpty() ? lack : lack(Standing.of(name, principal), isOwn);
                if (lackWithGrant.isEmpty()) {
                    return allowed(grant);
                }
                lack = lackWithGrant;
            }
        }
        return denied(lack.get());
    }

    /** What is missing, given what the key's side gives; empty if nothing is. */
    private Optional<DenialReason> lack(Standing standing, boolean isOwn) {
        if (standing.equals(Standing.NONE)) {
            return Optional.of(DenialReason.NO_RESOURCE);
        } else if (!isOwn) {
            return whatIdentityLacks();
        } else if (standing.direct()) {
            return Optional.empty();
        }
        return standing.asRole() ? whatLimitsLack() : whatIdentityLacks();
    }

    /** What is missing on the caller's own side. A root needs nobody's permission there, and a service has no such side. */
    private Optional<DenialReason> whatIdentityLacks() {
        if (principal.kind() == Kind.ROOT || principal.kind() == Kind.SERVICE) {
            return whatLimitsLack();
        }
        return anyAllows(caller.policies().identity()) ? whatLimitsLack() : Optional.of(DenialReason.NO_IDENTITY);
    }

    private Optional<DenialReason> whatLimitsLack() {
        var boundary = caller.policies().boundary();
        var session = caller.policies().session();
        if (boundary.isPresent() && !boundary.get().policy().allows(action, resource, facts)) {
            return Optional.of(DenialReason.NO_BOUNDARY);
        }
        return session.isEmpty() || anyAllows(session) ? Optional.empty() : Optional.of(DenialReason.NO_SESSION);
    }

    private boolean anyAllows(List<AttachedPolicy> policies) {
        for (int i = 0; i < policies.size(); i++) {
            if (policies.get(i).policy().allows(action, resource, facts)) {
                return true;
            }
        }
        return false;
    }

    private boolean anyDenies(List<AttachedPolicy> policies) {
        for (int i = 0; i < policies.size(); i++) {
            if (policies.get(i).policy().denies(action, resource, facts)) {
                return true;
            }
        }
        return false;
    }

    private Verdict denied(DenialReason reason) {
        return new Verdict.Denied(
                reason,
                naming() == Resource.Naming.BY_CIPHERTEXT
                        ? reason.textOfCiphertext(caller.principalArn(), request.action())
                        : reason.text(caller.principalArn(), request.action(), shown()),
                false);
    }

    private Resource.Naming naming() {
        if (request.resource() instanceof Resource.Key key) {
            return key.naming();
        }
        return request.resource() instanceof Resource.Absent absent ? absent.naming() : Resource.Naming.BY_REFERENCE;
    }

    /** The resource; of another account's alias no more than was said, so that nobody learns what it stands for. */
    private String shown() {
        if (request.resource() instanceof Resource.Key key
                && key.alias().isPresent()
                && !key.accountId().equals(principal.accountId())) {
            var name = key.alias().get().name();
            return KeyRef.aliasArn(name.scope().region(), name.scope().accountId(), name.name());
        }
        return resource;
    }

    /** Every policy of the caller counts, also one that says nothing here: were it changed, it might deny. */
    private Verdict allowed(Optional<Grant> grant) {
        var others = new LinkedHashSet<>(caller.stamps());
        others.addAll(facts.aliasRecords());
        grant.map(Grant::stamp).ifPresent(others::add);
        if (request.resource() instanceof Resource.Key key) {
            key.alias().map(AliasRecord::stamp).ifPresent(others::add);
            key.key()
                    .record()
                    .material()
                    .multiRegion()
                    .map(KeyRecord.MultiRegion::stamp)
                    .ifPresent(others::add);
            return new Verdict.Allowed(Optional.of(key.key().record().stamp()), List.copyOf(others), grant);
        }
        return new Verdict.Allowed(Optional.empty(), List.copyOf(others), grant);
    }
}
