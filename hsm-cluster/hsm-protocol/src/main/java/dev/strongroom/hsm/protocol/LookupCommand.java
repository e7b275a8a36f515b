package dev.strongroom.hsm.protocol;

import java.util.List;
import java.util.Optional;

/**
 * Looking at what the HSM holds: keys, aliases, and with what a signature is to be checked.
 *
 * @param <R> what the node answers when it does not refuse
 */
public sealed interface LookupCommand<R extends Reply> extends Command<R> {

    <T> T accept(Visitor<T> visitor);

    @Override
    default <T> T accept(Command.Visitor<T> visitor) {
        return visitor.lookup(this);
    }

    /**
     * A key by one of its names.
     *
     * @param authority what else must be as the client saw it when the key is looked at: a decision about the answer rests
     *     on it
     */
    record FindKey(KeyAddress address, Freshness freshness, List<Stamp> authority)
            implements LookupCommand<Reply.FoundKey> {

        public FindKey {
            authority = List.copyOf(authority);
        }

        public FindKey(KeyAddress address, Freshness freshness) {
            this(address, freshness, List.of());
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.findKey(this);
        }
    }

    record FindAlias(AliasName name) implements LookupCommand<Reply.FoundAlias> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.findAlias(this);
        }
    }

    /**
     * Keys of an account in a Region, in order of their ids.
     *
     * @param authority what permission to list them rests on
     */
    record ListKeys(Scope scope, Page page, List<Stamp> authority) implements LookupCommand<Reply.KeyPage> {

        public ListKeys {
            authority = List.copyOf(authority);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.listKeys(this);
        }
    }

    /**
     * Aliases of an account in a Region, in order of their names.
     *
     * @param keyId only aliases of this key
     * @param authority what permission to list them rests on
     */
    record ListAliases(Scope scope, Optional<String> keyId, Page page, List<Stamp> authority)
            implements LookupCommand<Reply.AliasPage> {

        public ListAliases {
            authority = List.copyOf(authority);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.listAliases(this);
        }
    }

    /** The names of all aliases of a key, for decisions that rest on them. */
    record FindAliasNames(KeyName key, Freshness freshness) implements LookupCommand<Reply.FoundAliasNames> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.findAliasNames(this);
        }
    }

    /**
     * The SigV4 signing key of an access key for one day, Region and service; the secret itself never leaves the node.
     *
     * @param date eight digits, as in the credential scope
     * @param sessionToken what came with temporary credentials; empty if nothing did
     */
    record DeriveSigningKey(
            String accessKeyId, String date, String region, String service, Bytes sessionToken, Freshness freshness)
            implements LookupCommand<Reply.SigningKey> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.deriveSigningKey(this);
        }
    }

    /** When and for what a key was last used, in its Region. */
    record FindLastUse(Authority authority) implements LookupCommand<Reply.FoundLastUse> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.findLastUse(this);
        }
    }

    /**
     * Which users, roles, sessions and accounts exist, by a quorum read. In an open account everybody does, and a session exists
     * if its role does.
     *
     * @param arns of users, roles, roles' sessions and account roots; at most 1,000
     */
    record FindPrincipals(List<String> arns) implements LookupCommand<Reply.FoundPrincipals> {

        public FindPrincipals {
            arns = List.copyOf(arns);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.findPrincipals(this);
        }
    }

    /** One method a command: a missing case does not compile. */
    interface Visitor<T> {
        T findKey(FindKey command);

        T findAlias(FindAlias command);

        T listKeys(ListKeys command);

        T listAliases(ListAliases command);

        T findAliasNames(FindAliasNames command);

        T deriveSigningKey(DeriveSigningKey command);

        T findLastUse(FindLastUse command);

        T findPrincipals(FindPrincipals command);
    }
}
