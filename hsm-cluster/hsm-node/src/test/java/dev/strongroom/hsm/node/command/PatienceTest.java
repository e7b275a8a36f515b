package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.audit.Ledger;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key pair that is ready when its client has given up is not made for nothing, and above all not kept. */
class PatienceTest {

    private static final long LIMIT = 25_000_000_000L;

    private final TestNode node = new TestNode();
    private final KeyName name = new KeyName(TestNode.SCOPE, UUID.randomUUID().toString());

    private CommandExecutor executor(Executor generation) {
        return node.executor(generation, Ledger.none());
    }

    private Refusal refusal(Executor generation, Command<?> command) {
        var stage = executor(generation).execute(node.gateway, command, UUID.randomUUID());
        var failure = assertThrows(
                CompletionException.class, () -> stage.toCompletableFuture().join());
        return assertInstanceOf(Refused.class, failure.getCause()).refusal();
    }

    private void goBy(long nanos) {
        long later = node.nanos + nanos;
        node.nanos = later;
    }

    private void waitBefore(long nanos, Runnable work) {
        goBy(nanos);
        work.run();
    }

    private void waitAfter(long nanos, Runnable work) {
        work.run();
        goBy(nanos);
    }

    private ChangeCommand.CreateKey creation(KeySpec spec) {
        return new ChangeCommand.CreateKey(
                UUID.randomUUID(),
                name,
                new ChangeCommand.NewKey(spec, KeyUsage.SIGN_VERIFY, Origin.AWS_KMS, false),
                new KeyRecord.Documents("", "{}", List.of()),
                List.of());
    }

    @Test
    void whatHasWaitedTooLongIsNotBegun() {
        var key = node.createKey();
        var external = new Importer(node).createKey();
        for (var command : List.<Command<?>>of(
                creation(KeySpec.ECC_NIST_P256),
                new UseCommand.GenerateDataKeyPair(
                        authority(key), KeySpec.ECC_NIST_P256, AAD, UseCommand.DataKeyForm.CIPHERTEXT_ONLY),
                new ImportCommand.MakeImportParameters(
                        authority(external), WrappingAlgorithm.RSAES_OAEP_SHA_256, WrappingKeySpec.RSA_2048),
                Importer.importing(
                        external, new Importer(node).parameters(external), new byte[32], Importer.FOR_EVER))) {
            assertEquals(Refusal.DEADLINE_EXCEEDED, refusal(work -> waitBefore(LIMIT, work), command));
        }
        assertTrue(node.find(name).isEmpty());
    }

    @Test
    void aKeyThatIsReadyTooLateIsNotKept() {
        long before = node.store.appliedIndex();
        assertEquals(
                Refusal.DEADLINE_EXCEEDED, refusal(work -> waitAfter(LIMIT, work), creation(KeySpec.ECC_NIST_P256)));
        assertTrue(node.find(name).isEmpty());
        assertEquals(before, node.store.appliedIndex());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, LIMIT - 1})
    void whatIsStillWaitedForIsDone(long waited) {
        Reply.ChangedKey made = executor(work -> waitBefore(waited, work))
                .execute(node.gateway, creation(KeySpec.ECC_NIST_P256), UUID.randomUUID())
                .toCompletableFuture()
                .join();
        assertEquals(name, made.key().name());
    }
}
