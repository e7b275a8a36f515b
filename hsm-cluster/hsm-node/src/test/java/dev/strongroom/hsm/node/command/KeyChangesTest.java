package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.POLICY;
import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.strongroom.hsm.node.key.KeyFits;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.Tag;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.ResourcePolicy;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyChangesTest {

    private final TestNode node = new TestNode();

    @Nested
    class CreateKey {

        private final KeyName name = new KeyName(SCOPE, UUID.randomUUID().toString());
        private final UUID command = UUID.randomUUID();

        @Test
        void makesAnEnabledKeyWithAllThatItsMakerSaid() {
            var key = node.call(TestNode.creation(command, name)).key();

            assertEquals(name, key.name());
            assertEquals(KeyRecord.Lifecycle.of(KeyState.ENABLED), key.lifecycle());
            assertEquals("for orders", key.documents().description());
            assertEquals(POLICY, key.documents().policy().text());
            assertEquals(List.of(new Tag("team", "orders")), key.documents().tags());
            assertEquals(node.now, key.attributes().created());
            assertEquals(1, key.backingKeys().size());
            assertEquals(key, node.key(key));
        }

        @Test
        void isOneEntryOfTheLog() {
            long before = node.store.appliedIndex();
            var key = node.call(TestNode.creation(command, name)).key();

            assertEquals(before + 1, node.store.appliedIndex());
            assertEquals(before + 1, key.stamp().revision());
        }

        @Test
        void repeatedFindsItsOwnKey() {
            var first = node.call(TestNode.creation(command, name)).key();
            var again = node.call(TestNode.creation(command, name)).key();

            assertEquals(first, again);
            assertEquals("x", node.decrypt(again, node.encrypt(first, "x")));
        }

        @Test
        void neverOverwritesTheKeyOfAnother() {
            var first = node.call(TestNode.creation(command, name)).key();
            var blob = node.encrypt(first, "x");

            assertEquals(Refusal.ALREADY_EXISTS, node.refusal(TestNode.creation(UUID.randomUUID(), name)));
            assertEquals("x", node.decrypt(node.key(first), blob));
        }

        @Test
        void everyKeyHasMaterialOfItsOwn() {
            var one = node.createKey();
            var other = node.createKey();

            assertNotEquals(one.currentBackingKey(), other.currentBackingKey());
        }

        @Test
        void restsOnItsStamps() {
            var other = node.createKey();
            var plain = TestNode.creation(command, name);
            var stamped =
                    new ChangeCommand.CreateKey(command, name, plain.key(), plain.documents(), List.of(other.stamp()));
            var unused = node.change(other, new KeyChange.SetDescription("x"));

            assertEquals(Refusal.STALE, node.refusal(stamped));
            assertEquals(Optional.empty(), node.find(name));
        }

        @ParameterizedTest
        @EnumSource(KeySpec.class)
        void refusesUsagesThatAreNotOfTheSpec(KeySpec spec) {
            for (var usage : KeyUsage.values()) {
                if (!KeyFits.usages(spec).contains(usage)) {
                    assertEquals(
                            Refusal.INVALID_FOR_KEY, node.refusal(creation(spec, usage, Origin.AWS_KMS)), usage.name());
                }
            }
        }

        @Test
        void refusesOriginsAndUsagesThatItCannotMake() {
            assertEquals(
                    Refusal.INVALID_FOR_KEY,
                    node.refusal(creation(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_CLOUDHSM)));
            assertEquals(
                    Refusal.INVALID_FOR_KEY,
                    node.refusal(creation(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.SIGN_VERIFY, Origin.AWS_KMS)));
        }

        private ChangeCommand.CreateKey creation(KeySpec spec, KeyUsage usage, Origin origin) {
            var plain = TestNode.creation(command, name);
            return new ChangeCommand.CreateKey(
                    command, name, new ChangeCommand.NewKey(spec, usage, origin, false), plain.documents(), List.of());
        }

        static Stream<KeyName> badNames() {
            var id = "1234abcd-12ab-34cd-56ef-1234567890ab";
            return Stream.of(
                    new KeyName(SCOPE, ""),
                    new KeyName(SCOPE, id.toUpperCase(Locale.ROOT)),
                    new KeyName(SCOPE, id + "0"),
                    new KeyName(SCOPE, "mrk-1234abcd12ab34cd56ef1234567890ab"),
                    new KeyName(SCOPE, "alias/x"),
                    new KeyName(new Scope("11112222333", "eu-west-1"), id),
                    new KeyName(new Scope("11112222333a", "eu-west-1"), id),
                    new KeyName(new Scope("111122223333", ""), id),
                    new KeyName(new Scope("111122223333", "eu-west-1/.."), id));
        }

        @ParameterizedTest
        @MethodSource("badNames")
        void refusesNamesOfAnotherForm(KeyName bad) {
            assertEquals(Refusal.MALFORMED, node.refusal(TestNode.creation(command, bad)));
        }

        private static KeyRecord.Documents meaning(String arn, String id) {
            return new KeyRecord.Documents("", new ResourcePolicy(POLICY, Map.of(arn, id)), List.of());
        }

        static Stream<KeyRecord.Documents> badDocuments() {
            var tag = new Tag("team", "orders");
            return Stream.of(
                    new KeyRecord.Documents("x".repeat(8_193), POLICY, List.of()),
                    new KeyRecord.Documents("", "", List.of()),
                    meaning("arn:aws:iam::1:user/a", "nobody"),
                    meaning("arn:aws:iam::1:user/a", "AIDAIOSFODNN7EXAMPLE:session"),
                    meaning("arn:aws:iam::1:user/" + "a".repeat(POLICY.length()), "AIDAIOSFODNN7EXAMPLE"),
                    new KeyRecord.Documents("", POLICY, List.of(tag, tag)),
                    new KeyRecord.Documents("", POLICY, List.of(new Tag("", "x"))),
                    new KeyRecord.Documents("", POLICY, List.of(new Tag("AWS:x", "x"))),
                    new KeyRecord.Documents("", POLICY, List.of(new Tag("k".repeat(129), "x"))),
                    new KeyRecord.Documents("", POLICY, List.of(new Tag("k", "x".repeat(257)))));
        }

        @ParameterizedTest
        @MethodSource("badDocuments")
        void refusesDocumentsThatNoKeyMayCarry(KeyRecord.Documents documents) {
            var plain = TestNode.creation(command, name);
            assertEquals(
                    Refusal.MALFORMED,
                    node.refusal(new ChangeCommand.CreateKey(command, name, plain.key(), documents, List.of())));
        }

        @Test
        void refusesTooManyTagsAndTooLongAPolicy() {
            var plain = TestNode.creation(command, name);
            var tags =
                    IntStream.range(0, 51).mapToObj(i -> new Tag("k" + i, "")).toList();
            var policy = new KeyRecord.Documents("", "é".repeat(16_385), List.of());

            for (var documents : List.of(new KeyRecord.Documents("", POLICY, tags), policy)) {
                assertEquals(
                        Refusal.LIMIT_EXCEEDED,
                        node.refusal(new ChangeCommand.CreateKey(command, name, plain.key(), documents, List.of())));
            }
        }
    }

    @Nested
    class ChangeKey {

        private final KeyRecord key = node.createKey();

        @Test
        void disablesAndEnables() {
            var disabled = node.change(key, new KeyChange.SetState(KeyState.DISABLED));
            assertEquals(KeyState.DISABLED, disabled.lifecycle().state());
            var enabled = node.change(disabled, new KeyChange.SetState(KeyState.ENABLED));
            assertEquals(KeyState.ENABLED, enabled.lifecycle().state());
            assertEquals(enabled, node.key(key));
        }

        @Test
        void schedulesDeletionByTheNodesClockAndCancelsIt() {
            var pending = node.change(key, new KeyChange.ScheduleDeletion(7));
            assertEquals(
                    new KeyRecord.Lifecycle(
                            KeyState.PENDING_DELETION, Optional.of(node.now.plus(Duration.ofDays(7))), 7),
                    pending.lifecycle());

            node.now = node.now.plus(Duration.ofDays(6));
            var back = node.change(pending, new KeyChange.CancelDeletion());
            assertEquals(KeyRecord.Lifecycle.of(KeyState.DISABLED), back.lifecycle());
        }

        @Test
        void afterItsDateAKeyIsGoneForEverything() {
            node.createAlias("orders", key);
            var pending = node.change(key, new KeyChange.ScheduleDeletion(7));
            node.now = node.now.plus(Duration.ofDays(7));

            assertEquals(Refusal.NOT_FOUND, refusal(pending, new KeyChange.CancelDeletion()));
            assertEquals(
                    Refusal.NOT_FOUND,
                    node.refusal(new LookupCommand.FindKey(new KeyAddress.ById(key.name()), Freshness.LOCAL)));
            assertEquals(
                    Refusal.NOT_FOUND,
                    node.refusal(new LookupCommand.FindKey(
                            new KeyAddress.ByAlias(TestNode.alias("orders")), Freshness.LOCAL)));
            assertEquals(Refusal.NOT_FOUND, node.refusal(new LookupCommand.FindAlias(TestNode.alias("orders"))));
            assertEquals(
                    List.of(),
                    node.call(new LookupCommand.ListKeys(SCOPE, new Page("", 10, 0), List.of()))
                            .keyIds());
            assertEquals(
                    List.of(),
                    node.call(new LookupCommand.ListAliases(SCOPE, Optional.empty(), new Page("", 10, 0), List.of()))
                            .aliases());
        }

        @ParameterizedTest
        @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 6, 31, 365, Integer.MAX_VALUE})
        void refusesAWindowThatTheServiceWouldRefuse(int days) {
            assertEquals(Refusal.MALFORMED, refusal(key, new KeyChange.ScheduleDeletion(days)));
        }

        @Test
        void restsOnTheKeyAsTheClientSawIt() {
            var fresh = node.change(key, new KeyChange.SetDescription("other"));
            var no = node.refused(
                    node.gateway,
                    new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), new KeyChange.SetPolicy("{}")));

            assertEquals(Refusal.STALE, no.refusal());
            assertEquals(Optional.of(fresh), no.fresh());
            assertEquals(POLICY, node.key(key).documents().policy().text());
        }

        @Test
        void repeatedItAnswersAsTheFirstTimeAndChangesNothing() {
            var command = new ChangeCommand.ChangeKey(
                    UUID.randomUUID(), authority(key), new KeyChange.SetState(KeyState.DISABLED));
            var first = node.call(command).key();

            assertEquals(first, node.call(command).key());

            // Somebody enables the key again: the late second copy must not disable it once more.
            var enabled = node.change(first, new KeyChange.SetState(KeyState.ENABLED));
            assertEquals(enabled, node.call(command).key());
            assertEquals(KeyState.ENABLED, node.key(key).lifecycle().state());
        }

        @Test
        void aCommandThatWasRefusedCannotComeTrueLater() {
            var command = new ChangeCommand.ChangeKey(
                    UUID.randomUUID(), authority(key), new KeyChange.SetState(KeyState.DISABLED));
            var unused = node.change(key, new KeyChange.SetDescription("other"));
            long before = node.key(key).stamp().revision();

            assertEquals(Refusal.STALE, node.refusal(command));
            assertEquals(Refusal.STALE, node.refusal(command));
            assertEquals(before, node.key(key).stamp().revision());
        }

        @Test
        void whatChangesNothingLeavesTheRevision() {
            var same = node.change(key, new KeyChange.SetState(KeyState.ENABLED));

            assertEquals(key, same);
        }

        @Test
        void whatRestrictsIsAnsweredWhenEveryLiveNodeHasIt() {
            var order = List.of(
                    new KeyChange.SetDescription("x"),
                    new KeyChange.SetState(KeyState.DISABLED),
                    new KeyChange.SetState(KeyState.ENABLED),
                    new KeyChange.SetPolicy("{}"),
                    new KeyChange.SetTags(List.of()),
                    new KeyChange.ScheduleDeletion(7),
                    new KeyChange.CancelDeletion());
            var awaited = new ArrayList<Boolean>();
            for (var change : order) {
                int before = node.store.awaitedEverywhere().size();
                var after = node.change(node.key(key), change);
                var all = node.store.awaitedEverywhere();
                awaited.add(
                        all.size() > before && all.get(before) == after.stamp().revision());
            }

            assertEquals(List.of(false, true, false, true, true, true, false), awaited);
        }

        @Test
        void aKeyElsewhereIsNotChanged() {
            var command =
                    new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), new KeyChange.SetDescription("x"));

            assertEquals(Refusal.NOT_PERMITTED, node.refusal(Session.inProcess("elsewhere"), command));
            assertEquals(Refusal.NOT_PERMITTED, node.refusal(Session.inProcess("far"), command));
        }

        @Test
        void anUnknownKeyIsNotFound() {
            var nowhere = new Authority(new Stamp(1, 2, 1), List.of());
            assertEquals(
                    Refusal.NOT_FOUND,
                    node.refusal(
                            new ChangeCommand.ChangeKey(UUID.randomUUID(), nowhere, new KeyChange.CancelDeletion())));
        }
    }

    private Refusal refusal(KeyRecord key, KeyChange change) {
        return node.refusal(new ChangeCommand.ChangeKey(UUID.randomUUID(), authority(key), change));
    }
}
