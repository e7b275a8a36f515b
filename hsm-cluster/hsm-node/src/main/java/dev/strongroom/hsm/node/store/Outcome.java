package dev.strongroom.hsm.node.store;

/** What became of a transaction once its log entry was applied. */
public sealed interface Outcome {

    /**
     * All writes hold. Every record put has {@code revision} as its revision.
     *
     * @param revision index of the log entry that applied the command, also when this is the repetition of a command
     *     applied earlier
     */
    record Applied(long revision) implements Outcome {}

    /**
     * Nothing was written: the record had another revision than expected.
     *
     * @param id the first write whose expectation failed
     * @param actual the revision it has, 0 if there is none
     */
    record Conflict(RecordId id, long actual) implements Outcome {}
}
