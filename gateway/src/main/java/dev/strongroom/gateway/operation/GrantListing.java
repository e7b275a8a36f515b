package dev.strongroom.gateway.operation;

import dev.strongroom.api.Operation;
import dev.strongroom.gateway.authz.Principal;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.ListGrantsRequest;
import software.amazon.awssdk.services.kms.model.ListGrantsResponse;
import software.amazon.awssdk.services.kms.model.ListRetirableGrantsRequest;
import software.amazon.awssdk.services.kms.model.ListRetirableGrantsResponse;

/** ListGrants and ListRetirableGrants. */
final class GrantListing {

    private static final int DEFAULT_PAGE = 50;
    private static final int MAXIMUM_PAGE = 100;

    private GrantListing() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.LIST_GRANTS,
                new OperationRow<ListGrantsRequest, ListGrantsResponse>(
                        (request, context) -> List.of(KeyNeeds.key(request.keyId(), "kms:ListGrants", context)),
                        OperationRow.eachKey((plain, request) -> plain.with(GrantOperations.ofNoService())),
                        GrantListing::listGrants,
                        Freshness.LOCAL,
                        request -> false),
                Operation.LIST_RETIRABLE_GRANTS,
                OperationRow.keyless(
                        OperationRow.inAccount("kms:ListRetirableGrants"), GrantListing::listRetirableGrants));
    }

    private static Plan<ListGrantsResponse> listGrants(
            ListGrantsRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var id = Optional.ofNullable(request.grantId());
        id.ifPresent(GrantOperations::requireId);
        var grantee = GrantView.one("Grantee", request.granteePrincipal(), request.granteeServicePrincipal())
                .map(Principal::arn);
        var list = "ListGrants/" + KeyChecks.arn(found.key()) + "/" + id.orElse("") + "/" + grantee.orElse("");
        var page = Marker.page(request.marker(), request.limit(), DEFAULT_PAGE, MAXIMUM_PAGE, list);
        return new Plan.Ask<>(
                new GrantCommand.ListGrants(context.authority(found), id, grantee, page),
                reply -> ListGrantsResponse.builder()
                        .grants(GrantView.entries(reply))
                        .truncated(reply.truncated())
                        .nextMarker(next(reply, last(reply).map(GrantRecord::id), list))
                        .build());
    }

    private static Plan<ListRetirableGrantsResponse> listRetirableGrants(
            ListRetirableGrantsRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var retiring = GrantView.one("Retiring", request.retiringPrincipal(), request.retiringServicePrincipal())
                .orElseThrow(() -> GrantView.oneOf("Retiring"))
                .arn();
        var list = "ListRetirableGrants/" + context.scope() + "/" + retiring;
        var page = Marker.page(request.marker(), request.limit(), DEFAULT_PAGE, MAXIMUM_PAGE, list);
        return new Plan.Ask<>(
                new GrantCommand.ListRetirableGrants(context.scope(), retiring, context.authority(), page),
                reply -> ListRetirableGrantsResponse.builder()
                        .grants(GrantView.entries(reply))
                        .truncated(reply.truncated())
                        .nextMarker(next(reply, last(reply).map(Reply.GrantPage::place), list))
                        .build());
    }

    private static Optional<GrantRecord> last(Reply.GrantPage reply) {
        var grants = reply.grants();
        return grants.isEmpty() ? Optional.empty() : Optional.of(grants.get(grants.size() - 1));
    }

    private static @Nullable String next(Reply.GrantPage reply, Optional<String> last, String list) {
        return reply.truncated() ? Marker.after(last.orElseThrow(), reply.index(), list) : null;
    }
}
