package dev.strongroom.hsm.protocol;

import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * An HSM as its clients see it: a node across the wire, or one in the same process.
 *
 * <p>Safe for concurrent use. The stage may complete on any thread, also on the caller's before {@code call} returns.
 */
public interface Hsm {

    /** For commands that serve no request of a caller, or those of several at once. */
    UUID NO_REQUEST = new UUID(0, 0);

    /**
     * Has {@code command} executed. The stage fails with {@link Refused} for an expected no; every other failure is a
     * fault.
     *
     * @param servedRequest the request of a caller that the command is for; it stands in the records of both sides
     */
    <R extends Reply> CompletionStage<R> call(Command<R> command, UUID servedRequest);

    /** As {@link #call(Command, UUID)} for {@link #NO_REQUEST}. */
    default <R extends Reply> CompletionStage<R> call(Command<R> command) {
        return call(command, NO_REQUEST);
    }
}
