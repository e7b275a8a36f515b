package dev.strongroom.gateway.operation;

import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Reply;
import java.util.function.Function;

/**
 * What an operation comes to once it is decided.
 *
 * @param <T> the response
 */
public sealed interface Plan<T> {

    /** Nothing is left to ask: the records said it all. */
    record Answer<T>(T response) implements Plan<T> {}

    /** One command to the HSM, and what its reply means. */
    record Ask<R extends Reply, T>(Command<R> command, Function<R, T> answer) implements Plan<T> {}
}
