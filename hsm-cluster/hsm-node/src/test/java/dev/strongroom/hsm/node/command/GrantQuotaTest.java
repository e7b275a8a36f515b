package dev.strongroom.hsm.node.command;

import static dev.strongroom.hsm.node.command.SampleGrants.FREE;
import static dev.strongroom.hsm.node.command.SampleGrants.READER;
import static dev.strongroom.hsm.node.command.SampleGrants.WRITER;
import static dev.strongroom.hsm.node.command.SampleGrants.creation;
import static dev.strongroom.hsm.node.command.SampleGrants.holding;
import static dev.strongroom.hsm.node.command.SampleGrants.id;
import static dev.strongroom.hsm.node.command.SampleGrants.newId;
import static dev.strongroom.hsm.node.command.SampleGrants.revocation;
import static dev.strongroom.hsm.node.command.SampleGrants.terms;
import static dev.strongroom.hsm.node.command.TestNode.authority;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.GrantCommand.FindGrants.Contexts;
import dev.strongroom.hsm.protocol.GrantRecord;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GrantQuotaTest {

    private static final int QUOTA = 50_000;
    private static final int BATCH = 500;

    private final TestNode node = new TestNode();
    private final KeyRecord key = node.createKey();

    private List<String> fitting(String volume) {
        var context = Map.of("volume", volume, "tier", "gold");
        var question = new GrantCommand.FindGrants(
                key.name(),
                List.of(READER),
                List.of("Encrypt"),
                Optional.of(Contexts.exactly(context)),
                Freshness.QUORUM);
        return node.call(question).grants().stream().map(GrantRecord::id).toList();
    }

    /** Grants as CreateGrant makes them, many in one transaction. */
    private void put(int from, int to) {
        var command = UUID.randomUUID();
        var writes = new ArrayList<Write>();
        for (int i = from; i < to; i++) {
            var grant = new GrantRecord(
                    key.stamp(),
                    key.name(),
                    id(i),
                    terms(READER, "", holding(Map.of("volume", "vol-" + i))),
                    TestNode.SCOPE.accountId(),
                    node.now);
            writes.add(node.vault.sealer().create(new Content.Grant(grant), command));
        }
        assertInstanceOf(
                Outcome.Applied.class,
                node.store
                        .commit(new Transaction(command, writes))
                        .toCompletableFuture()
                        .join());
    }

    @Test
    void aKeyHasFiftyThousandGrantsAndEachIsFound() {
        for (int i = 0; i < QUOTA; i += BATCH) {
            put(i, i + BATCH);
        }
        var another = creation(key, newId(), terms(WRITER, "", FREE));
        assertEquals(Refusal.LIMIT_EXCEEDED, node.refusal(another));

        for (int i = 0; i < QUOTA; i += 499) {
            assertEquals(List.of(id(i)), fitting("vol-" + i));
        }
        assertEquals(List.of(), fitting("vol-" + QUOTA));
        var last = node.call(new GrantCommand.ListGrants(
                authority(key), Optional.empty(), Optional.empty(), new Page(id(QUOTA - 11), 100, 0)));
        assertEquals(10, last.grants().size());
        assertFalse(last.truncated());

        var unused = node.call(revocation(key, last.grants().get(9)));
        assertEquals(List.of(), fitting("vol-" + (QUOTA - 1)));
        assertEquals(
                another.terms(),
                node.call(creation(key, newId(), another.terms())).grant().terms());
    }
}
