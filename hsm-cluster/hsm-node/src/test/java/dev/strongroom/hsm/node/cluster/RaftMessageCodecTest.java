package dev.strongroom.hsm.node.cluster;

import static dev.strongroom.hsm.node.cluster.LogCodec.MODELS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.sun.management.ThreadMXBean;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.node.wire.RaftWire;
import dev.strongroom.hsm.node.wire.RaftWire.RaftMessage.Kind;
import dev.strongroom.hsm.protocol.Bytes;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.AppendEntriesRequest;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RaftMessageCodecTest {

    private static final RaftWire.Endpoint A =
            RaftWire.Endpoint.newBuilder().setNodeId("a").setIncarnation(1).build();

    private static final RaftWire.GroupMembers GROUP =
            RaftWire.GroupMembers.newBuilder().addMembers(A).addVotingMembers(A).build();

    @Test
    void aDeletionOfAKeyWithAllItsGrantsFits() throws MalformedMessageException {
        var writes = IntStream.range(0, TransactionCodec.MAX_WRITES)
                .<Write>mapToObj(i -> new Delete(new RecordId(-1 - i, -1), 1L << 40))
                .toList();
        var transaction = new Transaction(new UUID(1, 2), writes);
        assertEquals(transaction, TransactionCodec.decode(TransactionCodec.encode(transaction)));
    }

    @ParameterizedTest
    @MethodSource
    void aTransactionThatOthersCouldNotDecodeIsNotEncoded(Transaction transaction) {
        assertThrows(IllegalArgumentException.class, () -> TransactionCodec.encode(transaction));
    }

    static Stream<Transaction> aTransactionThatOthersCouldNotDecodeIsNotEncoded() {
        var id = new RecordId(1, 1);
        return Stream.of(
                transaction(put(TransactionCodec.MAX_TRANSACTION_BYTES)),
                transaction(new Delete(id, 1), new Delete(id, 1)),
                transaction(new Delete(id, -1)),
                transaction(new Put(id, 0, -1, Bytes.empty())),
                new Transaction(
                        new UUID(1, 2),
                        IntStream.rangeClosed(0, TransactionCodec.MAX_WRITES)
                                .<Write>mapToObj(i -> new Delete(new RecordId(i, 0), 1))
                                .toList()));
    }

    @Test
    void entriesTooLongForOneMessageAreCutToTheLeadingOnes() throws MalformedMessageException {
        var large = transaction(put(TransactionCodec.MAX_TRANSACTION_BYTES - 100));
        var octets = RaftMessageCodec.encode(request(3, large));
        assertTrue(octets.length <= RaftMessageCodec.MAX_MESSAGE_BYTES, () -> octets.length + " bytes");
        var decoded = (AppendEntriesRequest) RaftMessageCodec.decode(octets);
        assertEquals(
                List.of(11L),
                decoded.getLogEntries().stream().map(LogEntry::getIndex).toList());
        assertEquals(large, decoded.getLogEntries().get(0).getOperation());
    }

    @Test
    void entriesTooManyForOneMessageAreCutToTheLeadingOnes() throws MalformedMessageException {
        var octets = RaftMessageCodec.encode(request(RaftMessageCodec.MAX_ENTRIES + 5, NewTerm.INSTANCE));
        var decoded = (AppendEntriesRequest) RaftMessageCodec.decode(octets);
        assertEquals(RaftMessageCodec.MAX_ENTRIES, decoded.getLogEntries().size());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatIsNotLawfulIsMalformed(String name, byte[] octets) {
        assertThrows(MalformedMessageException.class, () -> RaftMessageCodec.decode(octets));
    }

    static Stream<Arguments> whatIsNotLawfulIsMalformed() {
        var noop = RaftWire.LogEntry.newBuilder().setIndex(6).setTerm(2).setNewTerm(true);
        var vote = RaftWire.Candidacy.newBuilder().setLastLogIndex(5).build();
        var chunk = RaftWire.SnapshotChunk.newBuilder()
                .setIndex(9)
                .setTerm(2)
                .setChunkCount(2)
                .setGroupMembers(GROUP.toByteString());
        return Stream.of(
                Arguments.of("empty", new byte[0]),
                Arguments.of("format of tomorrow", new byte[] {2}),
                Arguments.of("no kind", envelope(Kind.UNSPECIFIED, vote)),
                Arguments.of(
                        "no sender",
                        StrictWire.write(
                                message(Kind.VOTE_REQUEST, vote).clearSender().build())),
                Arguments.of(
                        "no group",
                        StrictWire.write(
                                message(Kind.VOTE_REQUEST, vote).clearGroupId().build())),
                Arguments.of(
                        "negative term",
                        StrictWire.write(
                                message(Kind.VOTE_REQUEST, vote).setTerm(-1).build())),
                Arguments.of(
                        "sticky prevote",
                        envelope(
                                Kind.PRE_VOTE_REQUEST,
                                vote.toBuilder().setSticky(true).build())),
                Arguments.of("unknown field", envelope(Kind.PRE_VOTE_RESPONSE, vote)),
                Arguments.of(
                        "negative index",
                        envelope(
                                Kind.VOTE_REQUEST,
                                vote.toBuilder().setLastLogIndex(-5).build())),
                Arguments.of("gap", append(5, 1, noop.clone().setIndex(7))),
                Arguments.of("term falls", append(5, 3, noop)),
                Arguments.of("no operation", append(5, 1, noop.clone().clearOperation())),
                Arguments.of("false new term", append(5, 1, noop.clone().setNewTerm(false))),
                Arguments.of(
                        "vote of a stranger",
                        append(
                                5,
                                1,
                                noop.clone()
                                        .setMembershipChange(RaftWire.MembershipChange.newBuilder()
                                                .setEndpoint(A)
                                                .setModeValue(1)
                                                .addMembers(A)
                                                .addVotingMembers(A.toBuilder().setIncarnation(2))
                                                .build()
                                                .toByteString()))),
                Arguments.of("snapshot at 0", snapshot(0, 2, ByteString.EMPTY)),
                Arguments.of("no chunks", snapshot(9, 0, ByteString.EMPTY)),
                Arguments.of("billions of chunks", snapshot(9, Integer.MAX_VALUE, ByteString.EMPTY)),
                Arguments.of(
                        "chunk beyond its count",
                        snapshot(9, 2, chunk.clone().setChunkIndex(2).build().toByteString())),
                Arguments.of(
                        "chunk of another snapshot",
                        snapshot(9, 2, chunk.clone().setIndex(8).build().toByteString())));
    }

    @Test
    void theLawfulNeighboursOfTheUnlawfulOnesAreDecoded() throws MalformedMessageException {
        var noop = RaftWire.LogEntry.newBuilder().setIndex(6).setTerm(2).setNewTerm(true);
        assertEquals(3, RaftMessageCodec.decode(append(5, 2, noop)).getTerm());
        assertEquals(
                3, RaftMessageCodec.decode(snapshot(9, 2, ByteString.EMPTY)).getTerm());
    }

    /** Eight megabytes of the smallest parts there are, each of which would cost some ten times its size as an object. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void aHostileMessageCostsLittleMoreMemoryThanItsSize(String name, byte[] octets) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThrows(MalformedMessageException.class, () -> RaftMessageCodec.decode(octets));
        var before = threads.getCurrentThreadAllocatedBytes();
        assertThrows(MalformedMessageException.class, () -> RaftMessageCodec.decode(octets));
        var allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 5L * RaftMessageCodec.MAX_MESSAGE_BYTES, () -> allocated + " bytes allocated");
    }

    static Stream<Arguments> aHostileMessageCostsLittleMoreMemoryThanItsSize() {
        var emptyEntry = field(6, ByteString.EMPTY);
        var emptyWrite = field(3, ByteString.EMPTY);
        var unknown = ByteString.copyFrom(new byte[] {(byte) 0x78, 1});
        var transaction = field(3, repeat(emptyWrite, 4 << 20));
        return Stream.of(
                Arguments.of("entries", envelope(Kind.APPEND_ENTRIES_REQUEST, repeat(emptyEntry, 8 << 20))),
                Arguments.of("writes", envelope(Kind.APPEND_ENTRIES_REQUEST, field(6, transaction))),
                Arguments.of("fields", envelope(Kind.VOTE_REQUEST, repeat(unknown, 8 << 20))),
                Arguments.of("nested fields", versioned(field(2, repeat(unknown, 7 << 20)))),
                Arguments.of(
                        "members",
                        envelope(
                                Kind.INSTALL_SNAPSHOT_REQUEST, field(7, repeat(field(2, ByteString.EMPTY), 8 << 20)))));
    }

    private static Transaction transaction(Write... writes) {
        return new Transaction(new UUID(1, 2), List.of(writes));
    }

    private static Put put(int octets) {
        return new Put(new RecordId(1, 1), 0, 1, Bytes.wrap(new byte[octets]));
    }

    private static AppendEntriesRequest request(int count, Object operation) {
        var entries = LongStream.range(11, 11 + count)
                .mapToObj(i -> MODELS.createLogEntryBuilder()
                        .setIndex(i)
                        .setTerm(2)
                        .setOperation(operation)
                        .build())
                .toList();
        return MODELS.createAppendEntriesRequestBuilder()
                .setGroupId("g")
                .setSender(new Member("a", 1))
                .setTerm(3)
                .setPreviousLogIndex(10)
                .setPreviousLogTerm(2)
                .setLogEntries(entries)
                .build();
    }

    private static RaftWire.RaftMessage.Builder message(Kind kind, Message body) {
        return RaftWire.RaftMessage.newBuilder()
                .setGroupId("g")
                .setSender(A)
                .setTerm(3)
                .setKind(kind)
                .setBody(body.toByteString());
    }

    private static byte[] envelope(Kind kind, Message body) {
        return StrictWire.write(message(kind, body).build());
    }

    private static byte[] envelope(Kind kind, ByteString body) {
        var cut = body.substring(0, Math.min(body.size(), RaftMessageCodec.MAX_MESSAGE_BYTES - 64) & ~1);
        return StrictWire.write(message(kind, A).setBody(cut).build());
    }

    private static byte[] append(long previousIndex, int previousTerm, RaftWire.LogEntry.Builder entry) {
        return envelope(
                Kind.APPEND_ENTRIES_REQUEST,
                RaftWire.AppendEntriesRequest.newBuilder()
                        .setPreviousLogIndex(previousIndex)
                        .setPreviousLogTerm(previousTerm)
                        .addEntries(entry.build().toByteString())
                        .build());
    }

    private static byte[] snapshot(long index, int count, ByteString chunk) {
        return envelope(
                Kind.INSTALL_SNAPSHOT_REQUEST,
                RaftWire.InstallSnapshotRequest.newBuilder()
                        .setSnapshotIndex(index)
                        .setSnapshotTerm(2)
                        .setTotalChunkCount(count)
                        .setChunk(chunk)
                        .setGroupMembers(GROUP.toByteString())
                        .build());
    }

    /** A length-delimited field as it stands on the wire. */
    private static ByteString field(int number, ByteString content) {
        var unknown = UnknownFieldSet.newBuilder()
                .addField(
                        number,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(content)
                                .build());
        return unknown.build().toByteString();
    }

    private static byte[] versioned(ByteString message) {
        return ByteString.copyFrom(new byte[] {1}).concat(message).toByteArray();
    }

    private static ByteString repeat(ByteString part, int octets) {
        var whole = new byte[octets / part.size() * part.size()];
        for (var at = 0; at < whole.length; at += part.size()) {
            part.copyTo(whole, at);
        }
        return ByteString.copyFrom(whole);
    }
}
