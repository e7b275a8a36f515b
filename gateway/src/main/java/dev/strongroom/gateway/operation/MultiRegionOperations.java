package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import dev.strongroom.hsm.protocol.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.kms.model.ReplicateKeyRequest;
import software.amazon.awssdk.services.kms.model.ReplicateKeyResponse;
import software.amazon.awssdk.services.kms.model.UpdatePrimaryRegionRequest;
import software.amazon.awssdk.services.kms.model.UpdatePrimaryRegionResponse;

/**
 * ReplicateKey and UpdatePrimaryRegion. Order: primary or not, state, Region, then as CreateKey. Texts without a recorded
 * source are our own, and say so where they stand.
 */
final class MultiRegionOperations {

    /** What Regions of other partitions than AWS's public one begin with. */
    private static final Pattern PARTITION = Pattern.compile("^(cn|us-gov|us-isob?|us-isof|eu-isoe|eusc)-");

    private MultiRegionOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.REPLICATE_KEY,
                new OperationRow<ReplicateKeyRequest, ReplicateKeyResponse>(
                        GrantNeeds.naming(
                                (request, context) -> PolicyOperations.principals(request.policy(), context),
                                (request, context) ->
                                        List.of(KeyNeeds.key(request.keyId(), "kms:ReplicateKey", context))),
                        MultiRegionOperations::replicaPermissions,
                        MultiRegionOperations::replicateKey,
                        Freshness.LOCAL,
                        request -> false),
                Operation.UPDATE_PRIMARY_REGION,
                new OperationRow<>(
                        MultiRegionOperations::primaryAndReplica,
                        OperationRow.eachKey(RequestKeys::updatePrimaryRegion),
                        MultiRegionOperations::updatePrimaryRegion,
                        Freshness.LOCAL,
                        request -> false));
    }

    /** The replica is a key that is made in its Region, and asked for there (developer guide, "Create replica keys"). */
    private static List<Permission> replicaPermissions(
            ReplicateKeyRequest request, List<NamedKey> keys, RequestContext context) {
        var terms = RequestKeys.replicateKey(request);
        if (!keys.get(0).isSeen()) {
            return List.of(keys.get(0).permission().with(terms));
        }
        var primary = keys.get(0).found().key();
        var region = request.replicaRegion();
        var creation = Permission.on(new Resource.Any(primary.name().scope().accountId()), "kms:CreateKey")
                .with(RequestKeys.replica(primary).or(terms))
                .in(region);
        var permissions = new ArrayList<Permission>();
        permissions.add(keys.get(0).permission().with(terms));
        permissions.add(creation);
        if (request.hasTags() && !request.tags().isEmpty()) {
            permissions.add(
                    KeyCreation.tagging(inRegion(primary.name(), region), terms).in(region));
        }
        return permissions;
    }

    private static Plan<ReplicateKeyResponse> replicateKey(
            ReplicateKeyRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var regions = requirePrimary(found.key());
        KeyChecks.requireUsable(found.key());
        KeyChecks.requireNot(found.key(), KeyState.UPDATING);
        var region = request.replicaRegion();
        requireOther(regions, region);
        var replica = inRegion(found.key().name(), region);
        if (regions.replicaRegions().contains(region)) {
            throw alreadyThere(replica);
        }
        var tags = TagOperations.checked(request.tags());
        var policy = request.policy() == null
                ? ResourcePolicy.of(KeyPolicy.defaultText(replica.scope().accountId()))
                : PolicyOperations.checked(
                        request.policy(), request.bypassPolicyLockoutSafetyCheck(), KeyChecks.arn(replica), context);
        var description = Optional.ofNullable(request.description()).orElse("");
        var command = new ChangeCommand.ReplicateKey(
                context.ids().commandId(),
                context.authority(found),
                region,
                new KeyRecord.Documents(description, policy, tags));
        return new Plan.Ask<>(command, made -> response(made.key(), request), refused -> refusal(refused, replica));
    }

    /** Clients are shown a replica that is still being made, as AWS does it; what they ask next finds it ready. */
    private static ReplicateKeyResponse response(KeyRecord replica, ReplicateKeyRequest request) {
        var metadata = KeyMetadataView.of(replica.with(KeyRecord.Lifecycle.of(KeyState.CREATING))).toBuilder()
                .currentKeyMaterialId(null)
                .build();
        var response = ReplicateKeyResponse.builder()
                .replicaKeyMetadata(metadata)
                .replicaPolicy(replica.documents().policy().text());
        if (request.hasTags()) {
            response.replicaTags(request.tags());
        }
        return response.build();
    }

    private static Optional<KmsException> refusal(Refused refused, KeyName replica) {
        return switch (refused.refusal()) {
            case ALREADY_EXISTS -> Optional.of(alreadyThere(replica));
            case LIMIT_EXCEEDED -> Optional.of(KeyCreation.tooManyKeys(refused));
            default -> Optional.empty();
        };
    }

    /** The replica's own policy has a say as well, so it is looked up in its Region. */
    private static List<KeyNeed> primaryAndReplica(UpdatePrimaryRegionRequest request, RequestContext context) {
        var primary = KeyNeeds.key(request.keyId(), "kms:UpdatePrimaryRegion", context);
        // Not by an alias: those are refused for this operation.
        var there = inRegion(((KeyAddress.ById) primary.address()).name(), request.primaryRegion());
        return List.of(
                primary, new KeyNeed(new KeyAddress.ById(there), "kms:UpdatePrimaryRegion", Optional.empty(), false));
    }

    private static Plan<UpdatePrimaryRegionResponse> updatePrimaryRegion(
            UpdatePrimaryRegionRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var primary = keys.get(0);
        var regions = requirePrimary(primary.key());
        KeyChecks.requireUsable(primary.key());
        requireOther(regions, request.primaryRegion());
        if (keys.size() == 1) {
            throw missing(inRegion(primary.key().name(), request.primaryRegion()));
        }
        KeyChecks.requireUsable(keys.get(1).key());
        return new Plan.Ask<>(
                new ChangeCommand.UpdatePrimaryRegion(
                        context.ids().commandId(),
                        // The replica is among what it rests on.
                        context.authority(primary),
                        request.primaryRegion()),
                done -> UpdatePrimaryRegionResponse.builder().build());
    }

    private static KeyRecord.MultiRegion requirePrimary(KeyRecord key) {
        return key.material()
                .multiRegion()
                .filter(regions -> key.isPrimary())
                .orElseThrow(() -> KmsException.of(
                        KmsError.UNSUPPORTED_OPERATION, KeyChecks.arn(key) + " is not a multi-region primary key."));
    }

    /** Texts are our own. */
    private static void requireOther(KeyRecord.MultiRegion regions, String region) {
        if (region.equals(regions.primaryRegion())) {
            throw KmsException.of(KmsError.VALIDATION, "The primary key is in Region " + region + " already.");
        }
        if (!partition(region).equals(partition(regions.primaryRegion()))) {
            throw KmsException.of(
                    KmsError.VALIDATION,
                    "Region " + region + " is in another partition than Region " + regions.primaryRegion() + ".");
        }
    }

    private static String partition(String region) {
        var match = PARTITION.matcher(region);
        return match.find() ? match.group(1) : "";
    }

    private static KeyName inRegion(KeyName name, String region) {
        return new KeyName(new Scope(name.scope().accountId(), region), name.keyId());
    }

    /** The text is our own. */
    private static KmsException alreadyThere(KeyName replica) {
        return KmsException.of(
                KmsError.ALREADY_EXISTS, "A key with the ARN " + KeyChecks.arn(replica) + " already exists");
    }

    private static KmsException missing(KeyName name) {
        return KmsException.of(KmsError.NOT_FOUND, "Key '" + KeyChecks.arn(name) + "' does not exist");
    }
}
