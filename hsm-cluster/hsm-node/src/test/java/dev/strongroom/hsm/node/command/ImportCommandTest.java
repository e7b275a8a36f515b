package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.Importer.FOR_EVER;
import static dev.strongroom.hsm.node.command.Importer.importing;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One import command: what it rests on, what it refuses and in which order, what becomes of it when it is repeated. */
class ImportCommandTest {

    private final TestNode node = new TestNode();
    private final Importer owner = new Importer(node);
    private final byte[] material = TestEntropy.counting(1, 32);
    private final KeyRecord key = owner.createKey();

    private final ImportCommand.ImportMaterial command =
            importing(key, owner.parameters(key), material.clone(), FOR_EVER);

    @Test
    void repeatedFindsWhatItDid() {
        var first = node.call(command);
        long after = node.store.appliedIndex();
        var again = node.call(command);

        assertEquals(first, again);
        assertEquals(first.key(), node.key(key));
        assertTrue(node.store.appliedIndex() - after <= 1, "at most the question whether it was done");
    }

    @Test
    void restsOnItsStamps() {
        var unused = node.change(key, new KeyChange.SetDescription("changed"));

        assertEquals(Refusal.STALE, node.refusal(command));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 255, 257, 512})
    void ofAnotherLengthThanTheWrappingKeyMakesIsToldSo(int length) {
        assertEquals(
                Refusal.INVALID_WRAPPED_SIZE,
                node.refusal(new ImportCommand.ImportMaterial(
                        UUID.randomUUID(), authority(key), command.token(), Bytes.wrap(new byte[length]), FOR_EVER)));
    }

    @Test
    void thatDoesNotUnwrapIsNoCiphertext() {
        var octets = command.wrapped().toArray();
        octets[200] ^= 1;

        assertEquals(
                Refusal.INVALID_CIPHERTEXT,
                node.refusal(new ImportCommand.ImportMaterial(
                        UUID.randomUUID(), authority(key), command.token(), Bytes.wrap(octets), FOR_EVER)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31, 33, 64})
    void ofMaterialThatIsNoKeyIsRefused(int length) {
        var parameters = owner.parameters(key);

        assertEquals(
                Refusal.INCORRECT_KEY_MATERIAL, node.refusal(importing(key, parameters, new byte[length], FOR_EVER)));
    }

    @Test
    void withTheTokenOfAnotherKeyIsRefused() {
        var stranger = owner.createKey();

        assertEquals(
                Refusal.INVALID_IMPORT_TOKEN,
                node.refusal(importing(stranger, owner.parameters(key), material.clone(), FOR_EVER)));
    }

    @Test
    void comesTooLateAfterADay() {
        node.now = node.now.plus(Duration.ofHours(24));

        assertEquals(Refusal.EXPIRED_IMPORT_TOKEN, node.refusal(command));
    }

    @Test
    void isCarriedOutByAnyNodeAlsoAfterARestart() {
        var restarted = new TestNode(node.rootKey, node.store);

        assertEquals(KeyState.ENABLED, restarted.call(command).key().lifecycle().state());
    }

    @Test
    void isNotForKeysWhoseMaterialIsMadeHere() {
        var made = node.createKey();

        assertEquals(
                Refusal.INVALID_FOR_KEY,
                node.refusal(importing(made, owner.parameters(key), material.clone(), FOR_EVER)));
        assertEquals(
                Refusal.INVALID_FOR_KEY,
                node.refusal(new ImportCommand.DeleteMaterial(UUID.randomUUID(), authority(made), Optional.empty())));
        assertEquals(
                Refusal.INVALID_FOR_KEY,
                node.refusal(new ImportCommand.MakeImportParameters(
                        authority(made), WrappingAlgorithm.RSAES_OAEP_SHA_1, WrappingKeySpec.RSA_2048)));
    }

    @Test
    void saysWhatIsWrongWithTheKeyBeforeWhatIsWrongWithTheToken() {
        var doomed = node.change(key, new KeyChange.ScheduleDeletion(7));

        assertEquals(
                Refusal.KEY_PENDING_DELETION,
                node.refusal(new ImportCommand.ImportMaterial(
                        UUID.randomUUID(), authority(doomed), Bytes.empty(), Bytes.empty(), FOR_EVER)));
    }
}
