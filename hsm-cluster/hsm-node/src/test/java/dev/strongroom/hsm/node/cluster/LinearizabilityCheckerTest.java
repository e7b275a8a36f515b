package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.cluster.History.Action;
import dev.strongroom.hsm.node.cluster.History.Applied;
import dev.strongroom.hsm.node.cluster.History.Attempt;
import dev.strongroom.hsm.node.cluster.History.Conflict;
import dev.strongroom.hsm.node.cluster.History.Read;
import dev.strongroom.hsm.node.cluster.History.Seen;
import dev.strongroom.hsm.node.cluster.History.Told;
import dev.strongroom.hsm.node.cluster.History.Unknown;
import dev.strongroom.hsm.node.cluster.History.Write;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {

    private static final int X = 0;
    private static final int Y = 1;
    private static final Seen NOTHING = new Seen(0, 0);

    private final History history = new History();

    @Nested
    class Accepts {

        @Test
        void nothing() {
            accepted();
        }

        @Test
        void oneThingAfterTheOther() {
            did(1, 1, 2, new Applied(10), put(X, 0));
            saw(3, 4, Map.of(X, new Seen(10, 1), Y, NOTHING));
            did(2, 5, 6, new Applied(11), put(X, 10), put(Y, 0));
            did(3, 7, 8, new Conflict(X, 11), put(X, 10));
            did(4, 9, 10, new Applied(13), delete(X, 11), check(Y, 11));
            saw(11, 12, Map.of(X, NOTHING, Y, new Seen(11, 2)));
            accepted();
        }

        @Test
        void aReadThatOverlapsAWriteAndSeesEitherSide() {
            did(1, 1, 6, new Applied(10), put(X, 0));
            saw(2, 3, Map.of(X, NOTHING));
            saw(4, 5, Map.of(X, new Seen(10, 1)));
            accepted();
        }

        @Test
        void aWriteOfUnknownOutcomeThatHappensMuchLater() {
            did(1, 1, History.NEVER, new Unknown(), put(X, 0));
            saw(2, 3, Map.of(X, NOTHING));
            saw(4, 5, Map.of(X, new Seen(10, 1)));
            accepted();
        }

        @Test
        void aWriteOfUnknownOutcomeThatNeverHappens() {
            did(1, 1, History.NEVER, new Unknown(), put(X, 0));
            did(2, 2, 3, new Applied(10), put(X, 0));
            saw(4, 5, Map.of(X, new Seen(10, 2)));
            accepted();
        }

        @Test
        void aCommandRepeatedAfterALostAnswer() {
            did(1, 1, History.NEVER, new Unknown(), put(X, 0));
            saw(2, 3, Map.of(X, new Seen(10, 1)));
            did(1, 4, 5, new Applied(10), put(X, 0));
            accepted();
        }

        private void accepted() {
            assertEquals(Optional.empty(), history.objection());
        }
    }

    @Nested
    class Rejects {

        @Test
        void aStaleRead() {
            did(1, 1, 2, new Applied(10), put(X, 0));
            saw(3, 4, Map.of(X, NOTHING));
            rejected();
        }

        @Test
        void aReadOfTheNewAndThenOfTheOld() {
            did(1, 1, History.NEVER, new Unknown(), put(X, 0));
            saw(2, 3, Map.of(X, new Seen(10, 1)));
            saw(4, 5, Map.of(X, NOTHING));
            rejected();
        }

        @Test
        void aLostWrite() {
            did(1, 1, 2, new Applied(10), put(X, 0));
            did(2, 3, 4, new Applied(11), put(X, 0));
            rejected();
        }

        @Test
        void twoWritesThatRestOnTheSameRevision() {
            did(1, 1, 2, new Applied(10), put(X, 0));
            did(2, 3, 6, new Applied(11), put(X, 10));
            did(3, 4, 5, new Applied(12), put(X, 10));
            rejected();
        }

        @Test
        void halfOfATransaction() {
            did(1, 1, 4, new Applied(10), put(X, 0), put(Y, 0));
            saw(2, 3, Map.of(X, new Seen(10, 1), Y, NOTHING));
            rejected();
        }

        @Test
        void aConflictWithoutReason() {
            did(1, 1, 2, new Applied(10), put(X, 0));
            did(2, 3, 4, new Conflict(X, 0), put(X, 10));
            rejected();
        }

        @Test
        void aCheckThatWasFalse() {
            did(1, 1, 2, new Applied(10), put(X, 0));
            did(2, 3, 4, new Applied(11), put(Y, 0), check(X, 0));
            rejected();
        }

        @Test
        void aDeletedRecordThatReturns() {
            did(1, 1, 2, new Applied(10), put(X, 0));
            did(2, 3, 4, new Applied(11), delete(X, 10));
            saw(5, 6, Map.of(X, new Seen(10, 1)));
            rejected();
        }

        @Test
        void aCommandThatHappenedTwice() {
            did(1, 1, 2, new Applied(10), put(X, 0));
            did(2, 3, 4, new Applied(11), delete(X, 10));
            did(1, 5, 6, new Applied(12), put(X, 0));
            rejected();
        }

        @Test
        void aCommandThatConflictedAndYetWrote() {
            did(1, 1, 2, new Applied(10), put(X, 0));
            did(2, 3, 4, new Conflict(X, 10), put(X, 0));
            did(3, 5, 6, new Applied(12), delete(X, 10));
            saw(7, 8, Map.of(X, new Seen(13, 2)));
            rejected();
        }

        @Test
        void contentThatNobodyWrote() {
            saw(1, 2, Map.of(X, new Seen(10, 9)));
            rejected();
        }

        @Test
        void oneRevisionOfTwoCommands() {
            did(1, 1, 2, new Applied(10), put(X, 0));
            did(2, 1, 2, new Applied(10), put(Y, 0));
            rejected();
        }

        @Test
        void twoReadersWhoSeeTwoWritesInDifferentOrder() {
            did(1, 1, 10, new Applied(10), put(X, 0));
            did(2, 1, 10, new Applied(11), put(Y, 0));
            saw(2, 3, Map.of(X, new Seen(10, 1), Y, NOTHING));
            saw(2, 3, Map.of(X, NOTHING, Y, new Seen(11, 2)));
            rejected();
        }

        private void rejected() {
            assertTrue(history.objection().isPresent());
        }
    }

    private void did(int command, long called, long returned, Told told, Write... writes) {
        history.attempts.add(new Attempt(command, List.of(writes), called, returned, told));
    }

    private void saw(long called, long returned, Map<Integer, Seen> seen) {
        history.reads.add(new Read(seen, called, returned));
    }

    private static Write put(int record, long expected) {
        return new Write(record, expected, Action.PUTS);
    }

    private static Write delete(int record, long expected) {
        return new Write(record, expected, Action.DELETES);
    }

    private static Write check(int record, long expected) {
        return new Write(record, expected, Action.ONLY_CHECKS);
    }
}
