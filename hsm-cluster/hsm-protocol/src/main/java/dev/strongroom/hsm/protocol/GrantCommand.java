package dev.strongroom.hsm.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Making, finding and ending grants.
 *
 * @param <R> what the node answers when it does not refuse
 */
public sealed interface GrantCommand<R extends Reply> extends Command<R> {

    <T> T accept(Visitor<T> visitor);

    @Override
    default <T> T accept(Command.Visitor<T> visitor) {
        return visitor.grant(this);
    }

    /** One grant; a token that is none of this cluster's leads nowhere, as does that of a grant that has ended. */
    record FindGrant(GrantAddress address, Freshness freshness) implements GrantCommand<Reply.FoundGrant> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.findGrant(this);
        }
    }

    /**
     * Some of the grants of a key by which a request could be allowed, at most 16. Never one that is for a resource that
     * the grantee acts for: only services do, and none calls.
     *
     * @param principals those that the grant may be to, by what {@link GrantRecord.Party#meant} gives
     * @param operations what it has to give, all of it
     * @param contexts what its constraints have to allow; empty if they do not matter
     */
    record FindGrants(
            KeyName key,
            List<String> principals,
            List<String> operations,
            Optional<Contexts> contexts,
            Freshness freshness)
            implements GrantCommand<Reply.FoundGrants> {

        /**
         * Encryption contexts, every one of which a grant has to allow.
         *
         * @param andMore whether these are all that hold the pairs, or the one that is the pairs
         */
        public record Contexts(Map<String, String> pairs, boolean andMore) {

            public Contexts {
                pairs = Map.copyOf(pairs);
            }

            public static Contexts exactly(Map<String, String> pairs) {
                return new Contexts(pairs, false);
            }

            public static Contexts holding(Map<String, String> pairs) {
                return new Contexts(pairs, true);
            }
        }

        public FindGrants {
            principals = List.copyOf(principals);
            operations = List.copyOf(operations);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.findGrants(this);
        }
    }

    /**
     * Grants of a key, in order of their ids.
     *
     * @param grantId only this one
     * @param grantee only grants to whoever has this name now
     */
    record ListGrants(Authority authority, Optional<String> grantId, Optional<String> grantee, Page page)
            implements GrantCommand<Reply.GrantPage> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.listGrants(this);
        }
    }

    /**
     * Grants that whoever has a name now may retire, on all keys of an account in a Region, in order of {@link Reply.GrantPage#place}.
     *
     * @param authority what the decision rested on
     */
    record ListRetirableGrants(Scope scope, String retiring, List<Stamp> authority, Page page)
            implements GrantCommand<Reply.GrantPage> {

        public ListRetirableGrants {
            authority = List.copyOf(authority);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.listRetirableGrants(this);
        }
    }

    /**
     * Makes a grant. If it has a name, and the account has made one of this name on the same terms before, the answer is
     * that one.
     *
     * @param grantId 64 hexadecimal digits, chosen by the client so that a repetition after a lost answer finds the grant
     */
    record CreateGrant(
            UUID commandId, Authority authority, String grantId, GrantRecord.Terms terms, String issuingAccount)
            implements GrantCommand<Reply.CreatedGrant> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.createGrant(this);
        }
    }

    /** Ends a grant because whoever rules the key wants it. */
    record RevokeGrant(UUID commandId, Authority authority, Stamp grant) implements GrantCommand<Reply.Done> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.revokeGrant(this);
        }
    }

    /** Ends a grant because it is not needed any more. */
    record RetireGrant(UUID commandId, Authority authority, Stamp grant) implements GrantCommand<Reply.Done> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.retireGrant(this);
        }
    }

    /** One method a command: a missing case does not compile. */
    interface Visitor<T> {
        T findGrant(FindGrant command);

        T findGrants(FindGrants command);

        T listGrants(ListGrants command);

        T listRetirableGrants(ListRetirableGrants command);

        T createGrant(CreateGrant command);

        T revokeGrant(RevokeGrant command);

        T retireGrant(RetireGrant command);
    }
}
