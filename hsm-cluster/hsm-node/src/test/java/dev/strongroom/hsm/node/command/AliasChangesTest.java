package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static dev.strongroom.hsm.node.command.TestNode.alias;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyChange;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AliasChangesTest {

    private final TestNode node = new TestNode();
    private final KeyRecord key = node.createKey();
    private final KeyRecord other = node.createKey();

    @Test
    void anAliasLeadsToItsKey() {
        node.createAlias("orders", key);

        var found = node.call(new LookupCommand.FindKey(new KeyAddress.ByAlias(alias("orders")), Freshness.LOCAL));

        assertEquals(key, found.key());
        assertEquals(Optional.of(aliasRecord("orders")), found.alias());
    }

    @Test
    void theKeyItselfIsNotTouched() {
        node.createAlias("orders", key);

        assertEquals(key, node.key(key));
    }

    @Test
    void aNameIsTakenOnce() {
        node.createAlias("orders", key);

        assertEquals(Refusal.ALREADY_EXISTS, node.refusal(creation("orders", other)));
        assertEquals(Refusal.ALREADY_EXISTS, node.refusal(creation("orders", key)));
    }

    @Test
    void theSameNameIsFreeInAnotherRegion() {
        node.createAlias("orders", key);
        var far = node.createKey(new Scope("111122223333", "us-east-1"));
        var name = new AliasName(far.name().scope(), "alias/orders");

        assertEquals(
                new Reply.Done(), node.call(new ChangeCommand.CreateAlias(UUID.randomUUID(), name, authority(far))));
        assertEquals(
                Refusal.MALFORMED,
                node.refusal(new ChangeCommand.CreateAlias(UUID.randomUUID(), alias("far"), authority(far))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders", "alias/", "alias/aws/s3", "alias/a:b", "alias/ä", "Alias/x", "alias/a b"})
    void refusesNamesThatCallersMayNotMake(String name) {
        assertEquals(
                Refusal.MALFORMED,
                node.refusal(
                        new ChangeCommand.CreateAlias(UUID.randomUUID(), new AliasName(SCOPE, name), authority(key))));
    }

    @Test
    void anAliasIsPointedAtAnotherKey() {
        node.createAlias("orders", key);
        var before = aliasRecord("orders");
        node.now = node.now.plusSeconds(5);

        assertEquals(new Reply.Done(), node.call(update(before, other)));

        var after = aliasRecord("orders");
        assertEquals(other.name().keyId(), after.targetKeyId());
        assertEquals(before.created(), after.created());
        assertEquals(node.now, after.updated());
        assertEquals(List.of(), aliasesOf(key));
        assertEquals(List.of("alias/orders"), aliasesOf(other));
    }

    @Test
    void pointingAtTheSameKeyCountsOnce() {
        node.createAlias("orders", key);

        assertEquals(new Reply.Done(), node.call(update(aliasRecord("orders"), key)));
        assertEquals(List.of("alias/orders"), aliasesOf(key));
    }

    @Test
    void aStaleAliasIsNeitherPointedNorRemoved() {
        node.createAlias("orders", key);
        var seen = aliasRecord("orders");
        var unused = node.call(update(seen, other));

        assertEquals(Refusal.STALE, node.refusal(update(seen, key)));
        assertEquals(Refusal.STALE, node.refusal(removal(seen)));
        assertEquals(other.name().keyId(), aliasRecord("orders").targetKeyId());
    }

    @Test
    void aRemovedAliasIsGoneAndItsNameIsFree() {
        node.createAlias("orders", key);
        assertEquals(new Reply.Done(), node.call(removal(aliasRecord("orders"))));

        assertEquals(Refusal.NOT_FOUND, node.refusal(new LookupCommand.FindAlias(alias("orders"))));
        assertEquals(List.of(), aliasesOf(key));
        node.createAlias("orders", other);
        assertEquals(List.of("alias/orders"), aliasesOf(other));
    }

    @Test
    void repeatedCommandsAnswerAsTheFirstTime() {
        var create = creation("orders", key);
        assertEquals(new Reply.Done(), node.call(create));
        assertEquals(new Reply.Done(), node.call(create));

        var update = update(aliasRecord("orders"), other);
        assertEquals(new Reply.Done(), node.call(update));
        assertEquals(new Reply.Done(), node.call(update));
        assertEquals(new Reply.Done(), node.call(create), "also after the alias has moved on");

        var remove = removal(aliasRecord("orders"));
        assertEquals(new Reply.Done(), node.call(remove));
        assertEquals(new Reply.Done(), node.call(remove));
        assertEquals(new Reply.Done(), node.call(update), "also after the alias is gone");
        assertEquals(new Reply.Done(), node.call(create));
        assertEquals(Refusal.NOT_FOUND, node.refusal(new LookupCommand.FindAlias(alias("orders"))));
    }

    @Test
    void aLateCopyOfARemovalLeavesANewAliasOfTheNameAlone() {
        node.createAlias("orders", key);
        var remove = removal(aliasRecord("orders"));
        var unused = node.call(remove);
        node.createAlias("orders", other);

        assertEquals(new Reply.Done(), node.call(remove));
        assertEquals(other.name().keyId(), aliasRecord("orders").targetKeyId());
    }

    @Test
    void onARestrictingChangeEveryLiveNodeIsWaitedFor() {
        node.createAlias("orders", key);
        assertEquals(List.of(), node.store.awaitedEverywhere());
        var unused = node.call(update(aliasRecord("orders"), other));
        assertEquals(List.of(aliasRecord("orders").stamp().revision()), node.store.awaitedEverywhere());
        var unusedToo = node.call(removal(aliasRecord("orders")));
        assertEquals(2, node.store.awaitedEverywhere().size());
    }

    @Test
    void aKeyThatIsToBeDeletedGetsNoAliasAndMayLoseThem() {
        node.createAlias("orders", key);
        var pending = node.call(new ChangeCommand.ChangeKey(
                        UUID.randomUUID(), authority(key), new KeyChange.ScheduleDeletion(7)))
                .key();

        assertEquals(Refusal.KEY_PENDING_DELETION, node.refusal(creation("more", pending)));
        assertEquals(Refusal.KEY_PENDING_DELETION, node.refusal(update(aliasRecord("orders"), pending)));
        assertEquals(new Reply.Done(), node.call(update(aliasRecord("orders"), other)));
    }

    @Test
    void theNameOfADestroyedKeysAliasIsFree() {
        node.createAlias("orders", key);
        var pending = node.call(new ChangeCommand.ChangeKey(
                        UUID.randomUUID(), authority(key), new KeyChange.ScheduleDeletion(7)))
                .key();
        node.now = node.now.plusSeconds(7 * 86_400);

        assertEquals(Refusal.NOT_FOUND, node.refusal(creation("more", pending)));
        node.createAlias("orders", other);
        assertEquals(other.name().keyId(), aliasRecord("orders").targetKeyId());
        assertEquals(List.of("alias/orders"), aliasesOf(other));
    }

    @Test
    void listsAliasesInOrderOfNameOnPages() {
        for (var name : List.of("c", "a", "b", "d")) {
            node.createAlias(name, name.equals("b") ? other : key);
        }

        var first = node.call(new LookupCommand.ListAliases(SCOPE, Optional.empty(), new Page("", 3, 0), List.of()));
        assertEquals(
                List.of("alias/a", "alias/b", "alias/c"),
                first.aliases().stream().map(a -> a.name().name()).toList());
        assertTrue(first.truncated());
        var rest = node.call(new LookupCommand.ListAliases(
                SCOPE, Optional.empty(), new Page("alias/c", 3, first.index()), List.of()));
        assertEquals(
                List.of("alias/d"),
                rest.aliases().stream().map(a -> a.name().name()).toList());
        assertEquals(List.of("alias/a", "alias/c", "alias/d"), aliasesOf(key));
    }

    @Test
    void aKeyHasFiftyAliasesAlsoWhenTwoNodesRace() throws Exception {
        var second = new TestNode(node.rootKey, node.store);
        var pool = Executors.newFixedThreadPool(4);
        try {
            var start = new CountDownLatch(1);
            var calls = new ArrayList<Callable<String>>();
            IntStream.range(0, 80)
                    .forEach(i -> calls.add(() -> {
                        start.await();
                        var at = i % 2 == 0 ? node : second;
                        try {
                            return at.call(creation("a" + i, key)).toString();
                        } catch (Refused no) {
                            return no.refusal() + " " + no.detail();
                        }
                    }));
            var futures = calls.stream().map(pool::submit).toList();
            start.countDown();
            int done = 0;
            for (var future : futures) {
                var answer = future.get();
                if (answer.startsWith("Done")) {
                    done++;
                } else {
                    assertEquals("LIMIT_EXCEEDED 50", answer);
                }
            }

            assertEquals(50, done);
            assertEquals(50, aliasesOf(key).size());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void theUserMustBeMadeForTheScope() {
        node.createAlias("orders", key);
        var far = Session.inProcess("far");

        assertEquals(Refusal.NOT_PERMITTED, node.refusal(far, creation("more", key)));
        assertEquals(Refusal.NOT_PERMITTED, node.refusal(far, update(aliasRecord("orders"), other)));
        assertEquals(Refusal.NOT_PERMITTED, node.refusal(far, removal(aliasRecord("orders"))));
        assertEquals(Refusal.NOT_PERMITTED, node.refusal(far, new LookupCommand.FindAlias(alias("orders"))));
    }

    private ChangeCommand.CreateAlias creation(String name, KeyRecord target) {
        return new ChangeCommand.CreateAlias(UUID.randomUUID(), alias(name), authority(target));
    }

    private ChangeCommand.UpdateAlias update(AliasRecord alias, KeyRecord target) {
        return new ChangeCommand.UpdateAlias(
                UUID.randomUUID(), alias.stamp(), new Authority(target.stamp(), List.of()));
    }

    private ChangeCommand.DeleteAlias removal(AliasRecord alias) {
        return new ChangeCommand.DeleteAlias(UUID.randomUUID(), alias.stamp(), List.of());
    }

    private AliasRecord aliasRecord(String name) {
        return node.call(new LookupCommand.FindAlias(alias(name))).alias();
    }

    private List<String> aliasesOf(KeyRecord of) {
        var page = new Page("", 100, 0);
        return node
                .call(new LookupCommand.ListAliases(SCOPE, Optional.of(of.name().keyId()), page, List.of()))
                .aliases()
                .stream()
                .map(found -> found.name().name())
                .toList();
    }
}
