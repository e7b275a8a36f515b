package dev.strongroom.gateway.authz;

import dev.strongroom.gateway.authz.Principal.Kind;
import dev.strongroom.hsm.protocol.GrantRecord;
import java.util.Optional;
import java.util.function.Function;

/**
 * Somebody whom a grant names.
 *
 * @param named as the request for the grant had it: ACCOUNT, IDENTITY or SERVICE
 * @param uniqueId who it was that had the ARN when the grant was made; empty if nobody had
 */
public record GrantParty(Principal named, Optional<String> uniqueId) {

    /** Whoever has that name. */
    public static GrantParty of(Principal named) {
        return new GrantParty(named, Optional.empty());
    }

    static GrantParty of(GrantRecord.Party record) {
        return new GrantParty(Principal.inRecord(record.name()), record.uniqueId());
    }

    /** Whom the grant means. */
    public Principal meant() {
        return uniqueId.map(id -> new Principal(Kind.UNIQUE_ID, id)).orElse(named);
    }

    /** The same, meaning who has the ARN now. */
    GrantParty meaning(Function<Principal, Optional<String>> ids) {
        return new GrantParty(named, ids.apply(named));
    }

    GrantRecord.Party record() {
        return new GrantRecord.Party(named.arn(), uniqueId);
    }
}
