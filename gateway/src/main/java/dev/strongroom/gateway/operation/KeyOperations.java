package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeyRef;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Reply;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.CancelKeyDeletionRequest;
import software.amazon.awssdk.services.kms.model.CancelKeyDeletionResponse;
import software.amazon.awssdk.services.kms.model.DescribeKeyRequest;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.DisableKeyRequest;
import software.amazon.awssdk.services.kms.model.DisableKeyResponse;
import software.amazon.awssdk.services.kms.model.EnableKeyRequest;
import software.amazon.awssdk.services.kms.model.EnableKeyResponse;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.ListKeysRequest;
import software.amazon.awssdk.services.kms.model.ListKeysResponse;
import software.amazon.awssdk.services.kms.model.ScheduleKeyDeletionRequest;
import software.amazon.awssdk.services.kms.model.ScheduleKeyDeletionResponse;
import software.amazon.awssdk.services.kms.model.UpdateKeyDescriptionRequest;
import software.amazon.awssdk.services.kms.model.UpdateKeyDescriptionResponse;

/** The life of a KMS key after it was made: looked at, listed, enabled, disabled, described, deleted. */
final class KeyOperations {

    private static final int DEFAULT_PAGE = 100;
    private static final int MAXIMUM_PAGE = 1000;
    private static final int SHORTEST_WINDOW = 7;
    private static final int LONGEST_WINDOW = 30;

    private KeyOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        var rows = new EnumMap<Operation, OperationRow<?, ?>>(Operation.class);
        rows.put(
                Operation.DESCRIBE_KEY,
                new OperationRow<DescribeKeyRequest, DescribeKeyResponse>(
                        (request, context) -> List.of(KeyNeeds.any(request.keyId(), "kms:DescribeKey", context)),
                        KeyOperations::describeKey,
                        Freshness.QUORUM,
                        request -> false));
        rows.put(
                Operation.LIST_KEYS,
                OperationRow.keyless(OperationRow.inAccount("kms:ListKeys"), KeyOperations::listKeys));
        rows.put(Operation.ENABLE_KEY, change("kms:EnableKey", EnableKeyRequest::keyId, KeyOperations::enableKey));
        rows.put(Operation.DISABLE_KEY, change("kms:DisableKey", DisableKeyRequest::keyId, KeyOperations::disableKey));
        rows.put(
                Operation.UPDATE_KEY_DESCRIPTION,
                change(
                        "kms:UpdateKeyDescription",
                        UpdateKeyDescriptionRequest::keyId,
                        KeyOperations::updateKeyDescription));
        rows.put(
                Operation.SCHEDULE_KEY_DELETION,
                new OperationRow<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse>(
                        (request, context) ->
                                List.of(KeyNeeds.key(request.keyId(), "kms:ScheduleKeyDeletion", context)),
                        OperationRow.eachKey(RequestKeys::scheduleKeyDeletion),
                        KeyOperations::scheduleKeyDeletion,
                        Freshness.LOCAL,
                        request -> false));
        rows.put(
                Operation.CANCEL_KEY_DELETION,
                change("kms:CancelKeyDeletion", CancelKeyDeletionRequest::keyId, KeyOperations::cancelKeyDeletion));
        return rows;
    }

    /** A change of one key, named by id or key ARN. */
    private static <Q extends SdkPojo, T extends SdkPojo> OperationRow<Q, T> change(
            String action, Function<Q, String> keyId, OperationRow.Decision<Q, T> decision) {
        return new OperationRow<>(
                (request, context) -> List.of(KeyNeeds.key(keyId.apply(request), action, context)),
                decision,
                Freshness.LOCAL,
                request -> false);
    }

    private static Plan<DescribeKeyResponse> describeKey(
            DescribeKeyRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        // There are no grants yet, so tokens change nothing; unlike elsewhere an unknown one is no declared error here.
        return new Plan.Answer<>(DescribeKeyResponse.builder()
                .keyMetadata(KeyMetadataView.of(keys.get(0).key()))
                .build());
    }

    private static Plan<ListKeysResponse> listKeys(
            ListKeysRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var scope = context.scope();
        var list = "ListKeys/" + context.scope();
        var page = Marker.page(request.marker(), request.limit(), DEFAULT_PAGE, MAXIMUM_PAGE, list);
        return new Plan.Ask<>(new LookupCommand.ListKeys(scope, page, context.authority()), reply -> {
            var ids = reply.keyIds();
            var response = ListKeysResponse.builder()
                    .keys(ids.stream()
                            .map(id -> KeyListEntry.builder()
                                    .keyId(id)
                                    .keyArn(KeyRef.keyArn(scope.region(), scope.accountId(), id))
                                    .build())
                            .toList())
                    .truncated(reply.truncated());
            if (reply.truncated()) {
                response.nextMarker(Marker.after(ids.get(ids.size() - 1), reply.index(), list));
            }
            return response.build();
        });
    }

    private static Plan<EnableKeyResponse> enableKey(
            EnableKeyRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        return setState(
                keys.get(0),
                KeyState.ENABLED,
                context,
                EnableKeyResponse.builder().build());
    }

    private static Plan<DisableKeyResponse> disableKey(
            DisableKeyRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        return setState(
                keys.get(0),
                KeyState.DISABLED,
                context,
                DisableKeyResponse.builder().build());
    }

    /** Asked of the HSM also when the key seems to be in that state already: the record may be an old one. */
    private static <T> Plan<T> setState(Reply.FoundKey found, KeyState state, RequestContext context, T response) {
        KeyChecks.requireNot(
                found.key(),
                KeyState.PENDING_DELETION,
                KeyState.PENDING_REPLICA_DELETION,
                KeyState.PENDING_IMPORT,
                KeyState.CREATING,
                KeyState.UPDATING);
        return new Plan.Ask<>(change(found, new KeyChange.SetState(state), context), done -> response);
    }

    private static Plan<UpdateKeyDescriptionResponse> updateKeyDescription(
            UpdateKeyDescriptionRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        KeyChecks.requireNotPendingDeletion(found.key());
        return new Plan.Ask<>(
                change(found, new KeyChange.SetDescription(request.description()), context),
                done -> UpdateKeyDescriptionResponse.builder().build());
    }

    private static Plan<ScheduleKeyDeletionResponse> scheduleKeyDeletion(
            ScheduleKeyDeletionRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        int window = window(request.pendingWindowInDays());
        if (window < SHORTEST_WINDOW || window > LONGEST_WINDOW) {
            throw KmsException.of(KmsError.VALIDATION, "PendingWindowInDays must be between 7 and 30");
        }
        KeyChecks.requireNotPendingDeletion(found.key());
        KeyChecks.requireNot(found.key(), KeyState.UPDATING);
        return new Plan.Ask<>(change(found, new KeyChange.ScheduleDeletion(window), context), changed -> {
            var lifecycle = changed.key().lifecycle();
            var response = ScheduleKeyDeletionResponse.builder()
                    .keyId(KeyChecks.arn(changed.key()))
                    .keyState(KeyMetadataView.wireName(lifecycle.state()))
                    .pendingWindowInDays(lifecycle.pendingWindowDays());
            lifecycle.deletionDate().ifPresent(response::deletionDate);
            return response.build();
        });
    }

    /** How many days a request means. */
    static int window(@Nullable Integer asked) {
        return asked == null ? LONGEST_WINDOW : asked;
    }

    private static Plan<CancelKeyDeletionResponse> cancelKeyDeletion(
            CancelKeyDeletionRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var state = found.key().lifecycle().state();
        if (state != KeyState.PENDING_DELETION && state != KeyState.PENDING_REPLICA_DELETION) {
            throw KmsException.of(KmsError.KMS_INVALID_STATE, KeyChecks.arn(found.key()) + " is not pending deletion.");
        }
        return new Plan.Ask<>(
                change(found, new KeyChange.CancelDeletion(), context),
                changed -> CancelKeyDeletionResponse.builder()
                        .keyId(KeyChecks.arn(changed.key()))
                        .build());
    }

    private static ChangeCommand.ChangeKey change(Reply.FoundKey found, KeyChange change, RequestContext context) {
        return new ChangeCommand.ChangeKey(context.ids().commandId(), context.authority(found), change);
    }
}
