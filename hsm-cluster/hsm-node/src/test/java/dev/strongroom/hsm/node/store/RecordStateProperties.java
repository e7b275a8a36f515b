package dev.strongroom.hsm.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.node.store.Outcome.Applied;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.protocol.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RecordStateProperties {

    @Property(tries = 200)
    void aNodeThatStartsFromASnapshotEndsLikeOneThatAppliedEveryEntry(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 120) int cut) {
        var entries = entries(new Random(seed), 120);
        var whole = new RecordState(20);
        var joined = new RecordState(20);
        for (var i = 0; i < entries.size(); i++) {
            var outcome = whole.apply(i + 1, entries.get(i)).outcome();
            if (i + 1 > cut) {
                assertEquals(outcome, joined.apply(i + 1, entries.get(i)).outcome());
            } else if (i + 1 == cut) {
                joined.restore(cut, whole.snapshot());
            }
        }
        assertEquals(whole.digest(), joined.digest());
        assertEquals(whole.snapshot(), joined.snapshot());
    }

    @Property(tries = 200)
    void everyOutcomeIsThatOfAPlainMapOfRevisions(@ForAll long seed) {
        var state = new RecordState();
        var model = new HashMap<RecordId, Long>();
        var entries = entries(new Random(seed), 80);
        for (var i = 0; i < entries.size(); i++) {
            var index = i + 1L;
            var fresh = new Transaction(new UUID(9, index), entries.get(i).writes());
            var fits =
                    fresh.writes().stream().allMatch(write -> model.getOrDefault(write.id(), 0L) == write.expected());
            if (fits) {
                fresh.writes().forEach(write -> {
                    if (write instanceof Put) {
                        model.put(write.id(), index);
                    } else if (write instanceof Delete) {
                        model.remove(write.id());
                    }
                });
            }
            assertEquals(fits, state.apply(index, fresh).outcome() instanceof Applied);
            for (var id = 0; id < 6; id++) {
                var found = state.find(new RecordId(id - 3, id)).map(SealedRecord::revision);
                assertEquals(model.getOrDefault(new RecordId(id - 3, id), 0L), found.orElse(0L));
            }
        }
    }

    /** Transactions over six records whose expectations are often right, with repetitions among them. */
    private static List<Transaction> entries(Random random, int count) {
        var probe = new RecordState(20);
        var entries = new ArrayList<Transaction>();
        for (var i = 1; i <= count; i++) {
            Transaction entry;
            if (!entries.isEmpty() && random.nextInt(6) == 0) {
                entry = entries.get(random.nextInt(entries.size()));
            } else {
                var writes = new ArrayList<Write>();
                var first = random.nextInt(6);
                for (var w = 0; w < 1 + random.nextInt(3); w++) {
                    writes.add(write(random, probe, (first + w) % 6));
                }
                entry = new Transaction(new UUID(0, i), writes);
            }
            entries.add(entry);
            var unused = probe.apply(i, entry);
        }
        return entries;
    }

    private static Write write(Random random, RecordState probe, int number) {
        var id = new RecordId(number - 3, number);
        var revision = probe.find(id).map(SealedRecord::revision).orElse(0L);
        var expected = random.nextInt(4) == 0 ? random.nextInt(50) : revision;
        return switch (random.nextInt(4)) {
            case 0 -> new Delete(id, expected);
            case 1 -> new Transaction.Check(id, expected);
            default -> new Put(id, expected, 1, Bytes.wrap(new byte[random.nextInt(40)]));
        };
    }
}
