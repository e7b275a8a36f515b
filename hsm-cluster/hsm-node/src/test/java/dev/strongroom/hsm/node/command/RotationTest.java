package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.Rotation;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.MaterialState;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.RotationType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RotationTest {

    private final TestNode node = new TestNode();
    private KeyRecord key = node.createKey();

    private void change(KeyChange change) {
        key = node.change(key, change);
    }

    private Refusal refusal(KeyChange change) {
        return node.refusal(new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), change));
    }

    private void rotate() {
        change(new KeyChange.RotateOnDemand());
    }

    @Test
    void newCiphertextsAreMadeUnderTheNewMaterialAndOldOnesOpen() {
        var blobs = new ArrayList<Bytes>();
        for (int i = 0; i < 5; i++) {
            blobs.add(node.encrypt(key, "text " + i));
            node.now = node.now.plusSeconds(60);
            rotate();
        }

        for (int i = 0; i < 5; i++) {
            assertEquals("text " + i, node.decrypt(key, blobs.get(i)));
        }
        assertEquals(
                5,
                blobs.stream()
                        .map(blob -> blob.toHex().substring(8, 40))
                        .distinct()
                        .count());
    }

    @Test
    void theFormerMaterialIsKeptAsNonCurrent() {
        var before = key.currentBackingKey().orElseThrow();
        node.now = node.now.plusSeconds(60);
        rotate();

        assertEquals(before.with(MaterialState.NON_CURRENT), key.backingKeys().get(0));
        var fresh = key.backingKeys().get(1);
        assertEquals(key.currentBackingKey(), Optional.of(fresh));
        assertEquals(Optional.of(RotationType.ON_DEMAND), fresh.rotation());
        assertEquals(node.now, fresh.created());
        assertNotEquals(before.materialId(), fresh.materialId());
    }

    @Test
    void isOneEntryOfTheLogAndOneRotationHoweverOftenTheCommandComes() {
        long before = node.store.appliedIndex();
        var command = new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), new KeyChange.RotateOnDemand());
        var first = node.call(command).key();
        assertEquals(before + 1, node.store.appliedIndex());

        assertEquals(first, node.call(command).key());
        assertEquals(2, first.backingKeys().size());
    }

    @Test
    void theTwentySixthOnDemandIsRefused() {
        for (int i = 0; i < 25; i++) {
            rotate();
        }
        var refused = node.refused(
                node.gateway,
                new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), new KeyChange.RotateOnDemand()));
        assertEquals(Refusal.LIMIT_EXCEEDED, refused.refusal());
        assertEquals("25", refused.detail());
        assertEquals(26, node.key(key).backingKeys().size());
    }

    @Test
    void aMultiRegionKeyIsRotatedInWhatItShares() {
        key = node.createMultiRegionKey();
        var blob = node.encrypt(key, "x");
        var own = key.stamp();
        rotate();
        change(new KeyChange.SetRotation(90));

        assertEquals(own, key.stamp());
        assertEquals(2, key.backingKeys().size());
        assertEquals(Optional.of(90), key.material().rotation().map(Rotation::periodDays));
        assertEquals("x", node.decrypt(key, blob));
        assertEquals("y", node.decrypt(key, node.encrypt(key, "y")));
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyState.class,
            names = {"DISABLED", "PENDING_DELETION"})
    void needsAnEnabledKey(KeyState state) {
        change(
                state == KeyState.DISABLED
                        ? new KeyChange.SetState(KeyState.DISABLED)
                        : new KeyChange.ScheduleDeletion(7));
        var expected = state == KeyState.DISABLED ? Refusal.KEY_DISABLED : Refusal.KEY_PENDING_DELETION;

        assertEquals(expected, refusal(new KeyChange.RotateOnDemand()));
        assertEquals(expected, refusal(new KeyChange.SetRotation(365)));
        assertEquals(expected, refusal(new KeyChange.StopRotation()));
    }

    @Test
    void thePeriodIsCountedFromTheDayItIsSet() {
        change(new KeyChange.SetRotation(365));
        assertEquals(rotation(365), key.material().rotation());

        node.now = node.now.plus(Duration.ofDays(10));
        var unmoved = key.material().rotation();
        change(new KeyChange.SetRotation(365));
        assertEquals(unmoved, key.material().rotation());

        change(new KeyChange.SetRotation(90));
        assertEquals(rotation(90), key.material().rotation());

        change(new KeyChange.StopRotation());
        assertEquals(Optional.empty(), key.material().rotation());
    }

    private Optional<Rotation> rotation(int days) {
        return Optional.of(new Rotation(days, node.now.plus(Duration.ofDays(days))));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 89, 2561})
    void aPeriodHas90To2560Days(int days) {
        assertEquals(Refusal.MALFORMED, refusal(new KeyChange.SetRotation(days)));
    }

    @Test
    void noneIsMadeOnDemandShortlyBeforeAnAutomaticOne() {
        var start = node.now;
        change(new KeyChange.SetRotation(90));
        var due = start.plus(Duration.ofDays(90));

        node.now = due.minus(Duration.ofMinutes(20)).minusMillis(1);
        rotate();
        node.now = due.minus(Duration.ofMinutes(20));
        assertEquals(Refusal.CONFLICT, refusal(new KeyChange.RotateOnDemand()));
        assertEquals(Optional.of(due), key.material().rotation().map(Rotation::next));
    }

    @Test
    void everyGenerationLivesThroughARestart() {
        var before = node.encrypt(key, "before");
        rotate();
        var after = node.encrypt(key, "after");
        var restarted = new TestNode(node.rootKey, node.store);

        assertEquals(Optional.of(key), restarted.find(key.name()));
        assertEquals("before", restarted.decrypt(key, before));
        assertEquals("after", restarted.decrypt(key, after));
    }
}
