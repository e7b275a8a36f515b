package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.SampleGrants.toReader;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.audit.Ledger;
import dev.strongroom.hsm.node.audit.Line;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.CommandCodec;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Recipient;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.UseCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is answered before it is recorded, and a record says what was done without what must not be said. */
class RecordedCommandsTest {

    private static final UUID REQUEST = new UUID(7, 8);
    private static final String FINGERPRINT = "ab".repeat(32);
    private static final String SECRET = "attack at dawn, says nobody";

    @TempDir
    private Path folder;

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.vault.close();
    }

    private CommandExecutor executor(Ledger ledger) {
        return node.executor(Runnable::run, ledger);
    }

    private static <R extends Reply> R call(CommandExecutor executor, Session session, Command<R> command) {
        try {
            return executor.execute(session, command, REQUEST)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Refused refused ? refused : e;
        }
    }

    private static Plaintext secret() {
        return Plaintext.wrap(SECRET.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aUseOfAKeyIsRecordedWithoutItsSecretsAndNamesTheKey() throws Exception {
        var key = node.createKey();
        var authority = new Authority(key.stamp(), List.of());
        try (var trail = TestTrail.open(node, folder)) {
            var executor = executor(trail);
            var encrypted = call(executor, node.gateway, new UseCommand.Encrypt(authority, secret(), TestNode.AAD));
            var decrypt = new UseCommand.Decrypt(authority, encrypted.blob(), TestNode.AAD);
            call(executor, node.gateway, decrypt).plaintext().close();
            assertThrows(
                    Refused.class,
                    () -> call(
                            executor,
                            node.gateway,
                            new UseCommand.Decrypt(authority, encrypted.blob(), Bytes.empty())));
            var hash = HexFormat.of().formatHex(trail.contextTag(CommandCodec.publicPart(decrypt)));
            var context = HexFormat.of().formatHex(trail.contextTag(TestNode.AAD.readOnlyArray()));
            var lines = TestTrail.commands(folder);
            var backingKey = key.backingKeys().get(0).id().toHex();
            for (var line : lines) {
                assertTrue(line.contains("\"requestId\":\"" + REQUEST + "\""), line);
                assertTrue(line.contains("\"user\":\"gateway\",\"role\":\"CRYPTO_USER\""), line);
                assertTrue(
                        line.contains(
                                "\"key\":\"111122223333/eu-west-1/" + key.name().keyId() + "\""),
                        line);
                assertTrue(line.contains("\"backingKey\":\"" + backingKey + "\""), line);
                assertFalse(line.contains("orders"), "the context is shown in clear: " + line);
            }
            assertEquals(3, lines.size(), lines.toString());
            assertTrue(lines.get(0).contains("\"command\":\"Encrypt\""), lines.get(0));
            assertTrue(lines.get(1).contains("\"context\":\"" + context + "\""), lines.get(1));
            assertTrue(lines.get(1).contains("\"params\":\"" + hash + "\",\"result\":\"OK\""), lines.get(1));
            assertTrue(lines.get(2).contains("\"result\":\"INVALID_CIPHERTEXT\""), lines.get(2));
            assertHidden(lines);
        }
    }

    @Test
    void bothKeysOfAReEncryptionAreNamedAndARehearsalIsToldFromAUse() throws Exception {
        var key = node.createKey();
        var other = node.createKey();
        var blob = node.encrypt(key, "x");
        var moving = new UseCommand.ReEncrypt(
                new UseCommand.Side(TestNode.authority(key), TestNode.AAD),
                blob,
                new UseCommand.Side(TestNode.authority(other), TestNode.AAD));
        try (var trail = TestTrail.open(node, folder)) {
            var executor = executor(trail);
            var unused = call(executor, node.gateway, moving);
            assertEquals(new Reply.Done(), call(executor, node.gateway, new UseCommand.Rehearse(moving)));
            var lines = TestTrail.commands(folder);
            for (var line : lines) {
                assertTrue(
                        line.contains(
                                "\"key\":\"111122223333/eu-west-1/" + key.name().keyId()),
                        line);
                assertTrue(
                        line.contains("\"key2\":\"111122223333/eu-west-1/"
                                + other.name().keyId()),
                        line);
            }
            assertTrue(lines.get(0).contains("\"command\":\"ReEncrypt\""), lines.get(0));
            assertTrue(lines.get(1).contains("\"command\":\"RehearseReEncrypt\""), lines.get(1));
        }
    }

    @Test
    void grantsAreNamedAndTheirTokensAreNot() throws Exception {
        var key = node.createKey();
        try (var trail = TestTrail.open(node, folder)) {
            var executor = executor(trail);
            var made = call(executor, node.gateway, SampleGrants.creation(key, SampleGrants.id(1), toReader()));
            var byToken = new GrantCommand.FindGrant(new GrantAddress.ByToken(made.token()), Freshness.LOCAL);
            assertEquals(made.grant(), call(executor, node.gateway, byToken).grant());
            assertEquals(new Reply.Done(), call(executor, node.gateway, SampleGrants.revocation(key, made.grant())));
            var lines = TestTrail.commands(folder);
            var record = "\"record2\":\"%016x%016x\""
                    .formatted(
                            made.grant().stamp().idHigh(), made.grant().stamp().idLow());
            var name = "\"key\":\"111122223333/eu-west-1/" + key.name().keyId() + "\"";
            assertTrue(lines.get(0).contains("\"command\":\"CreateGrant\""), lines.get(0));
            assertTrue(lines.get(0).contains("\"about\":\"" + SampleGrants.id(1) + "\""), lines.get(0));
            assertTrue(lines.get(0).contains(name), lines.get(0));
            assertTrue(lines.get(2).contains("\"command\":\"RevokeGrant\""), lines.get(2));
            assertTrue(lines.get(2).contains(record), lines.get(2));
            assertTrue(lines.get(2).contains(name), lines.get(2));
            for (var line : lines) {
                assertFalse(line.contains(made.token().toHex()), line);
            }
        }
    }

    @Test
    void anAnswerForARecipientIsToldFromOneForTheCaller() throws Exception {
        try (var trail = TestTrail.open(node, folder)) {
            var executor = executor(trail);
            call(executor, node.gateway, new UseCommand.GenerateRandom(5))
                    .octets()
                    .close();
            var document = Bytes.wrap(new byte[] {1, 2, 3});
            var sealed = new UseCommand.GenerateRandom(5, List.of(), Optional.of(new Recipient(document)));
            assertThrows(Refused.class, () -> call(executor, node.gateway, sealed));
            var lines = TestTrail.commands(folder);
            assertFalse(lines.get(0).contains("\"recipient\""), lines.get(0));
            var hash = HexFormat.of().formatHex(trail.contextTag(document.readOnlyArray()));
            assertTrue(lines.get(1).contains("\"recipient\":\"" + hash + "\""), lines.get(1));
            assertTrue(lines.get(1).contains("\"result\":\"INVALID_ATTESTATION\""), lines.get(1));
        }
    }

    @Test
    void loginsAreRecordedWhetherTheySucceedOrNot() throws Exception {
        try (var trail = TestTrail.open(node, folder)) {
            var executor = executor(trail);
            var session = Session.ofConnection("gateway", "10.0.0.9", 42, FINGERPRINT);
            var unused =
                    call(executor, session, new SessionCommand.Login("gateway", Plaintext.wrap(TestNode.credential())));
            var wrong = Session.ofConnection("gateway", "10.0.0.10", 43, FINGERPRINT);
            assertThrows(Refused.class, () -> call(executor, wrong, new SessionCommand.Login("gateway", secret())));
            var lines = TestTrail.commands(folder);
            assertTrue(
                    lines.get(0)
                            .contains("\"session\":42,\"peer\":\"10.0.0.9\",\"certificate\":\"" + FINGERPRINT
                                    + "\",\"user\":\"gateway\",\"role\":\"CRYPTO_USER\",\"command\":\"Login\""),
                    lines.get(0));
            assertTrue(lines.get(1).contains("\"user\":\"gateway\",\"role\":\"\","), lines.get(1));
            assertTrue(lines.get(1).contains("\"result\":\"LOGIN_FAILED\""), lines.get(1));
            assertHidden(lines);
        }
    }

    @Test
    void theStateOfTheNodeIsNobodysSecretAndNotRecorded() throws Exception {
        try (var trail = TestTrail.open(node, folder)) {
            var unused = call(executor(trail), node.gateway, new SessionCommand.DescribeNode());
            assertEquals(List.of(), TestTrail.commands(folder));
        }
    }

    @Test
    void whatCannotBeRecordedIsNotAnswered() {
        var key = node.createKey();
        var executor = executor(new BrokenLedger());
        var refused = assertThrows(
                Refused.class,
                () -> call(
                        executor,
                        node.gateway,
                        new UseCommand.Encrypt(new Authority(key.stamp(), List.of()), secret(), TestNode.AAD)));
        assertEquals(Refusal.INTERNAL, refused.refusal());
    }

    @Test
    void anAnswerWaitsForItsRecord() {
        var key = node.createKey();
        var ledger = new SlowLedger();
        var answer = executor(ledger)
                .execute(
                        node.gateway,
                        new UseCommand.Encrypt(new Authority(key.stamp(), List.of()), secret(), TestNode.AAD),
                        REQUEST)
                .toCompletableFuture();
        assertFalse(answer.isDone());
        ledger.onDisk.complete(null);
        assertTrue(answer.isDone() && !answer.isCompletedExceptionally());
    }

    @Test
    void aNodeThatFellBehindWhileItRecordedDoesNotAnswer() {
        var key = node.createKey();
        var ledger = new SlowLedger();
        var answer = executor(ledger)
                .execute(
                        node.gateway,
                        new UseCommand.Encrypt(new Authority(key.stamp(), List.of()), secret(), TestNode.AAD),
                        REQUEST)
                .toCompletableFuture();
        node.state = () -> NodeState.FENCED;
        ledger.onDisk.complete(null);
        var failure = assertThrows(CompletionException.class, answer::join);
        var refused = assertInstanceOf(Refused.class, failure.getCause());
        assertEquals(Refusal.NOT_OPERATIONAL, refused.refusal());
    }

    private static void assertHidden(List<String> lines) {
        var octets = SECRET.getBytes(StandardCharsets.UTF_8);
        var credential = TestNode.credential();
        for (var line : lines) {
            assertFalse(line.contains(SECRET), line);
            assertFalse(line.contains(HexFormat.of().formatHex(octets)), line);
            assertFalse(line.contains(HexFormat.of().formatHex(credential)), line);
        }
    }

    /** Takes no record. */
    private static final class BrokenLedger implements Ledger {
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

    /** Has records on disk when the test says so. */
    private static final class SlowLedger implements Ledger {
        private final CompletableFuture<Void> onDisk = new CompletableFuture<>();

        @Override
        public @Nullable CompletionStage<Void> record(Weight weight, Fields fields) {
            fields.writeTo(new Line());
            return onDisk;
        }

        @Override
        public byte[] contextTag(byte[] context) {
            return new byte[0];
        }

        @Override
        public boolean isFailing() {
            return false;
        }
    }
}
