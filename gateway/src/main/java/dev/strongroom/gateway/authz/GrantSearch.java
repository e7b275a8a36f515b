package dev.strongroom.gateway.authz;

import dev.strongroom.gateway.authz.GrantIndex.Filed;
import java.util.Map;
import java.util.Optional;

/** Looks for a grant that allows one request. Confined to one decision. */
final class GrantSearch {

    private final GrantIndex grants;
    private final GrantOperation operation;
    private final AccessRequest request;
    private final Effort effort;
    private final FoldedContext context;

    GrantSearch(GrantIndex grants, GrantOperation operation, AccessRequest request, Effort effort) {
        this.grants = grants;
        this.operation = operation;
        this.request = request;
        this.effort = effort;
        this.context = grants.size() == 0 || !operation.isBoundByContext()
                ? FoldedContext.of(Map.of())
                : FoldedContext.of(request.encryptionContext());
    }

    /** A grant to exactly this grantee, whose constraints the request meets. */
    Optional<Grant> find(Principal grantee) {
        if (grants.size() == 0) {
            return Optional.empty();
        }
        var found = in(grantee, new GrantIndex.Key.Free());
        var source = request.environment().sourceArn();
        if (found.isEmpty() && source.isPresent()) {
            found = in(grantee, new GrantIndex.Key.From(source.get()));
        }
        if (found.isPresent() || !operation.isBoundByContext()) {
            return found;
        }
        found = in(grantee, new GrantIndex.Key.Whole(context.pairs()));
        for (var pair : context.pairs().entrySet()) {
            if (found.isPresent()) {
                break;
            }
            found = in(grantee, new GrantIndex.Key.Pair(pair.getKey(), pair.getValue()));
        }
        return found;
    }

    private Optional<Grant> in(Principal grantee, GrantIndex.Key key) {
        effort.spend(1);
        return grants.drawer(grantee, operation, key).any(this::fits).map(Filed::grant);
    }

    private boolean fits(Filed filed) {
        effort.spend(1);
        return isContextMet(filed) && isSourceMet(filed) && request.reliable().test(filed.grant());
    }

    private boolean isContextMet(Filed filed) {
        if (!operation.isBoundByContext()) {
            return true;
        }
        boolean isWhole =
                filed.whole().isEmpty() || context.isExactly(filed.whole().get());
        return isWhole
                && (filed.subset().isEmpty() || context.holds(filed.subset().get()));
    }

    private boolean isSourceMet(Filed filed) {
        return filed.sourceArn().isEmpty()
                || filed.sourceArn().equals(request.environment().sourceArn());
    }
}
