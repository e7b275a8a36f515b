package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an operation comes to once it is decided.
 *
 * @param <T> the response
 */
public sealed interface Plan<T> {

    /** Nothing is left to ask: the records said it all. */
    record Answer<T>(T response) implements Plan<T> {}

    /**
     * One command to the HSM.
     *
     * @param answer what its reply means
     * @param refusal what a refusal means where this operation has words of its own for it
     */
    record Ask<R extends Reply, T>(
            Command<R> command, Function<R, T> answer, Function<Refused, Optional<KmsException>> refusal)
            implements Plan<T> {

        public Ask(Command<R> command, Function<R, T> answer) {
            this(command, answer, refused -> Optional.empty());
        }
    }
}
