package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.Importer.FOR_EVER;
import static dev.strongroom.hsm.node.command.Importer.anew;
import static dev.strongroom.hsm.node.command.Importer.importing;
import static dev.strongroom.hsm.node.command.Importer.until;
import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static dev.strongroom.hsm.node.command.TestNode.plaintext;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.ImportedMaterial;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MaterialChangesTest {

    private final TestNode node = new TestNode();
    private final Importer owner = new Importer(node);
    private final byte[] material = TestEntropy.counting(1, 32);
    private final byte[] other = TestEntropy.counting(2, 32);
    private final KeyRecord key = owner.createKey();

    private static UseCommand.Encrypt encryption(KeyRecord key) {
        return new UseCommand.Encrypt(authority(key), plaintext("x"), AAD);
    }

    /** The sealed material as it lies in the records; empty if there is none, of no bytes if it was destroyed. */
    private Optional<Bytes> sealed(KeyRecord key, String materialId) {
        return key.backingKeys().stream()
                .filter(generation -> generation.materialId().equals(materialId))
                .findFirst()
                .flatMap(generation -> node.vault.read(
                        index -> index.backingKeyRecord(node.vault.names().backingKey(generation.id()))))
                .map(stored -> stored.content().sealedMaterial());
    }

    @Nested
    class AKeyWithoutMaterial {

        @Test
        void waitsForIt() {
            assertEquals(KeyState.PENDING_IMPORT, key.lifecycle().state());
            assertEquals(KeyRecord.Material.NONE, key.material());
            assertEquals(Refusal.KEY_PENDING_IMPORT, node.refusal(encryption(key)));
        }

        @Test
        void worksAsSoonAsItIsThere() {
            var imported = owner.give(key, material.clone(), FOR_EVER);

            assertEquals(KeyState.ENABLED, imported.key().lifecycle().state());
            var generation = imported.key().currentBackingKey().orElseThrow();
            assertEquals(imported.materialId(), generation.materialId());
            assertEquals(Optional.of(new ImportedMaterial(true, Optional.empty(), "")), generation.imported());
            assertEquals("x", node.decrypt(imported.key(), node.encrypt(imported.key(), "x")));
            assertEquals(imported.key(), node.key(key));
        }

        @Test
        void getsItInOneEntryOfTheLog() {
            var parameters = owner.freshParameters(key);
            long before = node.store.appliedIndex();
            var unused = node.call(importing(key, parameters, material.clone(), FOR_EVER));

            assertEquals(before + 1, node.store.appliedIndex());
        }

        @Test
        void losesNothingByADeletion() {
            var deleted = owner.take(key, Optional.empty());

            assertEquals("", deleted.materialId());
            assertEquals(key.lifecycle(), deleted.key().lifecycle());
        }

        @Test
        void goesBackToWaitingWhenItsDeletionIsCalledOff() {
            var scheduled = node.change(key, new KeyChange.ScheduleDeletion(7));

            assertEquals(
                    KeyState.PENDING_IMPORT,
                    node.change(scheduled, new KeyChange.CancelDeletion())
                            .lifecycle()
                            .state());
        }
    }

    @Nested
    class TheIdOfMaterial {

        @Test
        void followsFromKeyAndMaterial() {
            var first = owner.give(key, material.clone(), FOR_EVER);
            var gone = owner.take(first.key(), Optional.empty());
            var again = owner.give(gone.key(), material.clone(), FOR_EVER);
            var elsewhere = owner.give(owner.createKey(), material.clone(), FOR_EVER);

            assertEquals(first.materialId(), gone.materialId());
            assertEquals(first.materialId(), again.materialId());
            assertNotEquals(first.materialId(), elsewhere.materialId());
        }
    }

    @Nested
    class Deleted {

        private final KeyRecord enabled =
                owner.give(key, material.clone(), FOR_EVER).key();
        private final Bytes blob = node.encrypt(enabled, "x");
        private final String id = enabled.currentBackingKey().orElseThrow().materialId();
        private final KeyRecord empty = owner.take(enabled, Optional.empty()).key();

        @Test
        void materialIsDestroyed() {
            assertEquals(KeyState.PENDING_IMPORT, empty.lifecycle().state());
            assertEquals(Optional.of(Bytes.empty()), sealed(empty, id));
            assertEquals(Refusal.KEY_PENDING_IMPORT, node.refusal(encryption(empty)));
            assertEquals(Refusal.KEY_PENDING_IMPORT, node.refusal(new UseCommand.Decrypt(authority(empty), blob, AAD)));
        }

        @Test
        void blobsStillLeadToTheKey() {
            var named = CiphertextBlob.backingKeyId(blob.readOnlyArray()).orElseThrow();
            var found = node.call(new LookupCommand.FindKey(
                    new KeyAddress.ByBackingKey(TestNode.SCOPE.region(), named), Freshness.LOCAL));

            assertEquals(empty, found.key());
        }

        @Test
        void theSameBytesOpenOldBlobsAgain() {
            var back = owner.give(empty, material.clone(), FOR_EVER).key();

            assertEquals(KeyState.ENABLED, back.lifecycle().state());
            assertEquals("x", node.decrypt(back, blob));
        }

        @Test
        void otherBytesDoNotComeInTheirPlace() {
            var parameters = owner.parameters(empty);

            assertEquals(
                    Refusal.INCORRECT_KEY_MATERIAL,
                    node.refusal(importing(empty, parameters, other.clone(), FOR_EVER)));
            assertEquals(
                    Refusal.INCORRECT_KEY_MATERIAL,
                    node.refusal(importing(empty, parameters, material.clone(), anew())));
        }

        @Test
        void aSecondDeletionChangesNothing() {
            assertEquals(
                    empty.material(), owner.take(empty, Optional.of(id)).key().material());
        }

        @Test
        void theNodeThatStartsAnewKnowsIt() {
            var restarted = new TestNode(node.rootKey, node.store);

            assertEquals(Refusal.KEY_PENDING_IMPORT, restarted.refusal(encryption(empty)));
            assertEquals(empty, restarted.key(empty));
        }
    }

    @Nested
    class PendingDeletion {

        @Test
        void aKeyTakesNoMaterialAndKeepsItsStateWhenItIsDeleted() {
            var enabled = owner.give(key, material.clone(), FOR_EVER).key();
            var parameters = owner.parameters(enabled);
            var doomed = node.change(enabled, new KeyChange.ScheduleDeletion(7));

            assertEquals(
                    Refusal.KEY_PENDING_DELETION,
                    node.refusal(importing(doomed, parameters, material.clone(), FOR_EVER)));
            assertEquals(
                    Refusal.KEY_PENDING_DELETION,
                    node.refusal(new ImportCommand.MakeImportParameters(
                            authority(doomed), WrappingAlgorithm.RSAES_OAEP_SHA_1, WrappingKeySpec.RSA_2048)));
            var without = owner.take(doomed, Optional.empty()).key();
            assertEquals(doomed.lifecycle(), without.lifecycle());
            assertEquals(
                    KeyState.PENDING_IMPORT,
                    node.change(without, new KeyChange.CancelDeletion())
                            .lifecycle()
                            .state());
        }
    }

    @Nested
    class Expiring {

        private final KeyRecord enabled = owner.give(key, material.clone(), until(node.now.plus(Duration.ofHours(1))))
                .key();
        private final Bytes blob = node.encrypt(enabled, "x");

        @Test
        void materialServesUntilItsDateAndNotBeyond() {
            node.now = node.now.plus(Duration.ofHours(1)).minusMillis(1);
            assertEquals("x", node.decrypt(enabled, blob));
            node.now = node.now.plusMillis(1);
            assertEquals(
                    Refusal.KEY_PENDING_IMPORT, node.refusal(new UseCommand.Decrypt(authority(enabled), blob, AAD)));
            assertEquals(Refusal.KEY_PENDING_IMPORT, node.refusal(encryption(enabled)));
        }

        @Test
        void theRecordSaysSoAtOnce() {
            node.now = node.now.plus(Duration.ofHours(1));
            var found = node.key(enabled);

            assertEquals(KeyState.PENDING_IMPORT, found.lifecycle().state());
            assertEquals(
                    Optional.of(new ImportedMaterial(false, Optional.empty(), "")),
                    found.currentBackingKey().flatMap(KeyRecord.BackingKey::imported));
        }

        @Test
        void noStateCanBeSetThatWouldHideIt() {
            node.now = node.now.plus(Duration.ofHours(1));

            for (var state : new KeyState[] {KeyState.ENABLED, KeyState.DISABLED}) {
                assertEquals(
                        Refusal.KEY_PENDING_IMPORT,
                        node.refusal(new ChangeCommand.ChangeKey(
                                UUID.randomUUID(), authority(enabled), new KeyChange.SetState(state))));
            }
        }

        @Test
        void aNewImportMovesTheDate() {
            var longer = owner.give(enabled, material.clone(), until(node.now.plus(Duration.ofDays(2))))
                    .key();
            node.now = node.now.plus(Duration.ofDays(1));

            assertEquals("x", node.decrypt(longer, blob));
        }

        @Test
        void anExpiredMaterialMayComeAgain() {
            node.now = node.now.plus(Duration.ofDays(1));
            var again = owner.give(enabled, material.clone(), FOR_EVER).key();

            assertEquals(KeyState.ENABLED, again.lifecycle().state());
            assertEquals("x", node.decrypt(again, blob));
        }
    }

    @Nested
    class SeveralMaterials {

        private final KeyRecord first =
                owner.give(key, material.clone(), FOR_EVER).key();
        private final String firstId = first.currentBackingKey().orElseThrow().materialId();
        private final KeyRecord waiting =
                owner.give(first, other.clone(), anew()).key();
        private final String otherId = waiting.backingKeys().get(1).materialId();

        @Test
        void theNewOneWaits() {
            assertEquals(firstId, waiting.currentBackingKey().orElseThrow().materialId());
            assertEquals(
                    MaterialState.PENDING_ROTATION, waiting.backingKeys().get(1).state());
            assertEquals(KeyState.ENABLED, waiting.lifecycle().state());
        }

        @Test
        void onlyOneWaits() {
            var refused = node.refused(
                    node.gateway, importing(waiting, owner.parameters(waiting), TestEntropy.counting(3, 32), anew()));

            assertEquals(Refusal.ROTATION_PENDING, refused.refusal());
            assertTrue(refused.detail().endsWith(" " + otherId), refused::detail);
        }

        @Test
        void whatWaitsMayBeDeletedFreelyAndLeavesNothing() {
            var left = owner.take(waiting, Optional.of(otherId));

            assertEquals(otherId, left.materialId());
            assertEquals(KeyState.ENABLED, left.key().lifecycle().state());
            assertEquals(1, left.key().backingKeys().size());
            var id = waiting.backingKeys().get(1).id();
            assertEquals(
                    Optional.<Object>empty(),
                    node.vault.read(index -> index.find(node.vault.names().backingKey(id))));
            assertEquals(
                    2,
                    owner.give(left.key(), other.clone(), anew())
                            .key()
                            .backingKeys()
                            .size());
        }

        @Test
        void deletingWithoutAnIdMeansTheCurrentOne() {
            var without = owner.take(waiting, Optional.empty());

            assertEquals(firstId, without.materialId());
            assertEquals(KeyState.PENDING_IMPORT, without.key().lifecycle().state());
        }
    }

    @Nested
    class Parameters {

        @Test
        void areMadeAnewEveryTimeAndAllOfThemServe() {
            var first = owner.freshParameters(key);
            var second = owner.freshParameters(key);

            assertNotEquals(first.publicKey(), second.publicKey());
            assertEquals(node.now.plus(Duration.ofHours(24)), first.validTo());
            var enabled = node.call(importing(key, second, material.clone(), FOR_EVER))
                    .key();
            var again = node.call(importing(enabled, first, material.clone(), FOR_EVER));
            assertEquals(KeyState.ENABLED, again.key().lifecycle().state());
        }

        @Test
        void changeNothing() {
            long before = node.store.appliedIndex();
            var unused = owner.freshParameters(key);

            assertEquals(before, node.store.appliedIndex());
        }
    }

    @Test
    void theDestroyedFormOfABackingKeyHasNoMaterial() {
        var whole = new Content.BackingKey(
                Bytes.wrap(new byte[16]), "111122223333", "x", Bytes.wrap(new byte[16]), Bytes.wrap(new byte[9]));

        assertTrue(whole.destroyed().isDestroyed());
        assertEquals(whole.id(), whole.destroyed().id());
    }
}
