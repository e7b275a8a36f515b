package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.Importer.FOR_EVER;
import static dev.strongroom.hsm.node.command.Importer.until;
import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.UseCommand;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ExpiryTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final TestNode node = new TestNode();
    private final Importer owner = new Importer(node);
    private final byte[] material = TestEntropy.counting(1, 32);

    private KeyRecord expiring() {
        return owner.give(owner.createKey(), material.clone(), until(node.now.plus(HOUR)))
                .key();
    }

    /** How many keys a node changed that is alone. */
    private static int sweep(TestNode node) {
        return TestNode.sweep(node.sweeper("n1", 1));
    }

    private Content.BackingKey record(KeyRecord key, int generation) {
        var id = key.backingKeys().get(generation).id();
        return node.vault
                .read(index -> index.backingKeyRecord(node.vault.names().backingKey(id)))
                .orElseThrow()
                .content();
    }

    @Test
    void nothingHappensBeforeTheDate() {
        var key = expiring();
        node.now = node.now.plus(HOUR).minusMillis(1);

        assertEquals(0, sweep(node));
        assertEquals(key, node.key(key));
    }

    @Test
    void onTheDateTheBytesAreDestroyedInOneEntryOfTheLog() {
        var key = expiring();
        node.now = node.now.plus(HOUR);
        long before = node.store.appliedIndex();

        assertEquals(1, sweep(node));
        assertEquals(before + 1, node.store.appliedIndex());
        assertEquals(Bytes.empty(), record(key, 0).sealedMaterial());
        assertEquals(
                KeyState.PENDING_IMPORT,
                node.find(key.name()).orElseThrow().lifecycle().state());
    }

    @Test
    void onceIsEnough() {
        var unused = expiring();
        node.now = node.now.plus(HOUR);
        assertEquals(1, sweep(node));

        assertEquals(0, sweep(node));
    }

    @Test
    void whatTwoNodesProposeIsAppliedOnce() {
        var key = expiring();
        node.now = node.now.plus(HOUR);
        // This node sees nothing of what the other does, drafts its own, and meets a conflict.
        var other = new TestNode(node.rootKey, node.store);
        other.now = node.now.plusMillis(7);
        node.store.hold();
        assertEquals(1, sweep(other));
        assertEquals(0, sweep(node));
        node.store.release();

        long revision = node.find(key.name()).orElseThrow().stamp().revision();
        assertTrue(revision > key.stamp().revision());
        assertEquals(0, sweep(node));
        assertEquals(revision, node.find(key.name()).orElseThrow().stamp().revision());
    }

    @Test
    void oneClockOfThreeDestroysNothingAndRefusesForItself() {
        var key = expiring();
        var second = new TestNode(node.rootKey, node.store);
        second.now = node.now;
        var blob = node.encrypt(key, "x");
        node.now = node.now.plus(Duration.ofDays(3_650));

        assertEquals(0, TestNode.sweep(node.sweeper("n1", 3)) + TestNode.sweep(second.sweeper("n2", 3)));
        assertEquals(Refusal.KEY_PENDING_IMPORT, node.refusal(new UseCommand.Decrypt(authority(key), blob, AAD)));
        assertEquals("x", second.decrypt(key, blob));

        second.now = second.now.plus(HOUR);
        assertEquals(1, TestNode.sweep(second.sweeper("n2", 3)));
        assertEquals(Bytes.empty(), record(key, 0).sealedMaterial());
    }

    @Test
    void aNodeThatWasAwayMakesUpForIt() {
        var key = expiring();
        var restarted = new TestNode(node.rootKey, node.store);
        restarted.now = node.now.plus(Duration.ofDays(30));

        assertEquals(1, sweep(restarted));
        assertEquals(Bytes.empty(), record(key, 0).sealedMaterial());
    }

    @Test
    void materialThatCameAgainIsLeftAlone() {
        var key = expiring();
        node.now = node.now.plus(HOUR);
        var again = owner.give(key, material.clone(), FOR_EVER).key();

        assertEquals(0, sweep(node));
        assertEquals("x", node.decrypt(again, node.encrypt(again, "x")));
    }

    @Test
    void oneRegionsDateIsNotTheOthers() {
        var primary = owner.createKey(TestNode.SCOPE, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, true);
        primary = owner.give(primary, material.clone(), until(node.now.plus(HOUR)))
                .key();
        var replica = node.call(new ChangeCommand.ReplicateKey(
                        UUID.randomUUID(), authority(primary), "us-east-1", primary.documents()))
                .key();
        replica = owner.give(replica, material.clone(), until(node.now.plus(HOUR.multipliedBy(2))))
                .key();
        var blob = node.encrypt(replica, "x");
        node.now = node.now.plus(HOUR);

        assertEquals(1, sweep(node));
        assertEquals(KeyState.PENDING_IMPORT, node.key(primary).lifecycle().state());
        replica = node.key(replica);
        assertEquals("x", node.decrypt(replica, blob));

        node.now = node.now.plus(HOUR);
        assertEquals(1, sweep(node));
        assertEquals(Bytes.empty(), record(replica, 0).sealedMaterial());
    }

    @Test
    void aKeyThatWaitsForItsDeletionKeepsItsStateAndLosesTheBytes() {
        var key = expiring();
        var doomed = node.call(new ChangeCommand.ChangeKey(
                        UUID.randomUUID(), authority(key), new KeyChange.ScheduleDeletion(7)))
                .key();
        node.now = node.now.plus(HOUR);

        assertEquals(1, sweep(node));
        assertEquals(doomed.lifecycle(), node.key(doomed).lifecycle());
        assertEquals(
                Optional.of(false),
                node.key(doomed)
                        .currentBackingKey()
                        .flatMap(KeyRecord.BackingKey::imported)
                        .map(KeyRecord.ImportedMaterial::present));
        assertEquals(Bytes.empty(), record(doomed, 0).sealedMaterial());
    }
}
