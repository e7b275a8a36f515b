package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.SampleGrants.FREE;
import static dev.strongroom.hsm.node.command.SampleGrants.READER;
import static dev.strongroom.hsm.node.command.SampleGrants.creation;
import static dev.strongroom.hsm.node.command.SampleGrants.id;
import static dev.strongroom.hsm.node.command.SampleGrants.terms;
import static dev.strongroom.hsm.node.command.SampleGrants.toReader;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.vault.RecordKind;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A key with its grants is destroyed at once, and the grants follow in small steps. */
class OrphanedGrantsTest {

    private static final String AWAY = "us-east-1";

    private final TestNode node = new TestNode();

    private static int count(TestNode node, KeyRecord key) {
        return node.vault.read(index -> index.grants().count(key.name()));
    }

    private static int sweep(TestNode node) {
        return TestNode.sweep(node.sweeper("n1", 1));
    }

    private void commit(List<Write> writes) {
        assertInstanceOf(
                Outcome.Applied.class,
                node.store
                        .commit(new Transaction(UUID.randomUUID(), writes))
                        .toCompletableFuture()
                        .join());
    }

    /** The key after its window, without what the next sweep does. */
    private void destroy(KeyRecord key) {
        var unused = node.call(
                new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), new KeyChange.ScheduleDeletion(7)));
        node.now = node.now.plus(Duration.ofDays(7));
        commit(new KeyEstate(node.vault)
                .removal(key.name(), node.now, node.now, UUID.randomUUID())
                .orElseThrow());
        assertEquals(Optional.empty(), node.find(key.name()));
    }

    @Test
    void theKeyGoesInOneEntryAndItsGrantsInSmallOnes() {
        var key = node.createKey();
        for (int i = 0; i < 2_001; i++) {
            var unused = node.call(creation(key, id(i), toReader()));
        }
        var unused = node.call(
                new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), new KeyChange.ScheduleDeletion(7)));
        node.now = node.now.plus(Duration.ofDays(7));
        long before = node.store.appliedIndex();

        assertEquals(1, sweep(node));

        assertEquals(before + 4, node.store.appliedIndex(), "the key, 1,000 grants, 1,000 grants, one grant");
        assertEquals(0, count(node, key));
        assertEquals(0, sweep(node));
        assertEquals(before + 4, node.store.appliedIndex());
    }

    @Test
    void oneSweepRemovesSomeAndLeavesTheRestToTheNext() {
        var key = node.createKey();
        int most = 10 * KeyEstate.MOST_ORPHANS;
        for (int i = 0; i < most + 1; i++) {
            var unused = node.call(creation(key, id(i), toReader()));
        }
        destroy(key);

        assertEquals(0, sweep(node));
        assertEquals(1, count(node, key));
        assertEquals(0, sweep(node));
        assertEquals(0, count(node, key));
    }

    @Test
    void anyNodeRemovesThemAlsoAfterARestart() {
        var key = node.createKey();
        var unused = SampleGrants.create(node, key, toReader());
        var untouched = node.createKey();
        unused = SampleGrants.create(node, untouched, toReader());
        destroy(key);
        var restarted = new TestNode(node.rootKey, node.store);
        restarted.now = node.now;
        assertEquals(1, count(restarted, key));

        assertEquals(0, sweep(restarted));

        assertEquals(0, count(restarted, key));
        assertEquals(0, count(node, key));
        assertEquals(1, count(node, untouched));
    }

    @Test
    void aReplicaComesAgainOnlyWhenTheGrantsOfTheFormerAreGone() {
        var primary = node.createMultiRegionKey();
        var replica = node.call(replication(primary)).key();
        var unused = SampleGrants.create(node, replica, toReader());
        destroy(replica);

        assertEquals(Refusal.ALREADY_EXISTS, node.refusal(replication(node.key(primary))));
        assertEquals(0, sweep(node));
        replica = node.call(replication(node.key(primary))).key();
        assertEquals(KeyState.ENABLED, replica.lifecycle().state());
        assertEquals(0, count(node, replica));
    }

    private static ChangeCommand.ReplicateKey replication(KeyRecord primary) {
        return new ChangeCommand.ReplicateKey(UUID.randomUUID(), authority(primary), AWAY, primary.documents());
    }

    @Test
    void noKeyIsMadeUnderTheNameOfOneWhoseGrantsAreLeft() {
        var key = node.createKey();
        var unused = SampleGrants.create(node, key, toReader());
        destroy(key);

        assertEquals(Refusal.ALREADY_EXISTS, node.refusal(TestNode.creation(UUID.randomUUID(), key.name())));
        assertEquals(0, sweep(node));
        assertEquals(
                key.name(),
                node.call(TestNode.creation(UUID.randomUUID(), key.name()))
                        .key()
                        .name());
    }

    /** What one node cannot read may well be read by the others. */
    @Test
    void theGrantsOfAKeyThatDoesNotOpenStay() {
        var key = node.createKey();
        var unused = SampleGrants.create(node, key, terms(READER, "named", FREE));
        commit(List.of(new Transaction.Put(
                node.vault.names().key(key.name()),
                key.stamp().revision(),
                RecordKind.KEY.number(),
                Bytes.wrap(new byte[80]))));
        assertEquals(Optional.empty(), node.find(key.name()));

        assertEquals(0, sweep(node));
        assertEquals(1, count(node, key));
    }

    @Test
    void aKeyThatIsOnlyChangedIsNoneThatIsGone() {
        var key = node.createKey();
        var unused = SampleGrants.create(node, key, toReader());
        key = node.call(new ChangeCommand.ChangeKey(
                        UUID.randomUUID(), authority(key), new KeyChange.SetState(KeyState.DISABLED)))
                .key();

        assertEquals(
                List.of(), node.vault.read(index -> index.grants().orphaned().toList()));
        assertEquals(0, sweep(node));
        assertEquals(1, count(node, key));
    }
}
