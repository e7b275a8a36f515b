package dev.strongroom.hsm.protocol;

import java.util.concurrent.CompletionStage;

/**
 * An HSM as its clients see it: a node across the wire, or one in the same process.
 *
 * <p>Safe for concurrent use. The stage may complete on any thread, also on the caller's before {@code call} returns.
 */
public interface Hsm {

    /**
     * Has {@code command} executed. The stage fails with {@link Refused} for an expected no; every other failure is a
     * fault.
     */
    <R extends Reply> CompletionStage<R> call(Command<R> command);
}
