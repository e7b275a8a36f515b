package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.Importer.FOR_EVER;
import static dev.strongroom.hsm.node.command.Importer.anew;
import static dev.strongroom.hsm.node.command.Importer.importing;
import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static dev.strongroom.hsm.node.command.TestNode.plaintext;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.UseCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaChangesTest {

    private static final String AWAY = "us-east-1";
    private static final KeyRecord.Documents ITS_OWN =
            new KeyRecord.Documents("a copy", "{\"Version\":\"2012-10-17\"}", List.of(new KeyRecord.Tag("a", "b")));

    private final TestNode node = new TestNode();
    private final KeyRecord key = node.createMultiRegionKey();

    private static ChangeCommand.ReplicateKey replication(KeyRecord primary, String region) {
        return new ChangeCommand.ReplicateKey(UUID.randomUUID(), authority(primary), region, ITS_OWN);
    }

    private KeyRecord replicate(KeyRecord primary, String region) {
        return node.call(replication(primary, region)).key();
    }

    private KeyRecord move(KeyRecord primary, String region) {
        return node.call(new ChangeCommand.UpdatePrimaryRegion(UUID.randomUUID(), authority(primary), region))
                .key();
    }

    @Nested
    class AReplica {

        private final KeyRecord replica = replicate(key, AWAY);
        private final KeyRecord primary = node.key(key);

        @Test
        void isTheSameKeyInAnotherRegion() {
            assertEquals(
                    new KeyName(new Scope(SCOPE.accountId(), AWAY), key.name().keyId()), replica.name());
            assertEquals(key.attributes().spec(), replica.attributes().spec());
            assertEquals(primary.material(), replica.material());
            assertEquals(KeyRecord.Lifecycle.of(KeyState.ENABLED), replica.lifecycle());
        }

        @Test
        void hasPapersOfItsOwn() {
            assertEquals(ITS_OWN, replica.documents());
            assertEquals(key.documents(), primary.documents());
        }

        @Test
        void isKnownInEveryRegionOfTheKey() {
            var shared = primary.material().multiRegion().orElseThrow();
            assertTrue(primary.isPrimary());
            assertFalse(replica.isPrimary());
            assertEquals(SCOPE.region(), shared.primaryRegion());
            assertEquals(List.of(AWAY), shared.replicaRegions());
        }

        @Test
        void opensWhatThePrimaryClosedAndTheOtherWayRound() {
            assertEquals("x", node.decrypt(replica, node.encrypt(primary, "x")));
            assertEquals("y", node.decrypt(primary, node.encrypt(replica, "y")));
        }

        @Test
        void hasAStateOfItsOwn() {
            var disabled = node.change(replica, new KeyChange.SetState(KeyState.DISABLED));

            assertEquals(
                    Refusal.KEY_DISABLED,
                    node.refusal(new UseCommand.Encrypt(authority(disabled), plaintext("x"), AAD)));
            assertEquals("x", node.decrypt(primary, node.encrypt(primary, "x")));
        }

        @Test
        void isMadeOnce() {
            assertEquals(Refusal.ALREADY_EXISTS, node.refusal(replication(primary, AWAY)));
            assertEquals(Refusal.ALREADY_EXISTS, node.refusal(replication(primary, SCOPE.region())));
        }

        @Test
        void isMadeFromThePrimaryOnly() {
            assertEquals(Refusal.INVALID_FOR_KEY, node.refusal(replication(replica, "ap-south-1")));
        }

        @Test
        void maybeOneOfMany() {
            var third = replicate(primary, "ap-south-1");

            assertEquals(
                    List.of(AWAY, "ap-south-1"),
                    third.material().multiRegion().orElseThrow().replicaRegions());
        }

        @Test
        void isThereAfterARestart() {
            var restarted = new TestNode(node.rootKey, node.store);

            assertEquals(replica, restarted.key(replica));
            assertEquals("x", restarted.decrypt(replica, node.encrypt(primary, "x")));
        }
    }

    @Test
    void aReplicationIsOneEntryOfTheLogAndRepeatedFindsItsReplica() {
        var command = replication(key, AWAY);
        long before = node.store.appliedIndex();
        var first = node.call(command).key();
        assertEquals(before + 1, node.store.appliedIndex());

        assertEquals(first, node.call(command).key());
    }

    @Test
    void ofTwoReplicationsAtOnceOneDecidesAnew() {
        var unused = replicate(key, AWAY);

        assertEquals(Refusal.STALE, node.refusal(replication(key, "ap-south-1")));
    }

    @Test
    void singleRegionKeysStayWhereTheyAre() {
        assertEquals(Refusal.INVALID_FOR_KEY, node.refusal(replication(node.createKey(), AWAY)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "EU", "eu west", "a-region-whose-name-is-longer-than-any-1"})
    void aRegionHasTheNameOfOne(String region) {
        assertEquals(Refusal.MALFORMED, node.refusal(replication(key, region)));
    }

    @Test
    void aUserServesBothRegions() {
        var small = Session.inProcess("small");
        assertEquals(Refusal.NOT_PERMITTED, node.refusal(small, replication(key, AWAY)));
    }

    @Test
    void aKeyThatCannotBeUsedIsNotReplicated() {
        var disabled = node.change(key, new KeyChange.SetState(KeyState.DISABLED));
        assertEquals(Refusal.KEY_DISABLED, node.refusal(replication(disabled, AWAY)));
        var doomed = node.change(disabled, new KeyChange.ScheduleDeletion(7));
        assertEquals(Refusal.KEY_PENDING_DELETION, node.refusal(replication(doomed, AWAY)));
    }

    @Nested
    class APrimary {

        private final KeyRecord replica = replicate(key, AWAY);
        private final KeyRecord primary = node.key(key);

        @Test
        void changesPlacesWithAReplica() {
            var former = move(primary, AWAY);
            var now = node.key(replica);

            assertFalse(former.isPrimary());
            assertTrue(now.isPrimary());
            assertEquals(
                    List.of(SCOPE.region()),
                    now.material().multiRegion().orElseThrow().replicaRegions());
            assertEquals("x", node.decrypt(now, node.encrypt(former, "x")));
            assertEquals(KeyState.ENABLED, now.lifecycle().state());
        }

        @Test
        void mayComeBack() {
            var unused = move(primary, AWAY);
            unused = move(node.key(replica), SCOPE.region());

            assertTrue(node.key(primary).isPrimary());
            assertEquals(
                    List.of(AWAY),
                    node.key(primary).material().multiRegion().orElseThrow().replicaRegions());
        }

        @Test
        void movesOnceHoweverOftenItsCommandIsSent() {
            var command = new ChangeCommand.UpdatePrimaryRegion(UUID.randomUUID(), authority(primary), AWAY);
            var first = node.call(command);

            assertEquals(first, node.call(command));
            assertTrue(node.key(replica).isPrimary());
        }

        @Test
        void movesOnlyToARegionThatHasAUsableReplica() {
            assertEquals(
                    Refusal.NOT_FOUND,
                    node.refusal(new ChangeCommand.UpdatePrimaryRegion(
                            UUID.randomUUID(), authority(primary), "ap-south-1")));
            var doomed = node.change(replica, new KeyChange.ScheduleDeletion(7));
            assertEquals(KeyState.PENDING_DELETION, doomed.lifecycle().state());
            assertEquals(
                    Refusal.KEY_PENDING_DELETION,
                    node.refusal(new ChangeCommand.UpdatePrimaryRegion(UUID.randomUUID(), authority(primary), AWAY)));
        }

        @Test
        void thatWaitsForItsReplicasToGoIsNeitherMovedNorReplicated() {
            var doomed = node.change(primary, new KeyChange.ScheduleDeletion(7));
            assertEquals(KeyState.PENDING_REPLICA_DELETION, doomed.lifecycle().state());
            assertEquals(
                    Refusal.KEY_PENDING_DELETION,
                    node.refusal(new ChangeCommand.UpdatePrimaryRegion(UUID.randomUUID(), authority(doomed), AWAY)));
            assertEquals(Refusal.KEY_PENDING_DELETION, node.refusal(replication(doomed, "ap-south-1")));
        }

        @Test
        void getsANewReplicaWhereOneIsOnlyOnceThatIsGone() {
            var unused = node.change(replica, new KeyChange.ScheduleDeletion(7));
            assertEquals(Refusal.ALREADY_EXISTS, node.refusal(replication(primary, AWAY)));
            node.now = node.now.plus(Duration.ofDays(7));
            assertEquals(1, TestNode.sweep(node.sweeper("n1", 1)));

            assertEquals(
                    KeyState.ENABLED,
                    replicate(node.key(primary), AWAY).lifecycle().state());
        }

        @Test
        void isMovedByNobodyElse() {
            assertEquals(
                    Refusal.INVALID_FOR_KEY,
                    node.refusal(new ChangeCommand.UpdatePrimaryRegion(
                            UUID.randomUUID(), authority(replica), SCOPE.region())));
        }
    }

    @Nested
    class WithImportedMaterial {

        private final Importer owner = new Importer(node);
        private final byte[] material = TestEntropy.counting(1, 32);
        private final byte[] other = TestEntropy.counting(2, 32);
        private KeyRecord primary = owner.createKey(SCOPE, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, true);
        private KeyRecord replica;

        WithImportedMaterial() {
            primary = owner.give(primary, material.clone(), FOR_EVER).key();
            replica = replicate(primary, AWAY);
            refresh();
        }

        private void refresh() {
            primary = node.key(primary);
            replica = node.key(replica);
        }

        private boolean isDestroyed(Bytes id) {
            return node.vault
                    .read(index -> index.backingKeyRecord(node.vault.names().backingKey(id)))
                    .map(stored -> stored.content().isDestroyed())
                    .orElse(true);
        }

        @Test
        void aReplicaWaitsForTheSameBytes() {
            assertEquals(KeyState.PENDING_IMPORT, replica.lifecycle().state());
            assertEquals(
                    Refusal.INCORRECT_KEY_MATERIAL,
                    node.refusal(importing(replica, owner.parameters(replica), other.clone(), FOR_EVER)));
            var blob = node.encrypt(primary, "x");

            var ready = owner.give(replica, material.clone(), FOR_EVER).key();

            assertEquals(KeyState.ENABLED, ready.lifecycle().state());
            assertEquals("x", node.decrypt(ready, blob));
        }

        @Test
        void aKeyWithoutMaterialIsNotReplicated() {
            var empty = owner.createKey(SCOPE, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, true);
            assertEquals(Refusal.KEY_PENDING_IMPORT, node.refusal(replication(empty, AWAY)));
        }

        @Test
        void eachRegionLosesItForItselfAndTheLastOneDestroysIt() {
            replica = owner.give(replica, material.clone(), FOR_EVER).key();
            refresh();
            var id = primary.currentBackingKey().orElseThrow().id();
            var blob = node.encrypt(primary, "x");

            primary = owner.take(primary, Optional.empty()).key();
            refresh();
            assertEquals(KeyState.PENDING_IMPORT, primary.lifecycle().state());
            assertEquals("x", node.decrypt(replica, blob));
            assertFalse(isDestroyed(id));

            replica = owner.take(replica, Optional.empty()).key();
            assertEquals(KeyState.PENDING_IMPORT, replica.lifecycle().state());
            assertTrue(isDestroyed(id));
        }

        @Test
        void newMaterialWaitsUntilEveryRegionHasIt() {
            replica = owner.give(replica, material.clone(), FOR_EVER).key();
            refresh();

            primary = owner.give(primary, other.clone(), anew()).key();
            assertEquals(
                    MaterialState.PENDING_MULTI_REGION_IMPORT_AND_ROTATION,
                    primary.backingKeys().get(1).state());

            refresh();
            assertEquals(
                    Refusal.INVALID_FOR_KEY,
                    node.refusal(importing(replica, owner.parameters(replica), TestEntropy.counting(3, 32), anew())));
            replica = owner.give(replica, other.clone(), FOR_EVER).key();
            refresh();
            assertEquals(
                    MaterialState.PENDING_ROTATION, primary.backingKeys().get(1).state());
            assertEquals(KeyState.ENABLED, replica.lifecycle().state());

            replica = owner.take(
                            replica, Optional.of(replica.backingKeys().get(1).materialId()))
                    .key();
            refresh();
            assertEquals(
                    MaterialState.PENDING_MULTI_REGION_IMPORT_AND_ROTATION,
                    primary.backingKeys().get(1).state());
            assertEquals(KeyState.ENABLED, replica.lifecycle().state());
        }

        @Test
        void whatWaitsIsForgottenEverywhereWhenThePrimaryLosesIt() {
            replica = owner.give(replica, material.clone(), FOR_EVER).key();
            refresh();
            primary = owner.give(primary, other.clone(), anew()).key();
            refresh();
            replica = owner.give(replica, other.clone(), FOR_EVER).key();
            refresh();
            var waiting = primary.backingKeys().get(1);

            primary = owner.take(primary, Optional.of(waiting.materialId())).key();
            refresh();

            assertEquals(1, primary.backingKeys().size());
            assertEquals(1, replica.backingKeys().size());
            assertTrue(isDestroyed(waiting.id()));
            primary = owner.give(primary, other.clone(), anew()).key();
            refresh();
            assertEquals(
                    MaterialState.PENDING_MULTI_REGION_IMPORT_AND_ROTATION,
                    primary.backingKeys().get(1).state());
        }

        @Test
        void oneRegionMayLoseItByDateAndTheOtherKeepIt() {
            replica = owner.give(replica, material.clone(), Importer.until(node.now.plus(Duration.ofHours(1))))
                    .key();
            refresh();
            var blob = node.encrypt(primary, "x");
            node.now = node.now.plus(Duration.ofHours(1));

            assertEquals(
                    Refusal.KEY_PENDING_IMPORT, node.refusal(new UseCommand.Decrypt(authority(replica), blob, AAD)));
            assertEquals("x", node.decrypt(primary, blob));
        }
    }
}
