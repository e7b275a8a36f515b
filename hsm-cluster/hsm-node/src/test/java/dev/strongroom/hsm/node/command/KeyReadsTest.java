package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyReadsTest {

    private final TestNode node = new TestNode();

    @Test
    void findsAKeyByItsBackingKeyInTheRegionOfTheRequest() {
        var key = node.createKey();
        var id = key.currentBackingKey().orElseThrow().id();

        assertEquals(
                key,
                node.call(new LookupCommand.FindKey(new KeyAddress.ByBackingKey("eu-west-1", id), Freshness.LOCAL))
                        .key());
        assertEquals(
                Refusal.NOT_FOUND,
                node.refusal(new LookupCommand.FindKey(new KeyAddress.ByBackingKey("us-east-1", id), Freshness.LOCAL)));
        assertEquals(
                Refusal.NOT_FOUND,
                node.refusal(
                        Session.inProcess("elsewhere"),
                        new LookupCommand.FindKey(new KeyAddress.ByBackingKey("eu-west-1", id), Freshness.LOCAL)));
    }

    @Test
    void aFreshLookIsAQuorumReadAndALocalOneIsNot() {
        var key = node.createKey();
        long before = node.store.barriers();
        var local = node.call(new LookupCommand.FindKey(new KeyAddress.ById(key.name()), Freshness.LOCAL));
        assertEquals(before, node.store.barriers());
        var fresh = node.call(new LookupCommand.FindKey(new KeyAddress.ById(key.name()), Freshness.QUORUM));
        assertEquals(before + 1, node.store.barriers());
        assertEquals(local, fresh);

        node.store.majority(false);
        assertEquals(
                Refusal.NO_QUORUM,
                node.refusal(new LookupCommand.FindKey(new KeyAddress.ById(key.name()), Freshness.QUORUM)));
    }

    @Test
    void listsEveryKeyOfTheScopeOnceInOrder() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            ids.add(node.createKey().name().keyId());
        }
        var unused = node.createKey(new Scope("111122223333", "us-east-1"));
        Collections.sort(ids);

        var seen = new ArrayList<String>();
        var page = node.call(new LookupCommand.ListKeys(SCOPE, new Page("", 3, 0), List.of()));
        seen.addAll(page.keyIds());
        while (page.truncated()) {
            assertFalse(page.keyIds().isEmpty());
            long barriers = node.store.barriers();
            page = node.call(
                    new LookupCommand.ListKeys(SCOPE, new Page(seen.get(seen.size() - 1), 3, page.index()), List.of()));
            assertEquals(barriers, node.store.barriers(), "only the first page asks a majority");
            seen.addAll(page.keyIds());
        }

        assertEquals(ids, seen);
    }

    /** Commands that use no key and rest on permission all the same. */
    private static Stream<Object[]> keyless() {
        return Stream.of(
                new Object[] {
                    "FindKey", (Kind) (key, stamps) -> new LookupCommand.FindKey(key, Freshness.QUORUM, stamps)
                },
                new Object[] {"ListKeys", (Kind) (key, stamps) -> new LookupCommand.ListKeys(SCOPE, FIRST, stamps)},
                new Object[] {
                    "ListAliases",
                    (Kind) (key, stamps) -> new LookupCommand.ListAliases(SCOPE, Optional.empty(), FIRST, stamps)
                },
                new Object[] {
                    "GenerateRandom", (Kind) (key, stamps) -> new UseCommand.GenerateRandom(1, stamps, Optional.empty())
                });
    }

    private interface Kind {
        Command<?> resting(KeyAddress key, List<Stamp> stamps);
    }

    private static final Page FIRST = new Page("", 10, 0);

    @ParameterizedTest(name = "{0}")
    @MethodSource("keyless")
    void permissionThatIsNoMoreIsNotEnough(String name, Kind kind) {
        var key = node.createKey();
        var address = new KeyAddress.ById(key.name());
        var stamp = key.stamp();

        var unused = node.call(kind.resting(address, List.of(stamp)));

        var older = new Stamp(stamp.idHigh(), stamp.idLow(), stamp.revision() - 1);
        assertEquals(Refusal.STALE, node.refusal(kind.resting(address, List.of(stamp, older))));
        assertEquals(Refusal.STALE, node.refusal(kind.resting(address, List.of(new Stamp(1, 1, 1)))));
    }

    @Test
    void theRecordOfAKeysAliasesChangesWithEachOfThem() {
        var key = node.createKey();
        var ask = new LookupCommand.FindAliasNames(key.name(), Freshness.QUORUM);
        var none = node.call(ask);
        node.createAlias("b", key);
        node.createAlias("a", key);
        var both = node.call(ask);

        assertEquals(List.of(), none.names());
        assertEquals(List.of("alias/a", "alias/b"), both.names());
        assertEquals(none.stamp().idLow(), both.stamp().idLow());
        assertTrue(none.stamp().revision() < both.stamp().revision());
        assertEquals(
                Refusal.STALE,
                node.refusal(new LookupCommand.FindKey(
                        new KeyAddress.ById(key.name()), Freshness.LOCAL, List.of(none.stamp()))));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 1_001})
    void aPageHasOneToAThousandItems(int limit) {
        assertEquals(
                Refusal.MALFORMED, node.refusal(new LookupCommand.ListKeys(SCOPE, new Page("", limit, 0), List.of())));
    }
}
