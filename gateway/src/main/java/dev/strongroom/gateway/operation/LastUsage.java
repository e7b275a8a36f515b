package dev.strongroom.gateway.operation;

import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.LastUse;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.kms.model.GetKeyLastUsageRequest;
import software.amazon.awssdk.services.kms.model.GetKeyLastUsageResponse;
import software.amazon.awssdk.services.kms.model.KeyLastUsageData;
import software.amazon.awssdk.services.kms.model.KeyLastUsageTrackingOperation;

/** GetKeyLastUsage, for keys in every state. Uses are tracked from the first day of a key. */
final class LastUsage {

    private LastUsage() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.GET_KEY_LAST_USAGE,
                new OperationRow<GetKeyLastUsageRequest, GetKeyLastUsageResponse>(
                        (request, context) -> List.of(KeyNeeds.key(request.keyId(), "kms:GetKeyLastUsage", context)),
                        LastUsage::getKeyLastUsage,
                        Freshness.LOCAL,
                        request -> false));
    }

    private static Plan<GetKeyLastUsageResponse> getKeyLastUsage(
            GetKeyLastUsageRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var created = found.key().attributes().created();
        return new Plan.Ask<>(new LookupCommand.FindLastUse(context.authority(found)), reply -> {
            var response = GetKeyLastUsageResponse.builder()
                    .keyId(KeyChecks.arn(found.key()))
                    .trackingStartDate(created)
                    .keyCreationDate(created);
            reply.lastUse().ifPresent(last -> response.keyLastUsage(view(last)));
            return response.build();
        });
    }

    private static KeyLastUsageData view(LastUse last) {
        return KeyLastUsageData.builder()
                .operation(KeyLastUsageTrackingOperation.valueOf(last.use().name()))
                .timestamp(last.time())
                .cloudTrailEventId(EventId.of(last.request()).toString())
                .kmsRequestId(last.request().toString())
                .build();
    }
}
