package dev.strongroom.hsm.protocol;

import java.util.UUID;

/**
 * Changing who callers are; for identity administrators only.
 *
 * @param <R> what the node answers when it does not refuse
 */
public sealed interface IdentityCommand<R extends Reply> extends Command<R> {

    <T> T accept(Visitor<T> visitor);

    @Override
    default <T> T accept(Command.Visitor<T> visitor) {
        return visitor.identity(this);
    }

    /** For identity administrators only. */
    record CreateAccessKey(UUID commandId, String accessKeyId, String accountId, String principalArn, Plaintext secret)
            implements IdentityCommand<Reply.Done> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.createAccessKey(this);
        }
    }

    /** One method a command: a missing case does not compile. */
    interface Visitor<T> {
        T createAccessKey(CreateAccessKey command);
    }
}
