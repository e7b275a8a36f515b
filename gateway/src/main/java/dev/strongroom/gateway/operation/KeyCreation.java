package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeySpecs;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.gateway.authz.ConditionKeys;
import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.CreateKeyResponse;

/** CreateKey: usage and spec are matched first, then the tags, then the policy. */
final class KeyCreation {

    private KeyCreation() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.CREATE_KEY,
                new OperationRow<>(
                        GrantNeeds.naming(
                                (request, context) -> PolicyOperations.principals(request.policy(), context),
                                (request, context) -> List.of()),
                        KeyCreation::permissions,
                        KeyCreation::createKey,
                        Freshness.LOCAL,
                        request -> false));
    }

    /** Both are the account's own matter: a key that does not exist has no policy. Tags are a permission of their own. */
    private static List<Permission> permissions(CreateKeyRequest request, List<NamedKey> keys, RequestContext context) {
        var account = context.scope().accountId();
        var terms = RequestKeys.createKey(request);
        var creation = Permission.on(new Resource.Any(account), "kms:CreateKey").with(terms);
        return request.tags().isEmpty() ? List.of(creation) : List.of(creation, tagging(name(request, context), terms));
    }

    static Permission tagging(KeyName name, ConditionKeys terms) {
        return Permission.on(new Resource.NewKey(name.scope().accountId(), KeyChecks.arn(name)), "kms:TagResource")
                .with(terms);
    }

    private static Plan<CreateKeyResponse> createKey(
            CreateKeyRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var spec = spec(request);
        var usage = usage(request, spec);
        var origin = request.originAsString() == null ? KeySpecs.AWS_KMS : request.originAsString();
        boolean multiRegion = Boolean.TRUE.equals(request.multiRegion());
        requireBuilt(origin, request);
        var tags = TagOperations.checked(request.tags());
        var name = name(request, context);
        var policy = policy(request, name, context);
        var key = new ChangeCommand.NewKey(
                KeySpec.valueOf(spec), KeyUsage.valueOf(usage), Origin.valueOf(origin), multiRegion);
        var description = Optional.ofNullable(request.description()).orElse("");
        var command = new ChangeCommand.CreateKey(
                context.ids().commandId(),
                name,
                key,
                new KeyRecord.Documents(description, policy, tags),
                context.authority());
        return new Plan.Ask<>(
                command,
                created -> CreateKeyResponse.builder()
                        .keyMetadata(KeyMetadataView.of(created.key()))
                        .build(),
                refused -> refused.refusal() == Refusal.LIMIT_EXCEEDED
                        ? Optional.of(tooManyKeys(refused))
                        : Optional.empty());
    }

    static KmsException tooManyKeys(Refused refused) {
        return KmsException.of(
                KmsError.LIMIT_EXCEEDED,
                "Key quota for this account in this region is 100000 but the current usage is " + refused.detail()
                        + ".");
    }

    // The deprecated CustomerMasterKeySpec is what older clients send.
    @SuppressWarnings("deprecation")
    private static String spec(CreateKeyRequest request) {
        var spec = request.keySpecAsString();
        var older = request.customerMasterKeySpecAsString();
        if (spec != null && older != null) {
            throw KmsException.of(
                    KmsError.VALIDATION,
                    "You cannot specify KeySpec and CustomerMasterKeySpec in the same request."
                            + " CustomerMasterKeySpec is deprecated.");
        }
        return spec != null ? spec : older != null ? older : KeySpecs.SYMMETRIC_DEFAULT;
    }

    private static String usage(CreateKeyRequest request, String spec) {
        var usage = request.keyUsageAsString();
        if (usage == null) {
            return KeySpecs.defaultUsage(spec)
                    .orElseThrow(
                            () -> KmsException.of(
                                    KmsError.VALIDATION,
                                    "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."));
        }
        if (!KeySpecs.isLegal(spec, usage)) {
            throw KmsException.of(KmsError.VALIDATION, "KeyUsage " + usage + " is not compatible with KeySpec " + spec);
        }
        return usage;
    }

    /** Custom key stores are not built yet. */
    private static void requireBuilt(String origin, CreateKeyRequest request) {
        KeyChecks.requireAbsent(request.customKeyStoreId());
        KeyChecks.requireAbsent(request.xksKeyId());
        if (!origin.equals(KeySpecs.AWS_KMS) && !origin.equals(KeySpecs.EXTERNAL)) {
            throw KmsException.of(KmsError.UNSUPPORTED_OPERATION, "Origin " + origin + " is not supported.");
        }
    }

    private static ResourcePolicy policy(CreateKeyRequest request, KeyName name, RequestContext context) {
        if (request.policy() == null) {
            return ResourcePolicy.of(KeyPolicy.defaultText(name.scope().accountId()));
        }
        return PolicyOperations.checked(
                request.policy(), request.bypassPolicyLockoutSafetyCheck(), KeyChecks.arn(name), context);
    }

    private static KeyName name(CreateKeyRequest request, RequestContext context) {
        var id = context.ids().keyId().toString();
        return new KeyName(
                context.scope(), Boolean.TRUE.equals(request.multiRegion()) ? "mrk-" + id.replace("-", "") : id);
    }
}
