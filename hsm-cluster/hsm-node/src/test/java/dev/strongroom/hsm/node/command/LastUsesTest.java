package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static dev.strongroom.hsm.node.command.TestNode.plaintext;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.LastUse;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.TrackedUse;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.UseCommand.DataKeyForm;
import dev.strongroom.hsm.protocol.UseCommand.Side;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LastUsesTest {

    private final TestNode node = new TestNode();
    private final KeyRecord key = node.createKey();
    private final UUID request = UUID.randomUUID();

    private static Optional<LastUse> lastUse(TestNode node, KeyRecord key) {
        return node.call(new LookupCommand.FindLastUse(authority(key))).lastUse();
    }

    private Optional<LastUse> lastUse() {
        return lastUse(node, key);
    }

    private static void use(TestNode node, Command<?> command, UUID request) {
        var unused = node.executor
                .execute(node.gateway, command, request)
                .toCompletableFuture()
                .join();
    }

    private void encrypt(TestNode on) {
        use(on, new UseCommand.Encrypt(authority(key), plaintext("x"), AAD), request);
    }

    private static int flush(TestNode node) {
        return node.executor.lastUses().flush().toCompletableFuture().join();
    }

    private Optional<LastUse> is(TrackedUse use) {
        return Optional.of(new LastUse(use, node.now, request));
    }

    @Test
    void aNewKeyWasNeverUsed() {
        assertEquals(Optional.empty(), lastUse());
    }

    @Test
    void everyUseIsNotedWithTheRequestItServed() {
        encrypt(node);
        assertEquals(is(TrackedUse.ENCRYPT), lastUse());

        node.now = node.now.plusMillis(1);
        var blob = node.encrypt(key, "x");
        use(node, new UseCommand.Decrypt(authority(key), blob, AAD), request);
        assertEquals(is(TrackedUse.DECRYPT), lastUse());

        use(
                node,
                new UseCommand.GenerateDataKey(authority(key), 32, AAD, DataKeyForm.PLAINTEXT_AND_CIPHERTEXT),
                request);
        assertEquals(is(TrackedUse.GENERATE_DATA_KEY), lastUse());

        use(node, new UseCommand.GenerateDataKey(authority(key), 32, AAD, DataKeyForm.CIPHERTEXT_ONLY), request);
        assertEquals(is(TrackedUse.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT), lastUse());
    }

    @Test
    void reEncryptUsesBothKeys() {
        var other = node.createKey();
        var blob = node.encrypt(key, "x");
        use(
                node,
                new UseCommand.ReEncrypt(new Side(authority(key), AAD), blob, new Side(authority(other), AAD)),
                request);

        assertEquals(is(TrackedUse.RE_ENCRYPT), lastUse());
        assertEquals(is(TrackedUse.RE_ENCRYPT), lastUse(node, other));
    }

    @Test
    void aRefusedUseIsNone() {
        assertEquals(
                Refusal.INVALID_CIPHERTEXT,
                node.refusal(new UseCommand.Decrypt(authority(key), Bytes.wrap(new byte[200]), AAD)));
        assertEquals(Optional.empty(), lastUse());
    }

    @Test
    void aRehearsalIsNone() {
        use(node, new UseCommand.Rehearse(new UseCommand.Encrypt(authority(key), plaintext("x"), AAD)), request);
        assertEquals(Optional.empty(), lastUse());
    }

    @Test
    void makesNoStampStaleAndNoEntryOfTheLogOfItsOwn() {
        long index = node.store.appliedIndex();
        for (int i = 0; i < 10; i++) {
            encrypt(node);
        }
        assertEquals(index, node.store.appliedIndex());

        assertEquals(1, flush(node));
        assertEquals(index + 1, node.store.appliedIndex());
        assertEquals(key, node.key(key));
        assertEquals(0, flush(node), "nothing new");
        assertEquals(index + 1, node.store.appliedIndex());
    }

    @Test
    void otherNodesKnowOfItOnceItWentThroughTheLog() {
        var other = new TestNode(node.rootKey, node.store);
        encrypt(node);
        assertEquals(Optional.empty(), lastUse(other, key));

        assertEquals(1, flush(node));
        assertEquals(is(TrackedUse.ENCRYPT), lastUse(other, key));
        assertEquals(is(TrackedUse.ENCRYPT), lastUse());
    }

    @Test
    void ofTwoNodesTheLaterNoteStays() {
        var other = new TestNode(node.rootKey, node.store);
        var early = node.now;
        other.now = early.plusSeconds(60);
        encrypt(other);
        encrypt(node);

        assertEquals(1, flush(other));
        assertEquals(0, flush(node), "is older than what the record says");
        assertEquals(Optional.of(other.now), lastUse().map(LastUse::time));
        assertEquals(Optional.of(other.now), lastUse(other, key).map(LastUse::time));
    }

    @Test
    void aNoteThatMetAConflictGoesTheNextTime() {
        var other = new TestNode(node.rootKey, node.store);
        encrypt(other);
        node.now = node.now.plusSeconds(1);
        encrypt(node);
        node.store.hold();
        assertEquals(1, flush(other));
        assertEquals(0, flush(node));
        node.store.release();

        assertEquals(1, flush(node));
        assertEquals(is(TrackedUse.ENCRYPT), lastUse(other, key));
    }

    @Test
    void allNotesGoWhenTheNodeEnds() {
        var other = new TestNode(node.rootKey, node.store);
        for (int i = 0; i < 1_100; i++) {
            var unused = node.encrypt(node.createKey(), "x");
        }
        encrypt(node);
        assertEquals(Optional.empty(), lastUse(other, key));

        node.sweeper("n1", 1).close();

        assertEquals(is(TrackedUse.ENCRYPT), lastUse(other, key));
        assertEquals(0, flush(node));
    }

    @Test
    void manyKeysGoInBatches() {
        for (int i = 0; i < 250; i++) {
            var unused = node.encrypt(node.createKey(), "x");
        }
        long index = node.store.appliedIndex();
        assertEquals(250, flush(node));
        assertEquals(index + 2, node.store.appliedIndex());
    }
}
