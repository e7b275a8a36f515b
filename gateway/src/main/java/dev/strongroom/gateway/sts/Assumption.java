package dev.strongroom.gateway.sts;

import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.AccessDecision;
import dev.strongroom.gateway.authz.AccessRequest;
import dev.strongroom.gateway.authz.Caller;
import dev.strongroom.gateway.authz.CallerPolicies;
import dev.strongroom.gateway.authz.CallerPrincipal;
import dev.strongroom.gateway.authz.CallerSession;
import dev.strongroom.gateway.authz.CompiledPolicy;
import dev.strongroom.gateway.authz.ConditionKeys;
import dev.strongroom.gateway.authz.IdentityPolicy;
import dev.strongroom.gateway.authz.RequestEnvironment;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.gateway.authz.Verdict;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a caller may assume a role as it asks to, and on what records that rests.
 *
 * @param terms what is asked for
 * @param role the role, as it was found
 * @param environment where and when it is asked
 */
public record Assumption(RoleRequest terms, IdentityRecord.Principal role, RequestEnvironment environment) {

    /**
     * Of a signed request.
     *
     * @return what the yes rests on
     * @throws StsException AccessDenied
     */
    public List<Stamp> require(Caller caller) {
        var trust = trust();
        var stamps = new LinkedHashSet<Stamp>();
        stamps.add(role.stamp());
        for (var action : actions("sts:AssumeRole")) {
            var verdict = AccessDecision.decideAssume(caller, request(action, this::values), trust);
            if (verdict instanceof Verdict.Denied) {
                throw SessionRules.notAuthorized(caller, action, terms);
            }
            stamps.addAll(((Verdict.Allowed) verdict).others());
        }
        return List.copyOf(stamps);
    }

    /** That the session has tags or an origin, be they asked for or handed down, is a permission of its own. */
    private List<String> actions(String first) {
        var actions = new ArrayList<>(List.of(first));
        if (!terms.tags().values().isEmpty()) {
            actions.add("sts:TagSession");
        }
        if (terms.sourceIdentity().isPresent()) {
            actions.add("sts:SetSourceIdentity");
        }
        return actions;
    }

    /**
     * Of a request that a web identity token speaks for.
     *
     * @return what the yes rests on
     * @throws StsException AccessDenied
     */
    public List<Stamp> require(WebIdentity identity, Stamp provider) {
        var principal = new CallerPrincipal(
                CallerPrincipal.Kind.FEDERATED,
                identity.accountId(),
                identity.providerArn(),
                Optional.empty(),
                identity.subject(),
                Map.of(),
                Optional.of(new CallerSession(
                        environment.now(),
                        Optional.empty(),
                        Map.of(),
                        List.of(),
                        Optional.of(identity.providerArn()),
                        Optional.empty())));
        var bearer = new Caller(
                new CallerIdentity(provider, "", identity.accountId(), identity.providerArn()),
                principal,
                List.of(),
                CallerPolicies.none());
        ConditionKeys own = identity::conditionValues;
        var trust = trust();
        for (var action : actions("sts:AssumeRoleWithWebIdentity")) {
            var verdict = AccessDecision.decideAssume(bearer, request(action, own.or(this::values)), trust);
            if (verdict instanceof Verdict.Denied) {
                throw SessionRules.notAuthorized(action);
            }
        }
        return List.of(role.stamp(), provider);
    }

    /** A policy that cannot be read lets nobody in. */
    private CompiledPolicy trust() {
        try {
            var policy = role.role().map(IdentityRecord.RoleTerms::trustPolicy).orElse(ResourcePolicy.of(""));
            return CompiledPolicy.of(IdentityPolicy.parse(policy.text(), IdentityPolicy.Use.TRUST)
                    .meaning(policy.principals()));
        } catch (KmsException e) {
            return CompiledPolicy.denyingAll();
        }
    }

    private AccessRequest request(String action, ConditionKeys keys) {
        var arn = role.holder().arn();
        return new AccessRequest(action, new Resource.Role(role.name().accountId(), arn), environment, Map.of(), keys);
    }

    private List<String> values(String name) {
        var requestTag = "aws:requesttag/";
        var resourceTag = "aws:resourcetag/";
        if (name.startsWith(requestTag)) {
            return tag(terms.tags().values(), name.substring(requestTag.length()));
        } else if (name.startsWith(resourceTag)) {
            return tag(role.holder().tags(), name.substring(resourceTag.length()));
        }
        return switch (name) {
            case "sts:rolesessionname" -> List.of(terms.sessionName());
            case "sts:durationseconds" -> List.of(Integer.toString(terms.seconds()));
            case "sts:externalid" -> terms.externalId().map(List::of).orElse(List.of());
            case "sts:sourceidentity" -> terms.sourceIdentity().map(List::of).orElse(List.of());
            case "aws:tagkeys" -> List.copyOf(terms.tags().values().keySet());
            case "sts:transitivetagkeys" -> terms.tags().transitive();
            default -> List.of();
        };
    }

    private static List<String> tag(Map<String, String> tags, String folded) {
        return tags.entrySet().stream()
                .filter(tag -> tag.getKey().equalsIgnoreCase(folded))
                .map(Map.Entry::getValue)
                .toList();
    }
}
