package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.Outcome.Applied;
import dev.strongroom.hsm.node.store.Outcome.Conflict;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.store.RecordStore.UnavailableException;
import dev.strongroom.hsm.node.store.SealedRecord;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.protocol.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SingleNodeTest {

    private static final RecordId A = new RecordId(1, 1);
    private static final Bytes ONE = Bytes.ofHex("01");

    private final RaftRecordStore store = RaftRecordStore.inMemory("alone", System::nanoTime, new Random(1));

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aCommittedRecordIsThereAtOnce() throws Exception {
        var revision = applied(new Put(A, 0, 1, ONE));
        assertEquals(Optional.of(new SealedRecord(A, revision, 0, 1, ONE)), store.find(A));
        assertTrue(store.appliedIndex() >= revision);
        get(store.awaitApplied(revision));
        get(store.awaitEverywhere(revision));
        assertTrue(get(store.readBarrier()) >= revision);
    }

    @Test
    void aFalseExpectationIsToldWithTheRevisionThatIsThere() throws Exception {
        var revision = applied(new Put(A, 0, 1, ONE));
        assertEquals(new Conflict(A, revision), outcome(new Put(A, 0, 1, ONE)));
    }

    @Test
    void theSameCommandTwiceHasOneEffectAndOneAnswer() throws Exception {
        var command = new Transaction(UUID.randomUUID(), List.of(new Put(A, 0, 1, ONE)));
        var first = store.commit(command);
        var second = store.commit(command);
        assertEquals(get(first), get(second));
        assertEquals(get(first), get(store.commit(command)));
    }

    @Test
    void aTransactionThatNamesARecordTwiceIsRefused() {
        var twice = new Transaction(UUID.randomUUID(), List.of(new Put(A, 0, 1, ONE), new Delete(A, 0)));
        assertThrows(IllegalArgumentException.class, () -> store.commit(twice));
    }

    @Test
    void aTransactionThatNoLogEntryHoldsIsRefusedAndTheNextOneIsTaken() throws Exception {
        var tooLong = new Put(A, 0, 1, Bytes.wrap(new byte[TransactionCodec.MAX_TRANSACTION_BYTES]));
        var tooMany = IntStream.rangeClosed(0, TransactionCodec.MAX_WRITES)
                .<Write>mapToObj(i -> new Delete(new RecordId(9, i), 0))
                .toList();
        for (var writes : List.of(List.<Write>of(tooLong), tooMany)) {
            var refused = new Transaction(UUID.randomUUID(), writes);
            assertThrows(RecordStore.TooLargeException.class, () -> store.commit(refused));
        }
        assertEquals(Optional.empty(), store.find(A));

        var longest = Bytes.wrap(new byte[TransactionCodec.MAX_TRANSACTION_BYTES - 80]);
        var revision = applied(new Put(A, 0, 1, longest));
        assertEquals(revision, store.find(A).orElseThrow().revision());
    }

    @Test
    void whoWaitsForAnEntryThatNobodyWroteWaitsForAllThatThereIs() throws Exception {
        var revision = applied(new Put(A, 0, 1, ONE));
        var reached = store.awaitApplied(Long.MAX_VALUE).thenApply(done -> store.appliedIndex());
        assertTrue(get(reached) >= revision);
    }

    @Test
    void theOnlyVoterHoldsItsLeaseFromItsFirstBarrier() throws Exception {
        var unused = get(store.readBarrier());
        assertTrue(store.holdsLease());
        store.close();
        assertInstanceOf(
                UnavailableException.class,
                assertThrows(ExecutionException.class, () -> get(store.readBarrier()))
                        .getCause());
        assertFalse(store.holdsLease());
    }

    @Test
    void aListenerHearsTheStateAndThenEveryChangeBeforeItIsAcknowledged() throws Exception {
        var before = applied(new Put(A, 0, 1, ONE));
        var heard = Collections.synchronizedList(new ArrayList<String>());
        store.subscribe(new RecordStore.Listener() {
            @Override
            public void reset(Iterable<SealedRecord> records, long index) {
                records.forEach(each -> heard.add("reset " + each.revision()));
            }

            @Override
            public void applied(long index, List<SealedRecord> put, List<RecordId> deleted) {
                heard.add("applied " + index + " " + put.size() + " " + deleted.size());
            }
        });
        var replaced = applied(new Put(A, before, 1, ONE));
        assertEquals(List.of("reset " + before, "applied " + replaced + " 1 0"), heard);
        var gone = applied(new Delete(A, replaced));
        assertEquals("applied " + gone + " 0 1", heard.get(2));
    }

    @Test
    void manyCommitsAtOnceAreAllAppliedAndPassSnapshots() throws Exception {
        var open = new ArrayList<CompletionStage<Outcome>>();
        for (var i = 0; i < 900; i++) {
            open.add(store.commit(new Transaction(UUID.randomUUID(), List.of(new Put(new RecordId(2, i), 0, 1, ONE)))));
        }
        for (var each : open) {
            assertInstanceOf(Applied.class, get(each));
        }
    }

    private long applied(Write... writes) throws Exception {
        return assertInstanceOf(Applied.class, outcome(writes)).revision();
    }

    private Outcome outcome(Write... writes) throws Exception {
        return get(store.commit(new Transaction(UUID.randomUUID(), List.of(writes))));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
