package dev.strongroom.hsm.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.node.crypto.TestEntropy;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.LastUse;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.TrackedUse;
import dev.strongroom.hsm.protocol.UseCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HsmNodeTest {

    static final Scope SCOPE = new Scope("111122223333", "eu-west-1");

    static NodeSurroundings surroundings() {
        return new NodeSurroundings(
                TestEntropy.shared(), () -> Instant.parse("2026-03-04T12:00:00Z"), System::nanoTime, "test");
    }

    static <R extends Reply> R call(Hsm hsm, Command<R> command) throws Exception {
        try {
            return hsm.call(command).toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw e;
        }
    }

    static KeyRecord createKey(Hsm hsm) throws Exception {
        return call(
                        hsm,
                        new ChangeCommand.CreateKey(
                                UUID.randomUUID(),
                                new KeyName(SCOPE, UUID.randomUUID().toString()),
                                new ChangeCommand.NewKey(
                                        KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, false),
                                new KeyRecord.Documents("", "{}", List.of()),
                                List.of()))
                .key();
    }

    static Bytes encrypt(Hsm hsm, KeyRecord key, String text) throws Exception {
        var plaintext = Plaintext.wrap(text.getBytes(StandardCharsets.UTF_8));
        return call(hsm, new UseCommand.Encrypt(new Authority(key.stamp(), List.of()), plaintext, Bytes.empty()))
                .blob();
    }

    static String decrypt(Hsm hsm, KeyRecord key, Bytes blob) throws Exception {
        return call(hsm, new UseCommand.Decrypt(new Authority(key.stamp(), List.of()), blob, Bytes.empty()))
                .plaintext()
                .use(octets -> new String(octets, StandardCharsets.UTF_8));
    }

    @Test
    void anEmbeddedNodeDoesTheWholeWork() throws Exception {
        try (var node = HsmNode.openInMemory(surroundings())) {
            var hsm = node.gateway();
            var key = createKey(hsm);

            assertEquals("a secret", decrypt(hsm, key, encrypt(hsm, key, "a secret")));

            var secret = Plaintext.wrap("wJalrXUtnFEMI/K7MDENG".getBytes(StandardCharsets.US_ASCII));
            assertEquals(
                    new Reply.Done(),
                    call(
                            node.identityAdmin(),
                            new IdentityCommand.CreateAccessKey(
                                    UUID.randomUUID(),
                                    "AKIAIOSFODNN7EXAMPLE",
                                    SCOPE.accountId(),
                                    "arn:aws:iam::111122223333:root",
                                    secret)));
            var signing = call(
                    hsm,
                    new LookupCommand.DeriveSigningKey(
                            "AKIAIOSFODNN7EXAMPLE", "20260304", "eu-west-1", "kms", Bytes.empty(), Freshness.LOCAL));
            assertEquals(SCOPE.accountId(), signing.caller().identity().accountId());
            assertEquals(32, signing.key().length());
        }
    }

    @Test
    void aNodeThatEndsInOrderForgetsNoUseOfAKey(@TempDir Path folder) throws Exception {
        KeyRecord key;
        try (var node = HsmNode.openEmbedded(folder, surroundings())) {
            key = createKey(node.gateway());
            var unused = encrypt(node.gateway(), key, "x");
        }
        try (var node = HsmNode.openEmbedded(folder, surroundings())) {
            var found = call(node.gateway(), new LookupCommand.FindLastUse(new Authority(key.stamp(), List.of())));
            assertEquals(Optional.of(TrackedUse.ENCRYPT), found.lastUse().map(LastUse::use));
        }
    }

    @Test
    void aClosedNodeSaysSoAndDoesNothing() throws Exception {
        var node = HsmNode.openInMemory(surroundings());
        var hsm = node.gateway();
        var key = createKey(hsm);
        assertEquals(
                NodeState.OPERATIONAL,
                call(hsm, new SessionCommand.DescribeNode()).state());

        node.close();
        node.close();

        assertEquals(
                NodeState.DRAINING, call(hsm, new SessionCommand.DescribeNode()).state());
        var no = assertThrows(Refused.class, () -> encrypt(hsm, key, "x"));
        assertEquals(Refusal.NOT_OPERATIONAL, no.refusal());
    }
}
