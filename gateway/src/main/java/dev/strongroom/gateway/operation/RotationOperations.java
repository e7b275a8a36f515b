package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.RotationType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.DisableKeyRotationRequest;
import software.amazon.awssdk.services.kms.model.DisableKeyRotationResponse;
import software.amazon.awssdk.services.kms.model.EnableKeyRotationRequest;
import software.amazon.awssdk.services.kms.model.EnableKeyRotationResponse;
import software.amazon.awssdk.services.kms.model.GetKeyRotationStatusRequest;
import software.amazon.awssdk.services.kms.model.GetKeyRotationStatusResponse;
import software.amazon.awssdk.services.kms.model.RotateKeyOnDemandRequest;
import software.amazon.awssdk.services.kms.model.RotateKeyOnDemandResponse;

/**
 * Rotation of key material (developer guide, "Rotate AWS KMS keys"). The order of checks differs from operation to
 * operation and is as measured: EnableKeyRotation looks at the origin before the state, RotateKeyOnDemand at the state
 * first of all.
 */
final class RotationOperations {

    private static final int DEFAULT_PERIOD_DAYS = 365;
    private static final int MAX_ON_DEMAND = 25;

    private RotationOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.ENABLE_KEY_ROTATION,
                new OperationRow<EnableKeyRotationRequest, EnableKeyRotationResponse>(
                        (request, context) -> List.of(KeyNeeds.key(request.keyId(), "kms:EnableKeyRotation", context)),
                        OperationRow.eachKey(RequestKeys::enableKeyRotation),
                        RotationOperations::enableKeyRotation,
                        Freshness.LOCAL,
                        request -> false),
                Operation.DISABLE_KEY_ROTATION,
                row(
                        "kms:DisableKeyRotation",
                        DisableKeyRotationRequest::keyId,
                        RotationOperations::disableKeyRotation,
                        Freshness.LOCAL),
                Operation.GET_KEY_ROTATION_STATUS,
                row(
                        "kms:GetKeyRotationStatus",
                        GetKeyRotationStatusRequest::keyId,
                        RotationOperations::getKeyRotationStatus,
                        Freshness.QUORUM),
                Operation.ROTATE_KEY_ON_DEMAND,
                row(
                        "kms:RotateKeyOnDemand",
                        RotateKeyOnDemandRequest::keyId,
                        RotationOperations::rotateKeyOnDemand,
                        Freshness.LOCAL));
    }

    private static <Q extends SdkPojo, T extends SdkPojo> OperationRow<Q, T> row(
            String action, Function<Q, String> keyId, OperationRow.Decision<Q, T> decision, Freshness freshness) {
        return new OperationRow<>(
                (request, context) -> List.of(KeyNeeds.key(keyId.apply(request), action, context)),
                decision,
                freshness,
                request -> false);
    }

    private static Plan<EnableKeyRotationResponse> enableKeyRotation(
            EnableKeyRotationRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        requireOriginOfRotation(found.key());
        requireStateOfRotation(found.key());
        requireSymmetric(found.key());
        requireNoReplica(found.key());
        return new Plan.Ask<>(
                change(found, new KeyChange.SetRotation(period(request.rotationPeriodInDays())), context),
                done -> EnableKeyRotationResponse.builder().build());
    }

    /** How many days a request means. */
    static int period(@Nullable Integer asked) {
        return asked == null ? DEFAULT_PERIOD_DAYS : asked;
    }

    private static Plan<DisableKeyRotationResponse> disableKeyRotation(
            DisableKeyRotationRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var response = DisableKeyRotationResponse.builder().build();
        requireOriginOfRotation(found.key());
        requireStateOfRotation(found.key());
        if (found.key().attributes().spec() != KeySpec.SYMMETRIC_DEFAULT) {
            // What cannot be on is off.
            return new Plan.Answer<>(response);
        }
        requireNoReplica(found.key());
        return new Plan.Ask<>(change(found, new KeyChange.StopRotation(), context), done -> response);
    }

    private static Plan<GetKeyRotationStatusResponse> getKeyRotationStatus(
            GetKeyRotationStatusRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var key = keys.get(0).key();
        requireNotOfKeyStore(key);
        if (key.lifecycle().state() == KeyState.PENDING_IMPORT) {
            throw KeyChecks.invalidOrigin(key);
        }
        var response = GetKeyRotationStatusResponse.builder().keyId(KeyChecks.arn(key));
        // A key that is to be deleted is not rotated any more and shows none; cancelling brings its rotation back.
        var rotation = KeyChecks.isPendingDeletion(key)
                ? Optional.<KeyRecord.Rotation>empty()
                : key.material().rotation();
        rotation.ifPresent(on -> response.rotationPeriodInDays(on.periodDays()).nextRotationDate(on.next()));
        return new Plan.Answer<>(
                response.keyRotationEnabled(rotation.isPresent()).build());
    }

    /** Done when it is answered, so that no OnDemandRotationStartDate is ever to be seen. */
    private static Plan<RotateKeyOnDemandResponse> rotateKeyOnDemand(
            RotateKeyOnDemandRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var key = found.key();
        requireStateOfRotation(key);
        KeyChecks.requireNot(key, KeyState.UPDATING);
        requireSymmetric(key);
        requireNotOfKeyStore(key);
        requireNoReplica(key);
        if (key.attributes().origin() == Origin.EXTERNAL
                && key.backingKeys().stream().noneMatch(each -> each.state() == MaterialState.PENDING_ROTATION)) {
            throw KmsException.of(
                    KmsError.KMS_INVALID_STATE,
                    "No available key material pending rotation for the key: " + KeyChecks.arn(key) + ".");
        }
        long onDemand = key.backingKeys().stream()
                .filter(each -> each.rotation().equals(Optional.of(RotationType.ON_DEMAND)))
                .count();
        if (onDemand >= MAX_ON_DEMAND) {
            throw limitReached(key);
        }
        return new Plan.Ask<>(
                change(found, new KeyChange.RotateOnDemand(), context),
                changed -> RotateKeyOnDemandResponse.builder()
                        .keyId(KeyChecks.arn(changed.key()))
                        .build(),
                refused -> refusal(refused, key));
    }

    private static Optional<KmsException> refusal(Refused refused, KeyRecord key) {
        return refused.refusal() == Refusal.LIMIT_EXCEEDED ? Optional.of(limitReached(key)) : Optional.empty();
    }

    private static KmsException limitReached(KeyRecord key) {
        return KmsException.of(
                KmsError.LIMIT_EXCEEDED,
                "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be"
                        + " performed for this key: " + KeyChecks.arn(key));
    }

    private static ChangeCommand.ChangeKey change(Reply.FoundKey found, KeyChange change, RequestContext context) {
        return new ChangeCommand.ChangeKey(context.ids().commandId(), context.authority(found), change);
    }

    private static void requireOriginOfRotation(KeyRecord key) {
        if (key.attributes().origin() != Origin.AWS_KMS) {
            throw KeyChecks.invalidOrigin(key);
        }
    }

    private static void requireStateOfRotation(KeyRecord key) {
        if (key.lifecycle().state() == KeyState.UNAVAILABLE) {
            throw KeyChecks.invalidOrigin(key);
        }
        KeyChecks.requireUsable(key);
    }

    /** Also the only keys that can be UNAVAILABLE. */
    static void requireNotOfKeyStore(KeyRecord key) {
        var origin = key.attributes().origin();
        if (origin == Origin.AWS_CLOUDHSM || origin == Origin.EXTERNAL_KEY_STORE) {
            throw KeyChecks.invalidOrigin(key);
        }
    }

    static void requireSymmetric(KeyRecord key) {
        if (key.attributes().spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KmsException.of(KmsError.UNSUPPORTED_OPERATION);
        }
    }

    /** AWS's words for this case are not confirmed; these are those of ReplicateKey. */
    private static void requireNoReplica(KeyRecord key) {
        if (key.attributes().multiRegion() && !key.isPrimary()) {
            throw KmsException.of(
                    KmsError.UNSUPPORTED_OPERATION, KeyChecks.arn(key) + " is not a multi-region primary key.");
        }
    }
}
