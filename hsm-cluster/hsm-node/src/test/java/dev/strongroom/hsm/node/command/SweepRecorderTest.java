package dev.strongroom.hsm.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.audit.Ledger;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepRecorderTest {

    @TempDir
    private Path folder;

    private final TestNode node = new TestNode();
    private final Importer owner = new Importer(node);

    private static Sweeper sweeper(TestNode node, Ledger ledger) {
        return new Sweeper(node, node.parts, node.executor.lastUses(), ledger, "n1", 1);
    }

    /** Each is recorded as due and as done, of the same key and command. */
    private static void assertDone(String deed, KeyRecord key, List<String> lines) {
        var own = lines.stream()
                .filter(line -> line.contains(
                        "\"key\":\"111122223333/eu-west-1/" + key.name().keyId() + "\""))
                .toList();
        assertEquals(2, own.size(), lines.toString());
        for (var line : own) {
            assertTrue(
                    line.contains(
                            "\"session\":0,\"peer\":\"\",\"certificate\":\"\",\"user\":\"\",\"role\":\"\",\"command\":\""
                                    + deed + "\""),
                    line);
            assertTrue(line.contains("\"revision\":" + key.stamp().revision() + ","), line);
        }
        assertTrue(own.get(0).contains("\"result\":\"DUE\""), own.get(0));
        assertTrue(own.get(1).contains("\"result\":\"OK\""), own.get(1));
        assertEquals(commandId(own.get(0)), commandId(own.get(1)));
    }

    private static String commandId(String line) {
        return line.replaceAll(".*\"commandId\":\"([0-9a-f]{32})\".*", "$1");
    }

    @Test
    void whatADateBringsAboutIsRecordedBeforeAndAfterwards() throws Exception {
        var doomed = node.change(node.createKey(), new KeyChange.ScheduleDeletion(7));
        var rotating = node.change(node.createKey(), new KeyChange.SetRotation(90));
        var expiring = owner.give(
                        owner.createKey(),
                        TestEntropy.counting(1, 32),
                        Importer.until(node.now.plus(Duration.ofDays(1))))
                .key();
        node.now = node.now.plus(Duration.ofDays(90));
        try (var trail = TestTrail.open(node, folder)) {
            assertEquals(3, sweeper(node, trail).sweep().toCompletableFuture().get(20, TimeUnit.SECONDS));
            var lines = TestTrail.commands(folder);
            assertEquals(6, lines.size(), lines.toString());
            assertDone("DestroyKey", doomed, lines);
            assertDone("RotateKey", rotating, lines);
            assertDone("ExpireMaterial", expiring, lines);
        }
    }

    @Test
    void whatAnotherNodeDidFirstIsRecordedAsAConflict() throws Exception {
        var unused = node.change(node.createKey(), new KeyChange.ScheduleDeletion(7));
        node.now = node.now.plus(Duration.ofDays(7));
        var other = new TestNode(node.rootKey, node.store);
        other.now = node.now;
        node.store.hold();
        assertEquals(1, TestNode.sweep(other.sweeper("n2", 1)));
        try (var trail = TestTrail.open(node, folder)) {
            assertEquals(0, sweeper(node, trail).sweep().toCompletableFuture().get(20, TimeUnit.SECONDS));
            assertTrue(
                    TestTrail.commands(folder).get(1).contains("\"result\":\"CONFLICT\""),
                    TestTrail.commands(folder).toString());
        }
        node.store.release();
    }

    @Test
    void whatCannotBeRecordedIsNotDone() {
        var key = node.change(node.createKey(), new KeyChange.ScheduleDeletion(7));
        node.now = node.now.plus(Duration.ofDays(7));
        long before = node.store.appliedIndex();

        var failure = assertThrows(CompletionException.class, () -> TestNode.sweep(sweeper(node, new Full())));

        assertInstanceOf(IOException.class, failure.getCause());
        assertEquals(before, node.store.appliedIndex());
        assertTrue(node.find(key.name()).isPresent());
    }

    private static final class Full implements Ledger {
        @Override
        public @Nullable CompletionStage<Void> record(Weight weight, Fields fields) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public byte[] contextTag(byte[] context) {
            return new byte[0];
        }

        @Override
        public boolean isFailing() {
            return true;
        }
    }
}
