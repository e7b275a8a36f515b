package dev.strongroom.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strongroom.gateway.authz.IdentityPolicy;
import dev.strongroom.hsm.protocol.HolderRecord;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Users and roles: what IAM's calls do to their records. */
final class Principals {

    private static final Stamp UNSTAMPED = new Stamp(0, 0, 0);
    private static final int USUAL_SESSION_SECONDS = 3_600;

    private final IdentityBook book;
    private final CredentialSource credentials;
    private final AdminRequest request;
    private final IdentityKind kind;

    /** @param kind USER or ROLE */
    Principals(IdentityBook book, CredentialSource credentials, AdminRequest request, IdentityKind kind) {
        this.book = book;
        this.credentials = credentials;
        this.request = request;
        this.kind = kind;
    }

    CompletionStage<ObjectNode> create() {
        if (kind == IdentityKind.USER) {
            return create(Optional.empty());
        }
        int seconds = request.number(AdminParameter.MAX_SESSION_SECONDS).orElse(USUAL_SESSION_SECONDS);
        return new TrustPolicies(book)
                .checked(request.text(AdminParameter.TRUST_POLICY))
                .thenCompose(trust -> create(Optional.of(new IdentityRecord.RoleTerms(trust, seconds))));
    }

    private CompletionStage<ObjectNode> create(Optional<IdentityRecord.RoleTerms> role) {
        var holder = new HolderRecord(
                UNSTAMPED,
                Names.arn(kind, request),
                credentials.newId(role.isPresent() ? "AROA" : "AIDA"),
                request.map(AdminParameter.TAGS),
                Map.of());
        return book.create(new IdentityRecord.Principal(holder, Instant.EPOCH, List.of(), Optional.empty(), role))
                .thenCompose(this::shown);
    }

    CompletionStage<ObjectNode> list() {
        return book.list(kind, request.account()).thenApply(found -> IdentityJson.many(label() + "s", found));
    }

    CompletionStage<ObjectNode> get() {
        return book.find(name()).thenCompose(this::shown);
    }

    CompletionStage<ObjectNode> delete() {
        return book.delete(name()).thenApply(done -> IdentityJson.object());
    }

    CompletionStage<ObjectNode> update() {
        var seconds = request.number(AdminParameter.MAX_SESSION_SECONDS);
        return request.optional(AdminParameter.TRUST_POLICY)
                .map(text -> new TrustPolicies(book).checked(text).thenApply(Optional::of))
                .orElse(CompletableFuture.completedStage(Optional.empty()))
                .thenCompose(trust -> update(trust, seconds));
    }

    private CompletionStage<ObjectNode> update(Optional<ResourcePolicy> trust, Optional<Integer> seconds) {
        return change(principal -> new IdentityRecord.Principal(
                principal.holder(),
                principal.created(),
                principal.attached(),
                principal.boundary(),
                principal
                        .role()
                        .map(role -> new IdentityRecord.RoleTerms(
                                trust.orElse(role.trustPolicy()), seconds.orElse(role.maxSessionSeconds())))));
    }

    CompletionStage<ObjectNode> attach() {
        return policy().thenCompose(arn -> change(principal -> {
            var attached = new ArrayList<>(principal.attached());
            if (!attached.contains(arn)) {
                attached.add(arn);
            }
            return with(principal, attached, principal.boundary());
        }));
    }

    CompletionStage<ObjectNode> detach() {
        return policy().thenCompose(arn -> change(principal -> {
            var attached = new ArrayList<>(principal.attached());
            if (!attached.remove(arn)) {
                throw AdminRefusal.missing("The policy " + arn + " on this " + label());
            }
            return with(principal, attached, principal.boundary());
        }));
    }

    CompletionStage<ObjectNode> putBoundary() {
        return policy().thenCompose(
                        arn -> change(principal -> with(principal, principal.attached(), Optional.of(arn))));
    }

    CompletionStage<ObjectNode> deleteBoundary() {
        return change(principal -> with(principal, principal.attached(), Optional.empty()));
    }

    CompletionStage<ObjectNode> putInline() {
        var use = kind == IdentityKind.ROLE ? IdentityPolicy.Use.ROLE_INLINE : IdentityPolicy.Use.USER_INLINE;
        var document = Documents.require(request.text(AdminParameter.DOCUMENT), use);
        var policyName = request.text(AdminParameter.POLICY_NAME);
        return change(principal -> {
            var inline = new TreeMap<>(principal.holder().inlinePolicies());
            inline.put(policyName, document);
            return with(principal, principal.holder().tags(), inline);
        });
    }

    CompletionStage<ObjectNode> deleteInline() {
        var policyName = request.text(AdminParameter.POLICY_NAME);
        return change(principal -> {
            var inline = new TreeMap<>(principal.holder().inlinePolicies());
            if (inline.remove(policyName) == null) {
                throw AdminRefusal.missing("The inline policy '" + policyName + "'");
            }
            return with(principal, principal.holder().tags(), inline);
        });
    }

    CompletionStage<ObjectNode> tag() {
        var added = request.map(AdminParameter.TAGS);
        return change(principal -> {
            var tags = new TreeMap<>(principal.holder().tags());
            tags.putAll(added);
            return with(principal, tags, principal.holder().inlinePolicies());
        });
    }

    CompletionStage<ObjectNode> untag() {
        var removed = request.list(AdminParameter.TAG_KEYS).orElse(List.of());
        return change(principal -> {
            var tags = new TreeMap<>(principal.holder().tags());
            removed.forEach(tags::remove);
            return with(principal, tags, principal.holder().inlinePolicies());
        });
    }

    private CompletionStage<ObjectNode> change(UnaryOperator<IdentityRecord.Principal> change) {
        return book.change(name(), found -> change.apply((IdentityRecord.Principal) found))
                .thenCompose(this::shown);
    }

    /** The ARN of the policy that the request names, which exists. */
    private CompletionStage<String> policy() {
        var named = request.text(AdminParameter.POLICY);
        var name = IdentityArn.parse(named).orElse(new IdentityName(IdentityKind.POLICY, request.account(), named));
        if (name.kind() != IdentityKind.POLICY || !name.accountId().equals(request.account())) {
            throw AdminRefusal.invalid("'" + named + "' is no policy of account " + request.account() + ".");
        }
        return book.find(name).thenApply(found -> {
            var arn = ((IdentityRecord.ManagedPolicy) found).policy().arn();
            if (named.startsWith("arn:") && !named.equals(arn)) {
                throw AdminRefusal.missing("The policy " + named);
            }
            return arn;
        });
    }

    private IdentityName name() {
        return new IdentityName(kind, request.account(), request.text(AdminParameter.NAME));
    }

    private CompletionStage<ObjectNode> shown(IdentityRecord identity) {
        return new TrustPolicies(book).shown(identity).thenApply(shown -> IdentityJson.one(label(), shown));
    }

    private String label() {
        return kind == IdentityKind.ROLE ? "role" : "user";
    }

    private static IdentityRecord.Principal with(
            IdentityRecord.Principal principal, List<String> attached, Optional<String> boundary) {
        return new IdentityRecord.Principal(
                principal.holder(), principal.created(), attached, boundary, principal.role());
    }

    private static IdentityRecord.Principal with(
            IdentityRecord.Principal principal, Map<String, String> tags, Map<String, String> inline) {
        var holder = principal.holder();
        return new IdentityRecord.Principal(
                new HolderRecord(holder.stamp(), holder.arn(), holder.uniqueId(), tags, inline),
                principal.created(),
                principal.attached(),
                principal.boundary(),
                principal.role());
    }
}
