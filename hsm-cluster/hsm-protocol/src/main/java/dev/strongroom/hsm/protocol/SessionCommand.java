package dev.strongroom.hsm.protocol;

/**
 * Opening a session, and what is answered without one.
 *
 * @param <R> what the node answers when it does not refuse
 */
public sealed interface SessionCommand<R extends Reply> extends Command<R> {

    <T> T accept(Visitor<T> visitor);

    @Override
    default <T> T accept(Command.Visitor<T> visitor) {
        return visitor.session(this);
    }

    /**
     * Opens the session on this connection. The user must be the one that the client certificate names.
     *
     * @param credential 32 bytes that the ceremony gave out
     */
    record Login(String user, Plaintext credential) implements SessionCommand<Reply.LoggedIn> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.login(this);
        }

        @Override
        public Plaintext secret() {
            return credential;
        }
    }

    /** State of the node; the one command that needs no session. */
    record DescribeNode() implements SessionCommand<Reply.NodeDescription> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.describeNode(this);
        }
    }

    /** One method a command: a missing case does not compile. */
    interface Visitor<T> {
        T login(Login command);

        T describeNode(DescribeNode command);
    }
}
