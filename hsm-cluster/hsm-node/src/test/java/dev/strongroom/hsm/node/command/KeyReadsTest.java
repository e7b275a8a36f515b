package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.TestNode.SCOPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Scope;
import java.util.ArrayList;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        var page = node.call(new LookupCommand.ListKeys(SCOPE, new Page("", 3, 0)));
        seen.addAll(page.keyIds());
        while (page.truncated()) {
            assertFalse(page.keyIds().isEmpty());
            long barriers = node.store.barriers();
            page = node.call(new LookupCommand.ListKeys(SCOPE, new Page(seen.get(seen.size() - 1), 3, page.index())));
            assertEquals(barriers, node.store.barriers(), "only the first page asks a majority");
            seen.addAll(page.keyIds());
        }

        assertEquals(ids, seen);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 1_001})
    void aPageHasOneToAThousandItems(int limit) {
        assertEquals(Refusal.MALFORMED, node.refusal(new LookupCommand.ListKeys(SCOPE, new Page("", limit, 0))));
    }
}
