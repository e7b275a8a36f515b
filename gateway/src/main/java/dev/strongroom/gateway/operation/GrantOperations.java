package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.gateway.authz.ConditionKeys;
import dev.strongroom.gateway.authz.Grant;
import dev.strongroom.gateway.authz.GrantParty;
import dev.strongroom.gateway.authz.GrantRules;
import dev.strongroom.gateway.authz.Principal;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.CreateGrantRequest;
import software.amazon.awssdk.services.kms.model.CreateGrantResponse;
import software.amazon.awssdk.services.kms.model.RetireGrantRequest;
import software.amazon.awssdk.services.kms.model.RetireGrantResponse;
import software.amazon.awssdk.services.kms.model.RevokeGrantRequest;
import software.amazon.awssdk.services.kms.model.RevokeGrantResponse;

/** CreateGrant, RetireGrant and RevokeGrant. */
final class GrantOperations {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private GrantOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.CREATE_GRANT,
                new OperationRow<CreateGrantRequest, CreateGrantResponse>(
                        GrantNeeds.naming(
                                GrantOperations::principals,
                                (request, context) ->
                                        List.of(KeyNeeds.key(request.keyId(), "kms:CreateGrant", context))),
                        OperationRow.eachKey(GrantOperations::creation),
                        GrantOperations::createGrant,
                        Freshness.LOCAL,
                        request -> Boolean.TRUE.equals(request.dryRun())),
                Operation.RETIRE_GRANT,
                new OperationRow<>(
                        GrantNeeds.about(GrantOperations::retired, GrantOperations::retireNeeds),
                        GrantOperations::retirement,
                        GrantOperations::retireGrant,
                        Freshness.LOCAL,
                        request -> Boolean.TRUE.equals(request.dryRun())),
                Operation.REVOKE_GRANT,
                new OperationRow<RevokeGrantRequest, RevokeGrantResponse>(
                        GrantNeeds.about(
                                GrantOperations::revoked,
                                (request, context) ->
                                        List.of(KeyNeeds.key(request.keyId(), "kms:RevokeGrant", context))),
                        OperationRow.eachKey((plain, request) -> plain.with(ofNoService())),
                        GrantOperations::revokeGrant,
                        Freshness.LOCAL,
                        request -> Boolean.TRUE.equals(request.dryRun())));
    }

    /** No AWS service acts for a user here. */
    static ConditionKeys ofNoService() {
        return name -> name.equals("kms:grantisforawsresource") ? List.of("false") : List.of();
    }

    private static Permission creation(Permission plain, CreateGrantRequest request) {
        var terms = GrantView.terms(request);
        return plain.with(terms.constraints().context(), GrantRules.keys(terms))
                .claiming(new GrantClaim.NoNarrowerThan(terms));
    }

    private static List<String> principals(CreateGrantRequest request, RequestContext context) {
        var terms = GrantView.terms(request);
        return terms
                .retiring()
                .map(retiring -> List.of(terms.grantee(), retiring))
                .orElse(List.of(terms.grantee()))
                .stream()
                .map(GrantParty::named)
                .filter(principal -> principal.kind() != Principal.Kind.SERVICE)
                .map(Principal::whoMustExist)
                .toList();
    }

    private static Plan<CreateGrantResponse> createGrant(
            CreateGrantRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var attributes = found.key().attributes();
        var terms = GrantView.terms(request);
        if (found.key().lifecycle().state() != KeyState.UNAVAILABLE) {
            KeyChecks.requireUsable(found.key());
        }
        GrantRules.requireValid(terms, attributes.spec(), attributes.usage(), context.principals()::exists);
        if (Boolean.TRUE.equals(request.dryRun())) {
            return new Plan.Answer<>(CreateGrantResponse.builder().build());
        }
        return new Plan.Ask<>(
                new GrantCommand.CreateGrant(
                        context.ids().commandId(),
                        context.authority(found),
                        context.ids().grantId(),
                        // If one of them goes before it is made, it means somebody who is gone.
                        terms.meaning(context.principals()::id).record(),
                        context.scope().accountId()),
                created -> CreateGrantResponse.builder()
                        .grantId(created.grant().id())
                        .grantToken(GrantTokens.text(created.token()))
                        .build(),
                refused -> refused.refusal() == Refusal.LIMIT_EXCEEDED
                        ? Optional.of(GrantRules.exhausted(refused.detail()))
                        : Optional.empty());
    }

    private static Optional<GrantAddress> retired(RetireGrantRequest request, RequestContext context) {
        boolean isById = request.keyId() != null || request.grantId() != null;
        if (isById == (request.grantToken() != null)
                || (isById && (request.keyId() == null || request.grantId() == null))) {
            throw KmsException.of(
                    KmsError.VALIDATION, "Specify either GrantToken or both KeyId and GrantId to identify the grant.");
        }
        return Optional.of(
                isById
                        ? byId(request.keyId(), request.grantId(), "kms:RetireGrant", context)
                        : GrantTokens.address(request.grantToken()));
    }

    private static List<KeyNeed> retireNeeds(RetireGrantRequest request, RequestContext context) {
        if (request.grantToken() == null) {
            return List.of(KeyNeeds.key(request.keyId(), "kms:RetireGrant", context));
        }
        var key = context.grants()
                .named()
                .map(GrantRecord::key)
                .filter(name -> name.scope().region().equals(context.scope().region()))
                .orElseThrow(GrantTokens::invalid);
        return List.of(
                new KeyNeed(new KeyAddress.ById(key), "kms:RetireGrant", Optional.of(GrantTokens::invalid), true));
    }

    private static List<Permission> retirement(
            RetireGrantRequest request, List<NamedKey> keys, RequestContext context) {
        var key = keys.get(0);
        var grant = context.grants().named();
        if (key.isSeen() && grant.isEmpty() && !key.permission().isAbroad(context)) {
            throw missing(request.grantId());
        }
        if (!key.isSeen() && request.grantToken() != null) {
            // Of a grant that gives the caller nothing, as if it had ended.
            throw GrantTokens.invalid();
        }
        if (!key.isSeen() || grant.isEmpty()) {
            // Another account's grants are refused in the same words whether they exist or not.
            return List.of(key.hidden().permission());
        }
        var retired = Grant.of(grant.get());
        return List.of(key.permission()
                .with(retired.terms().constraints().context(), GrantRules.keys(retired.terms()))
                .claiming(new GrantClaim.Retiring(retired)));
    }

    private static Plan<RetireGrantResponse> retireGrant(
            RetireGrantRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var grant = context.grants().named().orElseThrow(() -> missing(request.grantId()));
        var response = RetireGrantResponse.builder().build();
        return Boolean.TRUE.equals(request.dryRun())
                ? new Plan.Answer<>(response)
                : new Plan.Ask<>(
                        new GrantCommand.RetireGrant(
                                context.ids().commandId(), context.authority(keys.get(0)), grant.stamp()),
                        done -> response);
    }

    private static Optional<GrantAddress> revoked(RevokeGrantRequest request, RequestContext context) {
        return Optional.of(byId(request.keyId(), request.grantId(), "kms:RevokeGrant", context));
    }

    private static Plan<RevokeGrantResponse> revokeGrant(
            RevokeGrantRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var grant = context.grants().named().orElseThrow(() -> missing(request.grantId()));
        var response = RevokeGrantResponse.builder().build();
        return Boolean.TRUE.equals(request.dryRun())
                ? new Plan.Answer<>(response)
                : new Plan.Ask<>(
                        new GrantCommand.RevokeGrant(
                                context.ids().commandId(), context.authority(keys.get(0)), grant.stamp()),
                        done -> response);
    }

    private static GrantAddress byId(String keyId, String grantId, String action, RequestContext context) {
        requireId(grantId);
        var key = (KeyAddress.ById) KeyNeeds.key(keyId, action, context).address();
        return new GrantAddress.ById(key.name(), grantId);
    }

    /** No record of AWS's words is known. */
    static void requireId(String grantId) {
        if (!ID.matcher(grantId).matches()) {
            throw KmsException.of(KmsError.INVALID_GRANT_ID, "Grant ID " + grantId + " is not valid.");
        }
    }

    private static KmsException missing(@Nullable String grantId) {
        return grantId == null
                ? GrantTokens.invalid()
                : KmsException.of(KmsError.NOT_FOUND, "Grant ID " + grantId + " not found");
    }
}
