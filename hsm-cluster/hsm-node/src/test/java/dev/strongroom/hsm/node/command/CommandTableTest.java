package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.AAD;
import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.node.audit.ServedCommand;
import dev.strongroom.hsm.node.audit.TrailVerifier;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Role;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.SessionTerms;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Role × command and state × command, for every command that there is. */
class CommandTableTest {

    /** Who may give which command, in the words of the design and not of the code. */
    private static final Map<Class<?>, Set<Role>> MAY = Map.ofEntries(
            Map.entry(SessionCommand.Login.class, EnumSet.allOf(Role.class)),
            Map.entry(SessionCommand.DescribeNode.class, EnumSet.allOf(Role.class)),
            Map.entry(LookupCommand.FindKey.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(LookupCommand.FindAlias.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(LookupCommand.ListKeys.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(LookupCommand.ListAliases.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(LookupCommand.DeriveSigningKey.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(LookupCommand.FindAliasNames.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(LookupCommand.FindLastUse.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.Encrypt.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.Decrypt.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.ReEncrypt.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.GenerateDataKey.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.GenerateRandom.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.GenerateDataKeyPair.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.Sign.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(LookupCommand.FindPrincipals.class, Set.of(Role.CRYPTO_USER, Role.IDENTITY_ADMIN)),
            Map.entry(UseCommand.Verify.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.GenerateMac.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.VerifyMac.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.DeriveSharedSecret.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.Encapsulate.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.Decapsulate.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(UseCommand.Rehearse.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(ChangeCommand.CreateKey.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(ChangeCommand.ChangeKey.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(ChangeCommand.CreateAlias.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(ChangeCommand.UpdateAlias.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(ChangeCommand.DeleteAlias.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(ChangeCommand.ReplicateKey.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(ChangeCommand.UpdatePrimaryRegion.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(ImportCommand.MakeImportParameters.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(ImportCommand.ImportMaterial.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(ImportCommand.DeleteMaterial.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(GrantCommand.FindGrant.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(GrantCommand.FindGrants.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(GrantCommand.ListGrants.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(GrantCommand.ListRetirableGrants.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(GrantCommand.CreateGrant.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(GrantCommand.RevokeGrant.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(GrantCommand.RetireGrant.class, Set.of(Role.CRYPTO_USER)),
            Map.entry(IdentityCommand.CreateAccessKey.class, Set.of(Role.IDENTITY_ADMIN)),
            Map.entry(IdentityCommand.CreateIdentity.class, Set.of(Role.IDENTITY_ADMIN)),
            Map.entry(IdentityCommand.ReplaceIdentity.class, Set.of(Role.IDENTITY_ADMIN)),
            Map.entry(IdentityCommand.DeleteIdentity.class, Set.of(Role.IDENTITY_ADMIN)),
            Map.entry(IdentityCommand.FindIdentity.class, Set.of(Role.IDENTITY_ADMIN, Role.CRYPTO_USER)),
            Map.entry(IdentityCommand.ListIdentities.class, Set.of(Role.IDENTITY_ADMIN)),
            Map.entry(IdentityCommand.MintSession.class, Set.of(Role.CRYPTO_USER)));

    private static Set<Role> may(Class<?> kind) {
        return requireNonNull(MAY.get(kind));
    }

    private static Session session(Role role) {
        return switch (role) {
            case CRYPTO_USER -> Session.inProcess("gateway");
            case IDENTITY_ADMIN -> Session.inProcess("identity");
            case CRYPTO_OFFICER -> Session.inProcess("officer");
        };
    }

    private final TestNode node = new TestNode();
    private final KeyRecord key = node.createKey();
    private final Bytes blob = node.encrypt(key, "x");
    private final KeyRecord multiRegion = node.createMultiRegionKey();
    private final KeyRecord replicated = replicated();
    private final KeyRecord external = new Importer(node).createKey();
    private final Reply.ImportParameters parameters = new Importer(node).parameters(external);
    private final Stamp alias;

    CommandTableTest() {
        node.createAlias("orders", key);
        alias = node.call(new LookupCommand.FindAlias(TestNode.alias("orders")))
                .alias()
                .stamp();
        var unused = node.call(Session.inProcess("identity"), accessKey("AKIAIOSFODNN7EXAMPLE"));
    }

    private KeyRecord replicated() {
        var key = node.createMultiRegionKey();
        var unused = node.call(
                new ChangeCommand.ReplicateKey(UUID.randomUUID(), authority(key), "us-east-1", key.documents()));
        return node.key(key);
    }

    /** One command of each kind that would succeed if it were permitted. */
    private Map<Class<?>, Command<?>> examples() {
        var all = new ArrayList<Command<?>>();
        all.add(new SessionCommand.Login("gateway", Plaintext.wrap(TestNode.credential())));
        all.add(new SessionCommand.DescribeNode());
        all.add(new LookupCommand.FindKey(new KeyAddress.ById(key.name()), Freshness.QUORUM));
        all.add(new LookupCommand.FindAlias(TestNode.alias("orders")));
        all.add(new LookupCommand.ListKeys(SCOPE, new Page("", 10, 0), List.of()));
        all.add(new LookupCommand.ListAliases(SCOPE, Optional.empty(), new Page("", 10, 0), List.of()));
        all.add(new LookupCommand.DeriveSigningKey(
                "AKIAIOSFODNN7EXAMPLE", "20260304", "eu-west-1", "kms", Bytes.empty(), Freshness.LOCAL));
        all.add(new LookupCommand.FindPrincipals(List.of("arn:aws:iam::111122223333:root")));
        all.add(new LookupCommand.FindAliasNames(key.name(), Freshness.QUORUM));
        all.add(new LookupCommand.FindLastUse(authority(key)));
        all.add(new UseCommand.Encrypt(authority(key), TestNode.plaintext("x"), AAD));
        all.add(new UseCommand.Decrypt(authority(key), blob, AAD));
        var side = new UseCommand.Side(authority(key), AAD);
        all.add(new UseCommand.ReEncrypt(side, blob, side));
        all.add(new UseCommand.GenerateDataKey(authority(key), 32, AAD, UseCommand.DataKeyForm.CIPHERTEXT_ONLY));
        all.add(new UseCommand.GenerateRandom(32));
        all.add(new UseCommand.Rehearse(new UseCommand.Decrypt(authority(key), blob, AAD)));
        addPairUses(all);
        all.add(TestNode.creation(
                UUID.randomUUID(), new KeyName(SCOPE, UUID.randomUUID().toString())));
        all.add(new ChangeCommand.ChangeKey(
                UUID.randomUUID(), authority(key), new KeyChange.SetState(KeyState.ENABLED)));
        all.add(new ChangeCommand.CreateAlias(UUID.randomUUID(), TestNode.alias("other"), authority(key)));
        all.add(new ChangeCommand.UpdateAlias(UUID.randomUUID(), alias, authority(key)));
        all.add(new ChangeCommand.DeleteAlias(UUID.randomUUID(), alias, List.of(key.stamp())));
        all.add(new ChangeCommand.ReplicateKey(
                UUID.randomUUID(), authority(multiRegion), "us-east-1", multiRegion.documents()));
        all.add(new ChangeCommand.UpdatePrimaryRegion(UUID.randomUUID(), authority(replicated), "us-east-1"));
        all.add(new ImportCommand.MakeImportParameters(
                authority(external), WrappingAlgorithm.RSAES_OAEP_SHA_256, WrappingKeySpec.RSA_2048));
        all.add(Importer.importing(external, parameters, new byte[32], Importer.FOR_EVER));
        all.add(new ImportCommand.DeleteMaterial(UUID.randomUUID(), authority(external), Optional.empty()));
        all.addAll(SampleGrants.commands(node, key));
        all.add(accessKey("AKIAIOSFODNN7ANOTHER"));
        addIdentities(all);
        return all.stream()
                .collect(Collectors.toMap(Command::getClass, Function.identity(), (a, b) -> b, LinkedHashMap::new));
    }

    private void addIdentities(List<Command<?>> all) {
        var people = new People(node);
        people.account(true);
        var ann = people.user("ann" + UUID.randomUUID());
        all.add(new IdentityCommand.CreateIdentity(UUID.randomUUID(), People.aUser("user/bob" + UUID.randomUUID())));
        all.add(new IdentityCommand.ReplaceIdentity(UUID.randomUUID(), ann));
        all.add(new IdentityCommand.DeleteIdentity(UUID.randomUUID(), ann.name()));
        all.add(new IdentityCommand.FindIdentity(ann.name(), Freshness.QUORUM));
        all.add(new IdentityCommand.ListIdentities(IdentityKind.USER, SCOPE.accountId(), new Page("", 10, 0)));
        all.add(new IdentityCommand.MintSession(ann.holder().arn(), "", 900, SessionTerms.NONE, List.of()));
    }

    private void addPairUses(List<Command<?>> all) {
        var signing = authority(node.createKey(KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY));
        var agreeing = authority(node.createKey(KeySpec.ECC_NIST_P256, KeyUsage.KEY_AGREEMENT));
        var encapsulating = authority(node.createKey(KeySpec.ML_KEM_512, KeyUsage.ENCAPSULATE_DECAPSULATE));
        var hmac = authority(node.createKey(KeySpec.HMAC_256, KeyUsage.GENERATE_VERIFY_MAC));
        var algorithm = SigningAlgorithm.ECDSA_SHA_256;
        var signature = node.call(
                        new UseCommand.Sign(signing, algorithm, MessageType.RAW, TestNode.plaintext("message")))
                .signature();
        var mac = node.call(new UseCommand.GenerateMac(hmac, TestNode.plaintext("message")))
                .tag()
                .use(Bytes::copyOf);
        var pair = new UseCommand.GenerateDataKeyPair(
                authority(key), KeySpec.ECC_NIST_P256, AAD, UseCommand.DataKeyForm.CIPHERTEXT_ONLY);
        all.add(pair);
        all.add(new UseCommand.Sign(signing, algorithm, MessageType.RAW, TestNode.plaintext("message")));
        all.add(new UseCommand.Verify(signing, algorithm, MessageType.RAW, TestNode.plaintext("message"), signature));
        all.add(new UseCommand.GenerateMac(hmac, TestNode.plaintext("message")));
        all.add(new UseCommand.VerifyMac(hmac, TestNode.plaintext("message"), mac));
        all.add(new UseCommand.DeriveSharedSecret(agreeing, node.call(pair).publicKey()));
        all.add(new UseCommand.Encapsulate(encapsulating));
        all.add(new UseCommand.Decapsulate(
                encapsulating,
                node.call(new UseCommand.Encapsulate(encapsulating)).blob()));
    }

    private static IdentityCommand.CreateAccessKey accessKey(String id) {
        return new IdentityCommand.CreateAccessKey(
                new UUID(1, id.hashCode()),
                id,
                "111122223333",
                "arn:aws:iam::111122223333:root",
                TestNode.plaintext("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
    }

    private Command<?> example(Class<?> kind) {
        return requireNonNull(examples().get(kind));
    }

    @Test
    void everyCommandIsInTheTables() {
        var all = Arrays.stream(Command.class.getPermittedSubclasses())
                .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
                .collect(Collectors.toSet());

        assertEquals(all, MAY.keySet());
        assertEquals(all, examples().keySet());
    }

    @TestFactory
    Stream<DynamicTest> aRoleMayWhatTheTableSays() {
        return Arrays.stream(Role.values())
                .flatMap(role -> examples().keySet().stream()
                        .map(kind -> DynamicTest.dynamicTest(role + " " + kind.getSimpleName(), () -> {
                            var test = new CommandTableTest();
                            var command = test.example(kind);
                            if (may(kind).contains(role)) {
                                assertEquals(Optional.empty(), test.answer(session(role, kind), command));
                            } else {
                                assertEquals(Optional.of(Refusal.NOT_PERMITTED), test.answer(session(role), command));
                            }
                        })));
    }

    /** A login is that of the user whom the certificate names, whatever session would be there. */
    private static Session session(Role role, Class<?> kind) {
        return kind == SessionCommand.Login.class ? Session.ofConnection("gateway", "test") : session(role);
    }

    @TestFactory
    Stream<DynamicTest> withoutALoginNothingButTheStatusIsAnswered() {
        return examples().keySet().stream()
                .filter(kind -> kind != SessionCommand.Login.class && kind != SessionCommand.DescribeNode.class)
                .map(kind -> DynamicTest.dynamicTest(kind.getSimpleName(), () -> {
                    var test = new CommandTableTest();
                    assertEquals(
                            Optional.of(Refusal.LOGIN_REQUIRED),
                            test.answer(Session.ofConnection("gateway", "test"), test.example(kind)));
                }));
    }

    @TestFactory
    Stream<DynamicTest> outsideOfOperationalOnlyTheStatusIsAnswered() {
        return EnumSet.complementOf(EnumSet.of(NodeState.OPERATIONAL)).stream()
                .flatMap(state -> examples().keySet().stream()
                        .map(kind -> DynamicTest.dynamicTest(state + " " + kind.getSimpleName(), () -> {
                            var test = new CommandTableTest();
                            var command = test.example(kind);
                            test.node.state = () -> state;
                            var before = test.node.store.appliedIndex();
                            var session = may(kind).contains(Role.IDENTITY_ADMIN)
                                    ? session(Role.IDENTITY_ADMIN)
                                    : session(Role.CRYPTO_USER);
                            if (kind == SessionCommand.DescribeNode.class) {
                                assertEquals(
                                        state,
                                        test.node
                                                .call(session, new SessionCommand.DescribeNode())
                                                .state());
                            } else {
                                var no = test.node.refused(session, command);
                                assertEquals(Refusal.NOT_OPERATIONAL, no.refusal());
                                assertEquals(state.name(), no.detail());
                            }
                            assertEquals(before, test.node.store.appliedIndex(), "and nothing was written");
                        })));
    }

    @TestFactory
    Stream<DynamicTest> withoutAMajorityNothingIsChanged() {
        return examples().keySet().stream()
                .filter(kind -> CommandRule.of(example(kind)) == CommandRule.CHANGE
                        || CommandRule.of(example(kind)) == CommandRule.IDENTITY_CHANGE)
                .map(kind -> DynamicTest.dynamicTest(kind.getSimpleName(), () -> {
                    var test = new CommandTableTest();
                    var command = test.example(kind);
                    var session = session(may(kind).iterator().next());
                    test.node.store.majority(false);
                    assertEquals(Optional.of(Refusal.NO_QUORUM), test.answer(session, command));
                    test.node.store.majority(true);
                    // Its secret was overwritten with the refusal: whoever repeats a command brings it again.
                    var again = command instanceof IdentityCommand.CreateAccessKey first
                            ? accessKey(first.accessKeyId())
                            : command;
                    assertEquals(Optional.empty(), test.answer(session, again), "the same command, again");
                }));
    }

    /** Whatever a command holds, its record is one that a verifier reads. */
    @TestFactory
    Stream<DynamicTest> everyCommandHasARecordThatCanBeRead(@TempDir Path folder) {
        return examples().keySet().stream()
                .filter(kind -> kind != SessionCommand.DescribeNode.class)
                .map(kind -> DynamicTest.dynamicTest(kind.getSimpleName(), () -> {
                    var test = new CommandTableTest();
                    var role = may(kind).iterator().next();
                    var place = folder.resolve(kind.getSimpleName());
                    try (var trail = TestTrail.open(test.node, place)) {
                        var unused = test.node
                                .executor(Runnable::run, trail)
                                .execute(session(role, kind), test.example(kind), new UUID(7, 8))
                                .toCompletableFuture()
                                .get(20, TimeUnit.SECONDS);
                    }
                    var served = new ArrayList<ServedCommand>();
                    var report =
                            new TrailVerifier(Optional.empty(), Optional.empty()).verify(List.of(place), served::add);
                    assertEquals(List.of(), report.findings());
                    assertEquals(
                            List.of(kind.getSimpleName() + " OK"),
                            served.stream()
                                    .map(one ->
                                            one.command().replaceFirst("(?<=^Rehearse).+| .+", "") + " " + one.result())
                                    .toList());
                }));
    }

    @Test
    void aFaultIsToldAsAnIdAlone() {
        // A node that believes to be operational while its keys are gone.
        node.vault.close();
        var no = node.refused(
                Session.ofConnection("gateway", "test"),
                new SessionCommand.Login("gateway", Plaintext.wrap(TestNode.credential())));
        assertEquals(Refusal.LOGIN_FAILED, no.refusal());

        var broken = new TestNode();
        broken.state = () -> {
            throw new IllegalStateException("a secret reason");
        };
        var fault = broken.refused(session(Role.CRYPTO_USER), new UseCommand.GenerateRandom(1));
        assertEquals(Refusal.INTERNAL, fault.refusal());
        assertEquals(UUID.fromString(fault.detail()).toString(), fault.detail());
    }

    private Optional<Refusal> answer(Session session, Command<?> command) {
        try {
            var unused = node.call(session, command);
            return Optional.empty();
        } catch (Refused no) {
            return Optional.of(no.refusal());
        }
    }
}
