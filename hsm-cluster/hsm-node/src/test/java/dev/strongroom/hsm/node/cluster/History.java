package dev.strongroom.hsm.node.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What clients did and were told. Times are numbers that rise with every call and every answer; {@link #NEVER} is the
 * return of a call whose outcome the client does not know.
 */
final class History {

    static final long NEVER = Long.MAX_VALUE;

    /** How a write changes a record: {@link #DELETES} or {@link #ONLY_CHECKS} or, else, it puts the command's number. */
    enum Action {
        PUTS,
        DELETES,
        ONLY_CHECKS
    }

    record Write(int record, long expectedRevision, Action action) {}

    sealed interface Told {}

    record Applied(long revision) implements Told {}

    record Conflict(int record, long actual) implements Told {}

    record Unknown() implements Told {}

    /** One attempt of a command; a repetition has the same number and the same writes. */
    record Attempt(int command, List<Write> writes, long called, long returned, Told told) {}

    /** A record as read; revision 0 and command 0 if there is none. */
    record Seen(long revision, int command) {}

    record Read(Map<Integer, Seen> seen, long called, long returned) {}

    final List<Attempt> attempts = new ArrayList<>();
    final List<Read> reads = new ArrayList<>();

    /** Why this history is not that of one copy of the records to which everything happened at one moment each. */
    Optional<String> objection() {
        try {
            return new LinearizabilityChecker(this).objection();
        } catch (Inconsistent e) {
            return Optional.of(e.what);
        }
    }

    /** Two answers that contradict each other whatever the order. */
    static final class Inconsistent extends RuntimeException {

        private static final long serialVersionUID = 1L;

        final String what;

        Inconsistent(String what) {
            super(what);
            this.what = what;
        }
    }
}
