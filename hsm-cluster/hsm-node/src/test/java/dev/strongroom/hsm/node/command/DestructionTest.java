package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.LoadedKey;
import dev.strongroom.hsm.node.vault.RecordKind;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.Lifecycle;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DestructionTest {

    private static final Scope ELSEWHERE = new Scope(TestNode.SCOPE.accountId(), "us-east-1");

    private final TestNode node = new TestNode();
    private final Sweeper sweeper = node.sweeper("n1", 1);
    private KeyRecord key = node.createKey();

    private void change(KeyChange change) {
        key = node.change(key, change);
    }

    @Test
    void leavesNothingOfTheKey() throws UnsealException {
        node.createAlias("one", key);
        node.createAlias("two", key);
        change(new KeyChange.RotateOnDemand());
        var other = node.createKey();
        node.createAlias("other", other);
        var before = kinds(other);
        var used = node.encrypt(key, "x");
        assertEquals("x", node.decrypt(key, used));
        assertEquals(1, node.executor.lastUses().flush().toCompletableFuture().join());
        assertTrue(kinds(key).contains(RecordKind.KEY_USAGE));
        var loaded = loaded(key);
        assertTrue(loaded.get(0).material().isPresent());
        change(new KeyChange.ScheduleDeletion(7));
        long index = node.store.appliedIndex();

        node.pass(Duration.ofDays(7));
        assertEquals(1, TestNode.sweep(sweeper));

        assertEquals(index + 1, node.store.appliedIndex(), "one entry of the log");
        assertEquals(Optional.empty(), node.find(key.name()));
        assertEquals(Set.of(), kinds(key));
        assertEquals(before, kinds(other), "what belongs to the other key is left");
        for (var generation : loaded) {
            assertEquals(Optional.empty(), generation.material(), "wiped from memory");
        }
        assertEquals(0, TestNode.sweep(sweeper));
    }

    @Test
    void comesNotBeforeTheWindowIsOver() {
        change(new KeyChange.ScheduleDeletion(7));
        node.pass(Duration.ofDays(7).minusMillis(1));
        assertEquals(0, TestNode.sweep(sweeper));
        assertTrue(node.find(key.name()).isPresent());
    }

    @Test
    void spreadsToEveryNode() {
        var other = new TestNode(node.rootKey, node.store);
        var blob = node.encrypt(key, "x");
        assertEquals("x", other.decrypt(key, blob));
        var loaded = loaded(other, key);
        change(new KeyChange.ScheduleDeletion(7));
        node.pass(Duration.ofDays(7));
        assertEquals(1, TestNode.sweep(sweeper));

        assertEquals(Optional.empty(), other.find(key.name()));
        assertTrue(loaded.stream().allMatch(DestructionTest::isClosed));
    }

    @Test
    void isCancelledInTime() {
        change(new KeyChange.ScheduleDeletion(7));
        node.pass(Duration.ofDays(6));
        change(new KeyChange.CancelDeletion());
        node.pass(Duration.ofDays(100));

        assertEquals(0, TestNode.sweep(sweeper));
        assertEquals(Lifecycle.of(KeyState.DISABLED), node.key(key).lifecycle());
    }

    @Test
    void ofAReplicaLeavesTheOtherRegionsWhole() {
        key = node.createMultiRegionKey();
        var blob = node.encrypt(key, "x");
        var replica = node.replicate(key, ELSEWHERE);
        var unused = node.call(
                new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(replica), new KeyChange.ScheduleDeletion(7)));
        node.pass(Duration.ofDays(7));
        assertEquals(1, TestNode.sweep(sweeper));

        assertEquals(Optional.empty(), node.find(replica.name()));
        key = node.key(key);
        assertEquals(List.of(), key.material().multiRegion().orElseThrow().replicaRegions());
        assertEquals("x", node.decrypt(key, blob));
    }

    @Test
    void ofThePrimaryWaitsForTheLastReplicaAndThenForTheWindow() {
        key = node.createMultiRegionKey();
        var replica = node.replicate(key, ELSEWHERE);
        key = node.key(key);
        change(new KeyChange.ScheduleDeletion(10));
        assertEquals(new Lifecycle(KeyState.PENDING_REPLICA_DELETION, Optional.empty(), 10), key.lifecycle());
        node.pass(Duration.ofDays(100));
        assertEquals(0, TestNode.sweep(sweeper));

        replica = node.key(replica);
        var unused = node.call(
                new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(replica), new KeyChange.ScheduleDeletion(7)));
        node.pass(Duration.ofDays(7));
        assertEquals(1, TestNode.sweep(sweeper));
        var date = node.now.plus(Duration.ofDays(10));
        assertEquals(
                new Lifecycle(KeyState.PENDING_DELETION, Optional.of(date), 10),
                node.key(key).lifecycle());

        node.pass(Duration.ofDays(10));
        assertEquals(1, TestNode.sweep(sweeper));
        assertEquals(Optional.empty(), node.find(key.name()));
        assertEquals(Set.of(), kinds(key), "the share and the material are gone with the last Region");
    }

    private static List<LoadedKey> loaded(TestNode node, KeyRecord key) {
        var loaded = new ArrayList<LoadedKey>();
        for (var generation : key.backingKeys()) {
            loaded.add(
                    node.vault.read(index -> index.backingKey(generation.id())).orElseThrow());
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
        if (content instanceof Content.KeyUsage usage) {
            return usage.key().equals(name);
        }
        return content instanceof Content.Alias alias
                && alias.alias().targetKeyId().equals(name.keyId());
    }

    private static boolean isClosed(LoadedKey generation) {
        try {
            return generation.material().isEmpty();
        } catch (UnsealException e) {
            return false;
        }
    }

    @Nested
    class OfAReplicaWithImportedMaterial {

        private final Importer owner = new Importer(node);
        private final byte[] material = TestEntropy.counting(1, 32);
        private KeyRecord primary = owner.give(
                        owner.createKey(TestNode.SCOPE, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, true),
                        material.clone(),
                        Importer.FOR_EVER)
                .key();
        private KeyRecord replica = node.call(new ChangeCommand.ReplicateKey(
                        UUID.randomUUID(), authority(primary), ELSEWHERE.region(), primary.documents()))
                .key();

        OfAReplicaWithImportedMaterial() {
            replica = owner.give(replica, material.clone(), Importer.FOR_EVER).key();
            primary = node.key(primary);
        }

        private void destroyReplica() {
            key = node.key(replica);
            change(new KeyChange.ScheduleDeletion(7));
            node.pass(Duration.ofDays(7));
            assertEquals(1, TestNode.sweep(sweeper));
            primary = node.key(primary);
        }

        private boolean isDestroyed() {
            var id = primary.currentBackingKey().orElseThrow().id();
            return node.vault
                    .read(index -> index.backingKeyRecord(node.vault.names().backingKey(id)))
                    .orElseThrow()
                    .content()
                    .isDestroyed();
        }

        @Test
        void endsTheWaitForItsMaterial() {
            primary = owner.give(primary, TestEntropy.counting(2, 32), Importer.anew())
                    .key();
            assertEquals(
                    MaterialState.PENDING_MULTI_REGION_IMPORT_AND_ROTATION,
                    primary.backingKeys().get(1).state());

            destroyReplica();

            assertEquals(
                    MaterialState.PENDING_ROTATION, primary.backingKeys().get(1).state());
            key = primary;
            change(new KeyChange.RotateOnDemand());
            assertEquals(MaterialState.CURRENT, key.backingKeys().get(1).state());
        }

        @Test
        void takesTheBytesAlongThatNoOtherRegionHas() {
            var blob = node.encrypt(node.key(replica), "x");
            primary = owner.take(primary, Optional.empty()).key();
            assertFalse(isDestroyed());

            destroyReplica();

            assertTrue(isDestroyed());
            assertEquals(KeyState.PENDING_IMPORT, primary.lifecycle().state());
            primary = owner.give(primary, material.clone(), Importer.FOR_EVER).key();
            assertEquals("x", node.decrypt(primary, blob));
        }

        @Test
        void leavesTheBytesThatAnotherRegionHas() {
            destroyReplica();

            assertFalse(isDestroyed());
            assertEquals("x", node.decrypt(primary, node.encrypt(primary, "x")));
        }
    }
}
