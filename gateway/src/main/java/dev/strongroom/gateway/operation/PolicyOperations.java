package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.gateway.authz.Principal;
import dev.strongroom.gateway.authz.ShownPolicy;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.GetKeyPolicyRequest;
import software.amazon.awssdk.services.kms.model.GetKeyPolicyResponse;
import software.amazon.awssdk.services.kms.model.ListKeyPoliciesRequest;
import software.amazon.awssdk.services.kms.model.ListKeyPoliciesResponse;
import software.amazon.awssdk.services.kms.model.PutKeyPolicyRequest;
import software.amazon.awssdk.services.kms.model.PutKeyPolicyResponse;

/** GetKeyPolicy, PutKeyPolicy and ListKeyPolicies. A key has exactly one policy; it is called {@code default}. */
final class PolicyOperations {

    private static final String DEFAULT = "default";

    private PolicyOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.GET_KEY_POLICY,
                new OperationRow<GetKeyPolicyRequest, GetKeyPolicyResponse>(
                        (request, context) -> List.of(KeyNeeds.key(request.keyId(), "kms:GetKeyPolicy", context)),
                        PolicyOperations::getKeyPolicy,
                        Freshness.QUORUM,
                        request -> false),
                Operation.PUT_KEY_POLICY,
                new OperationRow<PutKeyPolicyRequest, PutKeyPolicyResponse>(
                        GrantNeeds.naming(
                                (request, context) -> principals(request.policy(), context),
                                (request, context) ->
                                        List.of(KeyNeeds.key(request.keyId(), "kms:PutKeyPolicy", context))),
                        OperationRow.eachKey(RequestKeys::putKeyPolicy),
                        PolicyOperations::putKeyPolicy,
                        Freshness.LOCAL,
                        request -> false),
                Operation.LIST_KEY_POLICIES,
                new OperationRow<ListKeyPoliciesRequest, ListKeyPoliciesResponse>(
                        (request, context) -> List.of(KeyNeeds.key(request.keyId(), "kms:ListKeyPolicies", context)),
                        PolicyOperations::listKeyPolicies,
                        Freshness.QUORUM,
                        request -> false));
    }

    private static Plan<GetKeyPolicyResponse> getKeyPolicy(
            GetKeyPolicyRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        requireDefault(request.policyName());
        var policy = keys.get(0).key().documents().policy();
        if (policy.principals().isEmpty()) {
            return new Plan.Answer<>(response(policy.text()));
        }
        // Whoever is gone is shown by unique id.
        return new Plan.Ask<>(
                new LookupCommand.FindPrincipals(List.copyOf(policy.principals().keySet())),
                found -> response(ShownPolicy.of(policy, found.ids())));
    }

    private static GetKeyPolicyResponse response(String policy) {
        return GetKeyPolicyResponse.builder().policy(policy).policyName(DEFAULT).build();
    }

    private static Plan<PutKeyPolicyResponse> putKeyPolicy(
            PutKeyPolicyRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        requireDefault(request.policyName());
        var policy = checked(
                request.policy(), request.bypassPolicyLockoutSafetyCheck(), KeyChecks.arn(found.key()), context);
        var command = new ChangeCommand.ChangeKey(
                context.ids().commandId(), context.authority(found), new KeyChange.SetPolicy(policy));
        return new Plan.Ask<>(command, done -> PutKeyPolicyResponse.builder().build());
    }

    private static Plan<ListKeyPoliciesResponse> listKeyPolicies(
            ListKeyPoliciesRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        return new Plan.Answer<>(ListKeyPoliciesResponse.builder()
                .policyNames(DEFAULT)
                .truncated(false)
                .build());
    }

    /** Those named in a policy of whom it is not known yet that they exist. */
    static List<String> principals(@Nullable String text, RequestContext context) {
        if (text == null) {
            return List.of();
        }
        try {
            return KeyPolicy.parse(text)
                    .principals()
                    .filter(principal -> !isCallers(principal, context))
                    .map(Principal::whoMustExist)
                    .distinct()
                    .toList();
        } catch (KmsException e) {
            // Told when its turn has come.
            return List.of();
        }
    }

    /** Nearly every policy names the account that it is in. */
    private static boolean isCallers(Principal principal, RequestContext context) {
        return principal.kind() == Principal.Kind.ACCOUNT
                && principal.value().equals(context.caller().accountId());
    }

    /**
     * The text of a request, to be stored as it stands, once it is known to be a policy that its author can replace. It
     * means those who have its ARNs now: if one of them goes before it is stored, it means somebody who is gone.
     */
    static ResourcePolicy checked(String text, @Nullable Boolean bypass, String keyArn, RequestContext context) {
        var known = context.principals();
        var policy = KeyPolicy.parse(text, principal -> isCallers(principal, context) || known.exists(principal));
        var ids = new TreeMap<String, String>();
        policy.principals().forEach(principal -> known.id(principal).ifPresent(id -> ids.put(principal.arn(), id)));
        if (!Boolean.TRUE.equals(bypass)) {
            KeyPolicy.requireUpdatable(policy.meaning(ids), context.caller(), keyArn);
        }
        return new ResourcePolicy(text, ids);
    }

    private static void requireDefault(@Nullable String policyName) {
        if (policyName != null && !policyName.equals(DEFAULT)) {
            throw KmsException.of(KmsError.NOT_FOUND, "No such policy exists");
        }
    }
}
