package dev.strongroom.gateway.admin;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.IdentityPolicy;
import dev.strongroom.gateway.authz.Principal;
import dev.strongroom.gateway.authz.ShownPolicy;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Policies that say who may assume a role, and whom they mean: those who have the ARNs in them when they are put. */
final class TrustPolicies {

    private final IdentityBook book;

    TrustPolicies(IdentityBook book) {
        this.book = book;
    }

    /** {@code text} and whom it means; else refuses with what is wrong with it, in IAM's words if it names nobody. */
    CompletionStage<ResourcePolicy> checked(String text) {
        var named = Documents.read(text, IdentityPolicy.Use.TRUST).principals().toList();
        if (named.isEmpty()) {
            return CompletableFuture.completedStage(ResourcePolicy.of(text));
        }
        var asked = named.stream().map(Principal::whoMustExist).distinct().toList();
        return book.principals(asked).thenApply(found -> meaning(text, named, found));
    }

    private static ResourcePolicy meaning(String text, List<Principal> named, Reply.FoundPrincipals found) {
        var ids = new TreeMap<String, String>();
        for (var principal : named) {
            if (!found.existing().contains(principal.whoMustExist())) {
                throw AdminRefusal.of(KmsException.of(
                        KmsError.MALFORMED_POLICY_DOCUMENT,
                        "Invalid principal in policy: \"AWS\":\"" + principal.arn() + "\""));
            }
            var id = found.ids().get(principal.arn());
            if (id != null) {
                ids.put(principal.arn(), id);
            }
        }
        return new ResourcePolicy(text, ids);
    }

    /** A record as it is shown: whoever a trust policy means and is gone stands in it by unique id. */
    CompletionStage<IdentityRecord> shown(IdentityRecord identity) {
        if (!(identity instanceof IdentityRecord.Principal principal)
                || principal.role().isEmpty()) {
            return CompletableFuture.completedStage(identity);
        }
        var role = principal.role().get();
        var meant = List.copyOf(role.trustPolicy().principals().keySet());
        if (meant.isEmpty()) {
            return CompletableFuture.completedStage(identity);
        }
        return book.principals(meant)
                .thenApply(found -> new IdentityRecord.Principal(
                        principal.holder(),
                        principal.created(),
                        principal.attached(),
                        principal.boundary(),
                        Optional.of(new IdentityRecord.RoleTerms(
                                ShownPolicy.of(role.trustPolicy(), found.ids()), role.maxSessionSeconds()))));
    }
}
