package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static dev.strongroom.hsm.node.command.TestNode.plaintext;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.UseCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Keys that share a record with their other Regions. */
class MultiRegionTest {

    private final TestNode node = new TestNode();
    private final KeyRecord key = node.createMultiRegionKey();

    @Test
    void isMadeAsAPrimaryWithoutReplicasInOneEntryOfTheLog() {
        var shared = key.material().multiRegion().orElseThrow();

        assertTrue(key.isPrimary());
        assertEquals(SCOPE.region(), shared.primaryRegion());
        assertEquals(List.of(), shared.replicaRegions());
        assertEquals(node.store.appliedIndex(), key.stamp().revision());
        assertEquals(node.store.appliedIndex(), shared.stamp().revision());
        assertNotEquals(key.stamp(), shared.stamp());
        assertEquals("x", node.decrypt(key, node.encrypt(key, "x")));
    }

    @Test
    void aUseThatRestsOnAnOldShareIsRefusedWithTheWholeKeyAsItIs() {
        touchShare();

        var refused = node.refused(node.gateway, new UseCommand.Encrypt(authority(key), plaintext("x"), AAD));

        assertEquals(Refusal.STALE, refused.refusal());
        var fresh = refused.fresh().orElseThrow();
        assertEquals(node.key(key), fresh);
        assertEquals("x", node.decrypt(fresh, node.encrypt(fresh, "x")));
    }

    @Test
    void aChangeThatRestsOnAnOldShareIsRefusedWithTheWholeKeyAsItIs() {
        touchShare();

        var refused = node.refused(
                node.gateway,
                new ChangeCommand.ChangeKey(
                        UUID.randomUUID(), authority(key), new KeyChange.SetState(KeyState.DISABLED)));

        assertEquals(Refusal.STALE, refused.refusal());
        assertEquals(Optional.of(node.key(key)), refused.fresh());
    }

    @Test
    void aChangeOfItsOwnRecordLeavesTheShareAlone() {
        var change = new ChangeCommand.ChangeKey(
                UUID.randomUUID(), authority(key), new KeyChange.SetState(KeyState.DISABLED));
        var after = node.call(change).key();

        assertEquals(KeyState.DISABLED, after.lifecycle().state());
        assertEquals(key.material(), after.material());
    }

    /** Turns rotation on, in the share. */
    private void touchShare() {
        var name = key.name();
        var stored = node.vault
                .read(index -> index.multiRegionKey(name.scope().accountId(), name.keyId()))
                .orElseThrow();
        var rotation = new KeyRecord.Rotation(365, node.now.plus(Duration.ofDays(365)));
        var changed = new Content.MultiRegionKey(
                name.scope().accountId(),
                name.keyId(),
                stored.content().material().withRotation(Optional.of(rotation)));
        var write = node.vault.sealer().replace(stored, changed, UUID.randomUUID());
        var unused = node.store
                .commit(new Transaction(UUID.randomUUID(), List.of(write)))
                .toCompletableFuture()
                .join();
    }
}
