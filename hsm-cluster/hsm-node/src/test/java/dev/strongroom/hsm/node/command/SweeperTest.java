package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.LoadedKey;
import dev.strongroom.hsm.node.vault.RecordKind;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.Lifecycle;
import dev.strongroom.hsm.protocol.KeyRecord.Rotation;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.RotationType;
import dev.strongroom.hsm.protocol.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SweeperTest {

    private static final Scope ELSEWHERE = new Scope(TestNode.SCOPE.accountId(), "us-east-1");

    private final TestNode node = new TestNode();
    private final Sweeper sweeper = new Sweeper(node, node.parts, "n1", 1);
    private KeyRecord key = node.createKey();

    private static int sweep(Sweeper sweeper) {
        return sweeper.sweep().toCompletableFuture().join();
    }

    private void change(KeyChange change) {
        key = node.call(new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), change))
                .key();
    }

    private void pass(Duration time) {
        node.now = node.now.plus(time);
    }

    @Nested
    class Rotations {

        @Test
        void happenWhenTheirTimeHasComeAndOnce() {
            change(new KeyChange.SetRotation(90));
            var due = node.now.plus(Duration.ofDays(90));
            var blob = node.encrypt(key, "x");

            node.now = due.minusMillis(1);
            assertEquals(0, sweep(sweeper));
            node.now = due;
            assertEquals(1, sweep(sweeper));
            assertEquals(0, sweep(sweeper));

            key = node.key(key);
            assertEquals(2, key.backingKeys().size());
            var fresh = key.currentBackingKey().orElseThrow();
            assertEquals(Optional.of(RotationType.AUTOMATIC), fresh.rotation());
            assertEquals(due, fresh.created());
            assertEquals(MaterialState.NON_CURRENT, key.backingKeys().get(0).state());
            assertEquals(Optional.of(new Rotation(90, due.plus(Duration.ofDays(90)))), key.material().rotation());
            assertEquals("x", node.decrypt(key, blob));
            assertEquals("y", node.decrypt(key, node.encrypt(key, "y")));
        }

        @Test
        void thatWereMissedAreMadeUpForByOne() {
            change(new KeyChange.SetRotation(90));
            pass(Duration.ofDays(1_000));

            assertEquals(1, sweep(sweeper));
            assertEquals(0, sweep(sweeper));
            assertEquals(2, node.key(key).backingKeys().size());
            assertEquals(
                    Optional.of(node.now.plus(Duration.ofDays(90))),
                    node.key(key).material().rotation().map(Rotation::next));
        }

        @Test
        void thatComeLateLeaveTheScheduleAsItIs() {
            change(new KeyChange.SetRotation(90));
            var next = key.material().rotation().orElseThrow().next();
            pass(Duration.ofDays(120));

            assertEquals(1, sweep(sweeper));
            assertEquals(
                    Optional.of(next.plus(Duration.ofDays(90))),
                    node.key(key).material().rotation().map(Rotation::next));
        }

        @Test
        void waitWhileTheKeyIsDisabled() {
            change(new KeyChange.SetRotation(90));
            change(new KeyChange.SetState(KeyState.DISABLED));
            pass(Duration.ofDays(91));
            assertEquals(0, sweep(sweeper));

            change(new KeyChange.SetState(KeyState.ENABLED));
            assertEquals(1, sweep(sweeper));
        }

        @Test
        void ofAMultiRegionKeyReachEveryRegionAndNoReplicaMakesThem() {
            key = node.createMultiRegionKey();
            var replica = replicate(key, ELSEWHERE);
            key = node.key(key);
            change(new KeyChange.SetRotation(90));
            pass(Duration.ofDays(90));

            assertEquals(1, sweep(sweeper));
            assertEquals(0, sweep(sweeper));
            assertEquals(2, node.key(key).backingKeys().size());
            assertEquals(
                    node.key(key).currentBackingKey(), node.key(replica).currentBackingKey());
        }

        @Test
        void happenOnceInAClusterAndAfterARestart() {
            change(new KeyChange.SetRotation(90));
            var others = List.of(new TestNode(node.rootKey, node.store), new TestNode(node.rootKey, node.store));
            pass(Duration.ofDays(90));

            int done = sweep(sweeper);
            for (var other : others) {
                other.now = node.now;
                done += sweep(new Sweeper(other, other.parts, "other", 1));
            }
            assertEquals(1, done);
            assertEquals(2, node.key(key).backingKeys().size());
        }

        @Test
        void proposedByTwoNodesThatSawTheSameAreAppliedOnce() {
            change(new KeyChange.SetRotation(90));
            pass(Duration.ofDays(90));
            // This node sees nothing of what the other does, drafts its own, and meets a conflict.
            var other = new TestNode(node.rootKey, node.store);
            other.now = node.now;
            node.store.hold();
            assertEquals(1, sweep(new Sweeper(other, other.parts, "other", 1)));
            assertEquals(0, sweep(sweeper));
            node.store.release();

            assertEquals(2, node.key(key).backingKeys().size());
        }
    }

    @Nested
    class Destruction {

        @Test
        void leavesNothingOfTheKey() throws UnsealException {
            node.createAlias("one", key);
            node.createAlias("two", key);
            change(new KeyChange.RotateOnDemand());
            var other = node.createKey();
            node.createAlias("other", other);
            var before = kinds(other);
            var loaded = loaded(key);
            assertTrue(loaded.get(0).material().isPresent());
            change(new KeyChange.ScheduleDeletion(7));
            long index = node.store.appliedIndex();

            pass(Duration.ofDays(7));
            assertEquals(1, sweep(sweeper));

            assertEquals(index + 1, node.store.appliedIndex(), "one entry of the log");
            assertEquals(Optional.empty(), node.find(key.name()));
            assertEquals(Set.of(), kinds(key));
            assertEquals(before, kinds(other), "what belongs to the other key is left");
            for (var generation : loaded) {
                assertEquals(Optional.empty(), generation.material(), "wiped from memory");
            }
            assertEquals(0, sweep(sweeper));
        }

        @Test
        void comesNotBeforeTheWindowIsOver() {
            change(new KeyChange.ScheduleDeletion(7));
            pass(Duration.ofDays(7).minusMillis(1));
            assertEquals(0, sweep(sweeper));
            assertTrue(node.find(key.name()).isPresent());
        }

        @Test
        void spreadsToEveryNode() {
            var other = new TestNode(node.rootKey, node.store);
            var blob = node.encrypt(key, "x");
            assertEquals("x", other.decrypt(key, blob));
            var loaded = loaded(other, key);
            change(new KeyChange.ScheduleDeletion(7));
            pass(Duration.ofDays(7));
            assertEquals(1, sweep(sweeper));

            assertEquals(Optional.empty(), other.find(key.name()));
            assertTrue(loaded.stream().allMatch(SweeperTest::isClosed));
        }

        @Test
        void isCancelledInTime() {
            change(new KeyChange.ScheduleDeletion(7));
            pass(Duration.ofDays(6));
            change(new KeyChange.CancelDeletion());
            pass(Duration.ofDays(100));

            assertEquals(0, sweep(sweeper));
            assertEquals(Lifecycle.of(KeyState.DISABLED), node.key(key).lifecycle());
        }

        @Test
        void ofAReplicaLeavesTheOtherRegionsWhole() {
            key = node.createMultiRegionKey();
            var blob = node.encrypt(key, "x");
            var replica = replicate(key, ELSEWHERE);
            var unused = node.call(new ChangeCommand.ChangeKey(
                    UUID.randomUUID(), authority(replica), new KeyChange.ScheduleDeletion(7)));
            pass(Duration.ofDays(7));
            assertEquals(1, sweep(sweeper));

            assertEquals(Optional.empty(), node.find(replica.name()));
            key = node.key(key);
            assertEquals(List.of(), key.material().multiRegion().orElseThrow().replicaRegions());
            assertEquals("x", node.decrypt(key, blob));
        }

        @Test
        void ofThePrimaryWaitsForTheLastReplicaAndThenForTheWindow() {
            key = node.createMultiRegionKey();
            var replica = replicate(key, ELSEWHERE);
            key = node.key(key);
            change(new KeyChange.ScheduleDeletion(10));
            assertEquals(new Lifecycle(KeyState.PENDING_REPLICA_DELETION, Optional.empty(), 10), key.lifecycle());
            pass(Duration.ofDays(100));
            assertEquals(0, sweep(sweeper));

            replica = node.key(replica);
            var unused = node.call(new ChangeCommand.ChangeKey(
                    UUID.randomUUID(), authority(replica), new KeyChange.ScheduleDeletion(7)));
            pass(Duration.ofDays(7));
            assertEquals(1, sweep(sweeper));
            var date = node.now.plus(Duration.ofDays(10));
            assertEquals(
                    new Lifecycle(KeyState.PENDING_DELETION, Optional.of(date), 10),
                    node.key(key).lifecycle());

            pass(Duration.ofDays(10));
            assertEquals(1, sweep(sweeper));
            assertEquals(Optional.empty(), node.find(key.name()));
            assertEquals(Set.of(), kinds(key), "the share and the material are gone with the last Region");
        }

        private static List<LoadedKey> loaded(TestNode node, KeyRecord key) {
            var loaded = new ArrayList<LoadedKey>();
            for (var generation : key.backingKeys()) {
                loaded.add(node.vault
                        .read(index -> index.backingKey(generation.id()))
                        .orElseThrow());
            }
            return loaded;
        }

        private List<LoadedKey> loaded(KeyRecord key) {
            return loaded(node, key);
        }

        /** Kinds of records that belong to the key. */
        private Set<RecordKind> kinds(KeyRecord of) {
            return node.store.records().stream()
                    .flatMap(item -> node.vault.read(index -> index.find(item.id())).stream())
                    .map(Stored::content)
                    .filter(content -> isOf(content, of))
                    .map(Content::kind)
                    .collect(Collectors.toSet());
        }

        private static boolean isOf(Content content, KeyRecord other) {
            var name = other.name();
            if (content instanceof Content.Key key) {
                return key.key().name().keyId().equals(name.keyId());
            }
            if (content instanceof Content.BackingKey backingKey) {
                return backingKey.keyId().equals(name.keyId());
            }
            if (content instanceof Content.MultiRegionKey shared) {
                return shared.keyId().equals(name.keyId());
            }
            if (content instanceof Content.KeyAliases aliases) {
                return aliases.key().equals(name);
            }
            return content instanceof Content.Alias alias
                    && alias.alias().targetKeyId().equals(name.keyId());
        }
    }

    private static boolean isClosed(LoadedKey generation) {
        try {
            return generation.material().isEmpty();
        } catch (UnsealException e) {
            return false;
        }
    }

    @Nested
    class WrongClocks {

        private final TestNode second = new TestNode(node.rootKey, node.store);
        private final TestNode third = new TestNode(node.rootKey, node.store);
        private final Sweeper one = new Sweeper(node, node.parts, "n1", 3);
        private final Sweeper two = new Sweeper(second, second.parts, "n2", 3);
        private final Sweeper three = new Sweeper(third, third.parts, "n3", 3);

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

            assertEquals(0, sweep(one) + sweep(two) + sweep(three) + sweep(one));
            assertTrue(node.find(key.name()).isPresent());
        }

        @Test
        void doNotOutvoteTheRightTimeWhenTheyAreMended() {
            change(new KeyChange.ScheduleDeletion(7));
            var right = node.now.plus(Duration.ofDays(1));
            at(right);
            node.now = Instant.parse("2036-01-01T00:00:00Z");
            assertEquals(0, sweep(one));
            node.now = right;
            assertEquals(0, sweep(one));
            second.now = Instant.parse("2036-01-01T00:00:00Z");
            assertEquals(0, sweep(two) + sweep(one) + sweep(three));
            assertTrue(node.find(key.name()).isPresent());
        }

        @Test
        void areNoObstacleToTheMajority() {
            change(new KeyChange.ScheduleDeletion(7));
            var over = node.now.plus(Duration.ofDays(7));
            node.now = over;
            second.now = over;

            assertEquals(0, sweep(three));
            assertEquals(0, sweep(one));
            assertEquals(1, sweep(two));
            assertEquals(Optional.empty(), node.find(key.name()));
        }
    }

    @Test
    void aNodeWithoutItsLeaseDoesNothing() {
        change(new KeyChange.ScheduleDeletion(7));
        pass(Duration.ofDays(7));
        node.store.lease(false);
        assertEquals(0, sweep(sweeper));

        node.store.lease(true);
        assertEquals(1, sweep(sweeper));
        assertEquals(Refusal.NOT_FOUND, node.refusal(new ChangeCommand.ChangeKey(
                UUID.randomUUID(), authority(key), new KeyChange.CancelDeletion())));
    }

    /** The records that a replica is made of. */
    private KeyRecord replicate(KeyRecord primary, Scope scope) {
        var name = new KeyName(scope, primary.name().keyId());
        var shared = node.vault.read(index -> index.multiRegionKey(name)).orElseThrow();
        var regions = new KeyRecord.MultiRegion(
                shared.stamp(), primary.name().scope().region(), List.of(scope.region()));
        var replica = new KeyRecord(
                primary.stamp(),
                name,
                primary.attributes(),
                Lifecycle.of(KeyState.ENABLED),
                primary.documents(),
                primary.material());
        var sealer = node.vault.sealer();
        var command = UUID.randomUUID();
        var writes = List.<Write>of(
                sealer.create(new Content.Key(replica), command),
                sealer.replace(shared, shared.content().withRegions(regions), command));
        var unused = node.store.commit(new Transaction(command, writes)).toCompletableFuture().join();
        return node.find(name).orElseThrow();
    }
}
