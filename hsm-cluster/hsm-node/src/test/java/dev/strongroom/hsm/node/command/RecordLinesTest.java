package dev.strongroom.hsm.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.audit.AuditTrail;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.CommandCodec;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantAddress;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.UseCommand;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record of a command, field by field, as the table of the trail's format has it; and the names that stand in it. */
class RecordLinesTest {

    private static final UUID REQUEST = new UUID(7, 8);
    private static final UUID COMMAND = new UUID(9, 10);
    private static final String FINGERPRINT = "ab".repeat(32);

    @TempDir
    private Path folder;

    private final TestNode node = new TestNode();
    private final Session session = Session.ofConnection("gateway", "10.0.0.9", 42, FINGERPRINT);

    @BeforeEach
    void logIn() {
        var unused = node.call(session, new SessionCommand.Login("gateway", Plaintext.wrap(TestNode.credential())));
    }

    @AfterEach
    void close() {
        node.vault.close();
    }

    /** Does a command with a trail; gives what its record says between what is the same in every record. */
    private String fields(Command<?> command, Session by) throws Exception {
        try (var trail = TestTrail.open(node, folder)) {
            var unused = node.executor(Runnable::run, trail)
                    .execute(by, command, REQUEST)
                    .exceptionally(refused -> null)
                    .toCompletableFuture()
                    .join();
            var lines = TestTrail.commands(folder);
            var line = lines.get(lines.size() - 1);
            return line.substring(line.indexOf(",\"session\""), line.indexOf(",\"prev\""))
                    .replace("\"params\":\"" + tag(trail, CommandCodec.publicPart(command)), "\"params\":\"PARAMS")
                    .replace("\"context\":\"" + tag(trail, TestNode.AAD.readOnlyArray()), "\"context\":\"CONTEXT");
        }
    }

    private static String tag(AuditTrail trail, byte[] content) {
        return HexFormat.of().formatHex(trail.contextTag(content));
    }

    private static String record(KeyRecord key) {
        var stamp = key.stamp();
        return "\"record\":\"%016x%016x\",\"revision\":%d,\"key\":\"111122223333/eu-west-1/%s\""
                .formatted(
                        stamp.idHigh(),
                        stamp.idLow(),
                        stamp.revision(),
                        key.name().keyId());
    }

    @Test
    void theUseOfAKeySaysWhoseConnectionItWasAndWhichKeyMaterialServed() throws Exception {
        var key = node.createKey();
        var blob = node.encrypt(key, "x");
        assertEquals(
                ",\"session\":42,\"peer\":\"10.0.0.9\",\"certificate\":\"" + FINGERPRINT
                        + "\",\"user\":\"gateway\",\"role\":\"CRYPTO_USER\",\"command\":\"Decrypt\",\"requestId\":\""
                        + REQUEST + "\"," + record(key) + ",\"context\":\"CONTEXT\",\"backingKey\":\""
                        + key.backingKeys().get(0).id().toHex()
                        + "\",\"params\":\"PARAMS\",\"result\":\"OK\",\"latency\":0",
                fields(new UseCommand.Decrypt(TestNode.authority(key), blob, TestNode.AAD), session));
    }

    @Test
    void aLookAtAKeySaysHowItWasNamed() throws Exception {
        var key = node.createKey();
        var named = key.name();
        assertLook(
                "FindKey",
                "\"key\":\"111122223333/eu-west-1/" + named.keyId() + "\"",
                new LookupCommand.FindKey(new KeyAddress.ById(named), Freshness.LOCAL));
        assertLook(
                "FindKey",
                "\"about\":\"111122223333/eu-west-1/alias/x\"",
                new LookupCommand.FindKey(new KeyAddress.ByAlias(TestNode.alias("x")), Freshness.LOCAL));
        var id = key.backingKeys().get(0).id();
        assertLook(
                "FindKey",
                "\"backingKey\":\"" + id.toHex() + "\"",
                new LookupCommand.FindKey(new KeyAddress.ByBackingKey("eu-west-1", id), Freshness.LOCAL));
        assertLook(
                "FindGrant",
                "\"key\":\"111122223333/eu-west-1/" + named.keyId() + "\",\"about\":\"g1\"",
                new GrantCommand.FindGrant(new GrantAddress.ById(named, "g1"), Freshness.LOCAL));
    }

    private void assertLook(String command, String parts, Command<?> look) throws Exception {
        var fields = fields(look, node.gateway);
        assertTrue(
                fields.contains(
                        "\"command\":\"" + command + "\",\"requestId\":\"" + REQUEST + "\"," + parts + ",\"params\""),
                fields);
    }

    @Test
    void aChangeOfAKeySaysWhichChange() throws Exception {
        var key = node.createKey();
        var change = new ChangeCommand.ChangeKey(
                COMMAND, TestNode.authority(key), new KeyChange.SetState(KeyState.DISABLED));
        assertEquals(
                ",\"session\":0,\"peer\":\"this process\",\"certificate\":\"\",\"user\":\"gateway\",\"role\":\"CRYPTO_USER\","
                        + "\"command\":\"ChangeKey\",\"requestId\":\"" + REQUEST
                        + "\",\"commandId\":\"0000000000000009000000000000000a\"," + record(key)
                        + ",\"change\":\"SetState DISABLED\",\"params\":\"PARAMS\",\"result\":\"OK\",\"latency\":0",
                fields(change, node.gateway));
    }

    @Test
    void aUserWhoMayNotIsShownWithTheRoleThatItHas() throws Exception {
        var key = node.createKey();
        assertEquals(
                ",\"session\":0,\"peer\":\"this process\",\"certificate\":\"\",\"user\":\"officer\","
                        + "\"role\":\"CRYPTO_OFFICER\",\"command\":\"ChangeKey\",\"requestId\":\"" + REQUEST
                        + "\",\"commandId\":\"0000000000000009000000000000000a\"," + record(key)
                        + ",\"change\":\"CancelDeletion\",\"params\":\"PARAMS\",\"result\":\"NOT_PERMITTED\",\"latency\":0",
                fields(
                        new ChangeCommand.ChangeKey(COMMAND, TestNode.authority(key), new KeyChange.CancelDeletion()),
                        Session.inProcess("officer")));
    }

    /** Old trails are read by these; who renames a class changes the format. */
    @Test
    void theNamesInARecordDoNotChange() {
        assertEquals(
                new TreeSet<>(List.of(
                        "ChangeKey",
                        "CreateAccessKey",
                        "CreateAlias",
                        "CreateGrant",
                        "CreateIdentity",
                        "CreateKey",
                        "Decapsulate",
                        "Decrypt",
                        "DeleteAlias",
                        "DeleteIdentity",
                        "DeleteMaterial",
                        "DeriveSharedSecret",
                        "DeriveSigningKey",
                        "DescribeNode",
                        "Encapsulate",
                        "Encrypt",
                        "FindAlias",
                        "FindAliasNames",
                        "FindGrant",
                        "FindGrants",
                        "FindIdentity",
                        "FindKey",
                        "FindLastUse",
                        "FindPrincipals",
                        "GenerateDataKey",
                        "GenerateDataKeyPair",
                        "GenerateMac",
                        "GenerateRandom",
                        "ImportMaterial",
                        "ListAliases",
                        "ListGrants",
                        "ListIdentities",
                        "ListKeys",
                        "ListRetirableGrants",
                        "Login",
                        "MakeImportParameters",
                        "MintSession",
                        "ReEncrypt",
                        "Rehearse",
                        "ReplaceIdentity",
                        "ReplicateKey",
                        "RetireGrant",
                        "RevokeGrant",
                        "Sign",
                        "UpdateAlias",
                        "UpdatePrimaryRegion",
                        "Verify",
                        "VerifyMac")),
                names(Arrays.stream(Command.class.getPermittedSubclasses())
                        .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))));
        assertEquals(
                new TreeSet<>(List.of(
                        "CancelDeletion",
                        "RotateOnDemand",
                        "ScheduleDeletion",
                        "SetDescription",
                        "SetPolicy",
                        "SetRotation",
                        "SetState",
                        "SetTags",
                        "StopRotation")),
                names(Arrays.stream(KeyChange.class.getPermittedSubclasses())));
    }

    private static Set<String> names(Stream<Class<?>> classes) {
        return classes.map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
    }
}
