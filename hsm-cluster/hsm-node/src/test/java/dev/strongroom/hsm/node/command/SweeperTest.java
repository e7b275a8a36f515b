package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.Rotation;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.RotationType;
import dev.strongroom.hsm.protocol.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SweeperTest {

    private static final Scope ELSEWHERE = new Scope(TestNode.SCOPE.accountId(), "us-east-1");

    private final TestNode node = new TestNode();
    private final Sweeper sweeper = node.sweeper("n1", 1);
    private KeyRecord key = node.createKey();

    private void change(KeyChange change) {
        key = node.change(key, change);
    }

    @Nested
    class Rotations {

        @Test
        void happenWhenTheirTimeHasComeAndOnce() {
            change(new KeyChange.SetRotation(90));
            var due = node.now.plus(Duration.ofDays(90));
            var blob = node.encrypt(key, "x");

            node.now = due.minusMillis(1);
            assertEquals(0, TestNode.sweep(sweeper));
            node.now = due;
            assertEquals(1, TestNode.sweep(sweeper));
            assertEquals(0, TestNode.sweep(sweeper));

            key = node.key(key);
            assertEquals(2, key.backingKeys().size());
            var fresh = key.currentBackingKey().orElseThrow();
            assertEquals(Optional.of(RotationType.AUTOMATIC), fresh.rotation());
            assertEquals(due, fresh.created());
            assertEquals(MaterialState.NON_CURRENT, key.backingKeys().get(0).state());
            assertEquals(
                    Optional.of(new Rotation(90, due.plus(Duration.ofDays(90)))),
                    key.material().rotation());
            assertEquals("x", node.decrypt(key, blob));
            assertEquals("y", node.decrypt(key, node.encrypt(key, "y")));
        }

        @Test
        void thatWereMissedAreMadeUpForByOne() {
            change(new KeyChange.SetRotation(90));
            node.pass(Duration.ofDays(1_000));

            assertEquals(1, TestNode.sweep(sweeper));
            assertEquals(0, TestNode.sweep(sweeper));
            assertEquals(2, node.key(key).backingKeys().size());
            assertEquals(
                    Optional.of(node.now.plus(Duration.ofDays(90))),
                    node.key(key).material().rotation().map(Rotation::next));
        }

        @Test
        void thatComeLateLeaveTheScheduleAsItIs() {
            change(new KeyChange.SetRotation(90));
            var next = key.material().rotation().orElseThrow().next();
            node.pass(Duration.ofDays(120));

            assertEquals(1, TestNode.sweep(sweeper));
            assertEquals(
                    Optional.of(next.plus(Duration.ofDays(90))),
                    node.key(key).material().rotation().map(Rotation::next));
        }

        @Test
        void waitWhileTheKeyIsDisabled() {
            change(new KeyChange.SetRotation(90));
            change(new KeyChange.SetState(KeyState.DISABLED));
            node.pass(Duration.ofDays(91));
            assertEquals(0, TestNode.sweep(sweeper));

            change(new KeyChange.SetState(KeyState.ENABLED));
            assertEquals(1, TestNode.sweep(sweeper));
        }

        @Test
        void ofAMultiRegionKeyReachEveryRegionAndNoReplicaMakesThem() {
            key = node.createMultiRegionKey();
            var replica = node.replicate(key, ELSEWHERE);
            key = node.key(key);
            change(new KeyChange.SetRotation(90));
            node.pass(Duration.ofDays(90));

            assertEquals(1, TestNode.sweep(sweeper));
            assertEquals(0, TestNode.sweep(sweeper));
            assertEquals(2, node.key(key).backingKeys().size());
            assertEquals(node.key(key).currentBackingKey(), node.key(replica).currentBackingKey());
        }

        @Test
        void happenOnceInAClusterAndAfterARestart() {
            change(new KeyChange.SetRotation(90));
            var others = List.of(new TestNode(node.rootKey, node.store), new TestNode(node.rootKey, node.store));
            node.pass(Duration.ofDays(90));

            int done = TestNode.sweep(sweeper);
            for (var other : others) {
                other.now = node.now;
                done += TestNode.sweep(other.sweeper("other", 1));
            }
            assertEquals(1, done);
            assertEquals(2, node.key(key).backingKeys().size());
        }

        @Test
        void proposedByTwoNodesThatSawTheSameAreAppliedOnce() {
            change(new KeyChange.SetRotation(90));
            node.pass(Duration.ofDays(90));
            // This node sees nothing of what the other does, drafts its own, and meets a conflict.
            var other = new TestNode(node.rootKey, node.store);
            other.now = node.now;
            node.store.hold();
            assertEquals(1, TestNode.sweep(other.sweeper("other", 1)));
            assertEquals(0, TestNode.sweep(sweeper));
            node.store.release();

            assertEquals(2, node.key(key).backingKeys().size());
        }
    }

    @Nested
    class WrongClocks {

        private final TestNode second = new TestNode(node.rootKey, node.store);
        private final TestNode third = new TestNode(node.rootKey, node.store);
        private final Sweeper one = node.sweeper("n1", 3);
        private final Sweeper two = second.sweeper("n2", 3);
        private final Sweeper three = third.sweeper("n3", 3);

        private void at(Instant now) {
            node.now = now;
            second.now = now;
            third.now = now;
        }

        @Test
        void ofAMinorityDestroyNothing() {
            change(new KeyChange.ScheduleDeletion(7));
            at(node.now.plus(Duration.ofDays(1)));
            node.now = Instant.parse("2036-01-01T00:00:00Z");

            assertEquals(0, TestNode.sweep(one) + TestNode.sweep(two) + TestNode.sweep(three) + TestNode.sweep(one));
            assertTrue(node.find(key.name()).isPresent());
        }

        @Test
        void doNotOutvoteTheRightTimeWhenTheyAreMended() {
            change(new KeyChange.ScheduleDeletion(7));
            var right = node.now.plus(Duration.ofDays(1));
            at(right);
            node.now = Instant.parse("2036-01-01T00:00:00Z");
            assertEquals(0, TestNode.sweep(one));
            node.now = right;
            assertEquals(0, TestNode.sweep(one));
            second.now = Instant.parse("2036-01-01T00:00:00Z");
            assertEquals(0, TestNode.sweep(two) + TestNode.sweep(one) + TestNode.sweep(three));
            assertTrue(node.find(key.name()).isPresent());
        }

        @Test
        void areNoObstacleToTheMajority() {
            change(new KeyChange.ScheduleDeletion(7));
            var over = node.now.plus(Duration.ofDays(7));
            node.now = over;
            second.now = over;

            assertEquals(0, TestNode.sweep(three));
            assertEquals(0, TestNode.sweep(one));
            assertEquals(1, TestNode.sweep(two));
            assertEquals(Optional.empty(), node.find(key.name()));
        }
    }

    @Test
    void aNodeWithoutItsLeaseDoesNothing() {
        change(new KeyChange.ScheduleDeletion(7));
        node.pass(Duration.ofDays(7));
        node.store.lease(false);
        assertEquals(0, TestNode.sweep(sweeper));

        node.store.lease(true);
        assertEquals(1, TestNode.sweep(sweeper));
        assertEquals(
                Refusal.NOT_FOUND,
                node.refusal(new ChangeCommand.ChangeKey(
                        UUID.randomUUID(), authority(key), new KeyChange.CancelDeletion())));
    }
}
