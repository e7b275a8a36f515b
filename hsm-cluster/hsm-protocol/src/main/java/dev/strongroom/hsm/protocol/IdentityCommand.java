package dev.strongroom.hsm.protocol;

import java.util.List;
import java.util.UUID;

/**
 * Who callers are. Changing it is for identity administrators only; a gateway may look somebody up, and have temporary
 * credentials made for a caller whom it has found entitled to them.
 *
 * @param <R> what the node answers when it does not refuse
 */
public sealed interface IdentityCommand<R extends Reply> extends Command<R> {

    <T> T accept(Visitor<T> visitor);

    @Override
    default <T> T accept(Command.Visitor<T> visitor) {
        return visitor.identity(this);
    }

    /**
     * Makes an access key of an account root, whose account need not have a record yet, or of a user. Each has two at most.
     *
     * @param secret 1 to 128 visible ASCII characters
     */
    record CreateAccessKey(UUID commandId, String accessKeyId, String accountId, String principalArn, Plaintext secret)
            implements IdentityCommand<Reply.Done> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.createAccessKey(this);
        }
    }

    /** Makes what is not an access key. Refused with ALREADY_EXISTS, LIMIT_EXCEEDED, or NOT_FOUND for what it names. */
    record CreateIdentity(UUID commandId, IdentityRecord identity) implements IdentityCommand<Reply.FoundIdentity> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.createIdentity(this);
        }
    }

    /** Puts {@code identity} in the place of its own revision that its stamp names; STALE if that is not the newest. */
    record ReplaceIdentity(UUID commandId, IdentityRecord identity) implements IdentityCommand<Reply.FoundIdentity> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.replaceIdentity(this);
        }
    }

    /**
     * Removes a record, and with a user its access keys. Refused with CONFLICT for a policy that hangs on somebody, and for
     * an account.
     */
    record DeleteIdentity(UUID commandId, IdentityName name) implements IdentityCommand<Reply.Done> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.deleteIdentity(this);
        }
    }

    /** Of a gateway, or of an identity administrator. */
    record FindIdentity(IdentityName name, Freshness freshness) implements IdentityCommand<Reply.FoundIdentity> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.findIdentity(this);
        }
    }

    /**
     * Records of one kind in the order of their names, in lower case.
     *
     * @param accountId of the account that they belong to; of accounts themselves empty
     */
    record ListIdentities(IdentityKind kind, String accountId, Page page)
            implements IdentityCommand<Reply.IdentityPage> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.listIdentities(this);
        }
    }

    /**
     * Makes temporary credentials; of a gateway. Nothing is kept of them: the token says it all.
     *
     * @param principalArn of a user, role or account root
     * @param sessionName of a role's session: 2 to 64 characters as names of users have; of all others empty
     * @param durationSeconds 900 to what the role allows, to 129,600 for a user, to 3,600 for a root
     * @param authority what the decision rested on
     */
    record MintSession(
            String principalArn, String sessionName, int durationSeconds, SessionTerms terms, List<Stamp> authority)
            implements IdentityCommand<Reply.MintedSession> {

        public MintSession {
            authority = List.copyOf(authority);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.mintSession(this);
        }
    }

    /** One method a command: a missing case does not compile. */
    interface Visitor<T> {
        T createAccessKey(CreateAccessKey command);

        T createIdentity(CreateIdentity command);

        T replaceIdentity(ReplaceIdentity command);

        T deleteIdentity(DeleteIdentity command);

        T findIdentity(FindIdentity command);

        T listIdentities(ListIdentities command);

        T mintSession(MintSession command);
    }
}
