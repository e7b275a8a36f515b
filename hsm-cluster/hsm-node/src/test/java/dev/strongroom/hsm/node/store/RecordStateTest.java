package dev.strongroom.hsm.node.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.node.store.Outcome.Applied;
import dev.strongroom.hsm.node.store.Outcome.Conflict;
import dev.strongroom.hsm.node.store.Transaction.Check;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.protocol.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecordStateTest {

    private static final RecordId A = new RecordId(0, 1);
    private static final RecordId B = new RecordId(-1, 2);
    private static final int KIND = 7;

    private final RecordState state = new RecordState();

    @Test
    void aPutCarriesTheIndexOfItsEntryAsRevisionAndTheReplacedOneAsBase() {
        assertEquals(new Applied(3), apply(3, put(A, 0, "one")));
        assertEquals(new Applied(5), apply(5, put(A, 3, "two")));
        assertEquals(Optional.of(new SealedRecord(A, 5, 3, KIND, bytes("two"))), state.find(A));
        assertEquals(5, state.appliedIndex());
    }

    @Test
    void aTransactionWithOneFalseExpectationWritesNothing() {
        applied(1, put(A, 0, "one"));
        assertEquals(new Conflict(A, 1), apply(2, put(B, 0, "b"), put(A, 0, "again")));
        assertEquals(Optional.empty(), state.find(B));
        assertEquals(new Conflict(B, 0), apply(3, put(A, 1, "two"), new Check(B, 2)));
        assertEquals(1, state.find(A).orElseThrow().revision());
    }

    @Test
    void aChangeNamesWhatWasPutAndWhatIsGone() {
        applied(1, put(A, 0, "one"));
        var change = state.apply(
                2, new Transaction(UUID.randomUUID(), List.of(new Check(A, 1), new Delete(A, 1), put(B, 0, "b"))));
        assertEquals(List.of(new SealedRecord(B, 2, 0, KIND, bytes("b"))), change.put());
        assertEquals(List.of(A), change.deleted());
        assertEquals(Optional.empty(), state.find(A));
    }

    @Test
    void aRepeatedCommandIsAnsweredWithItsFirstOutcomeAndChangesNothing() {
        var command = new Transaction(UUID.randomUUID(), List.of(put(A, 0, "one")));
        assertEquals(new Applied(1), state.apply(1, command).outcome());
        applied(2, put(A, 1, "two"));
        var repeated = state.apply(3, command);
        assertEquals(new Applied(1), repeated.outcome());
        assertEquals(List.of(), repeated.put());
        assertEquals(2, state.find(A).orElseThrow().revision());
    }

    @Test
    void aCommandThatMetAConflictStaysWithoutEffectWhenItsSecondCopyWouldFit() {
        applied(1, put(A, 0, "one"));
        var late = new Transaction(UUID.randomUUID(), List.of(put(A, 0, "late")));
        assertEquals(new Conflict(A, 1), state.apply(2, late).outcome());
        applied(3, new Delete(A, 1));
        assertEquals(new Conflict(A, 1), state.apply(4, late).outcome());
        assertEquals(Optional.empty(), state.find(A));
    }

    @Test
    void onlyTheLastCommandsAreRemembered() {
        var small = new RecordState(2);
        var commands = new ArrayList<Transaction>();
        for (var i = 1; i <= 3; i++) {
            var command = new Transaction(new UUID(0, i), List.of(put(new RecordId(0, i), 0, "x")));
            commands.add(command);
            assertEquals(new Applied(i), small.apply(i, command).outcome());
        }
        assertEquals(new Applied(3), small.apply(4, commands.get(2)).outcome());
        assertEquals(
                new Conflict(new RecordId(0, 1), 1),
                small.apply(5, commands.get(0)).outcome());
    }

    @Test
    void aRecordMadeAgainAfterItsDeletionHasANewRevision() {
        applied(1, put(A, 0, "one"));
        applied(2, new Delete(A, 1));
        assertEquals(new Applied(3), apply(3, put(A, 0, "new")));
    }

    @Test
    void anEntryIsAppliedOnceAndInOrder() {
        state.skip(4);
        assertEquals(4, state.appliedIndex());
        assertThrows(IllegalStateException.class, () -> state.skip(4));
        assertThrows(IllegalStateException.class, () -> apply(3, put(A, 0, "one")));
    }

    @Test
    void aSnapshotOfMoreThanAMebibyteIsCutIntoBoundedChunks() {
        var large = new byte[700_000];
        for (var i = 1; i <= 5; i++) {
            large[i] = (byte) i;
            var id = new RecordId(i, i);
            assertEquals(new Applied(i), apply(i, new Put(id, 0, KIND, Bytes.copyOf(large))));
        }
        var chunks = state.snapshot();
        assertEquals(4, chunks.size());
        assertTrue(chunks.stream().allMatch(chunk -> chunk.length() <= StateImage.CHUNK_BYTES));
        var restored = new RecordState();
        restored.restore(5, chunks);
        assertEquals(state.digest(), restored.digest());
        assertEquals(state.find(new RecordId(3, 3)), restored.find(new RecordId(3, 3)));
    }

    @Test
    void anEmptyStateHasASnapshotToo() {
        var restored = new RecordState();
        applied(1, put(A, 0, "one"));
        var empty = new RecordState().snapshot();
        assertEquals(1, empty.size());
        restored.restore(9, empty);
        assertEquals(9, restored.appliedIndex());
        assertEquals(Optional.empty(), restored.find(A));
    }

    @Test
    void aSnapshotCutShortAnywhereIsRefusedAndLeavesTheStateAlone() {
        applied(1, put(A, 0, "one"));
        assertEquals(new Conflict(A, 1), apply(2, put(A, 0, "conflict")));
        var whole = state.snapshot().get(0).toArray();
        var before = state.digest();
        for (var length = 0; length < whole.length; length++) {
            var part = List.of(Bytes.wrap(Arrays.copyOf(whole, length)));
            assertThrows(IllegalArgumentException.class, () -> state.restore(9, part), "at " + length);
        }
        var longer = List.of(Bytes.copyOf(whole), Bytes.ofHex("00"));
        assertThrows(IllegalArgumentException.class, () -> state.restore(9, longer));
        assertEquals(before, state.digest());
        assertEquals(2, state.appliedIndex());
    }

    private void applied(long index, Write... writes) {
        assertEquals(new Applied(index), apply(index, writes));
    }

    private Outcome apply(long index, Write... writes) {
        return state.apply(index, new Transaction(new UUID(1, index), List.of(writes)))
                .outcome();
    }

    private static Put put(RecordId id, long expected, String payload) {
        return new Put(id, expected, KIND, bytes(payload));
    }

    private static Bytes bytes(String text) {
        return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }
}
