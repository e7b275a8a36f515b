package dev.strongroom.gateway.operation;

import dev.strongroom.hsm.protocol.GrantAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** What operations about grants need beside keys. */
final class GrantNeeds {

    private GrantNeeds() {}

    /** Keys, and a grant that is there already. */
    static <Q> OperationRow.Needs<Q> about(
            BiFunction<Q, RequestContext, Optional<GrantAddress>> grant, OperationRow.Needs<Q> keys) {
        return new OperationRow.Needs<>() {
            @Override
            public List<KeyNeed> of(Q request, RequestContext context) {
                return keys.of(request, context);
            }

            @Override
            public Optional<GrantAddress> grant(Q request, RequestContext context) {
                return grant.apply(request, context);
            }
        };
    }

    /** Keys, and people who should exist. */
    static <Q> OperationRow.Needs<Q> naming(
            BiFunction<Q, RequestContext, List<String>> principals, OperationRow.Needs<Q> keys) {
        return new OperationRow.Needs<>() {
            @Override
            public List<KeyNeed> of(Q request, RequestContext context) {
                return keys.of(request, context);
            }

            @Override
            public List<String> principals(Q request, RequestContext context) {
                return principals.apply(request, context);
            }
        };
    }
}
