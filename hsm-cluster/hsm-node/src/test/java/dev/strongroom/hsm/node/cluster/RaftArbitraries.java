package dev.strongroom.hsm.node.cluster;

import static dev.strongroom.hsm.node.cluster.LogCodec.MODELS;

import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.store.Transaction.Check;
import dev.strongroom.hsm.node.store.Transaction.Delete;
import dev.strongroom.hsm.node.store.Transaction.Put;
import dev.strongroom.hsm.node.store.Transaction.Write;
import dev.strongroom.hsm.protocol.Bytes;
import io.microraft.MembershipChangeMode;
import io.microraft.RaftEndpoint;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.message.RaftMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Random things of a Raft log, all lawful, from a seeded source. */
final class RaftArbitraries {

    static final int MESSAGE_KINDS = 10;

    private static final List<MembershipChangeMode> MODES = List.of(MembershipChangeMode.values());

    private final Random random;

    RaftArbitraries(Random random) {
        this.random = random;
    }

    /** Small numbers and large ones alike, at least 0. */
    private long number() {
        return random.nextLong() >>> (1 + random.nextInt(63));
    }

    private int term() {
        return random.nextInt() >>> (1 + random.nextInt(31));
    }

    private Bytes bytes(int below) {
        var octets = new byte[random.nextInt(below)];
        random.nextBytes(octets);
        return Bytes.wrap(octets);
    }

    Transaction transaction() {
        var writes = new ArrayList<Write>();
        for (var left = random.nextInt(5); left > 0; left--) {
            var id = new RecordId(random.nextLong(), random.nextLong());
            writes.add(
                    switch (random.nextInt(3)) {
                        case 0 -> new Put(id, number(), term(), bytes(600));
                        case 1 -> new Delete(id, number());
                        default -> new Check(id, number());
                    });
        }
        return new Transaction(new UUID(random.nextLong(), random.nextLong()), writes);
    }

    Member member() {
        return new Member("node-" + random.nextInt(1000), 1 + random.nextInt(5));
    }

    private Collection<RaftEndpoint> members() {
        var members = new LinkedHashSet<RaftEndpoint>();
        for (var left = 1 + random.nextInt(7); left > 0; left--) {
            members.add(member());
        }
        return members;
    }

    private Collection<RaftEndpoint> votingOf(Collection<RaftEndpoint> members) {
        return new LinkedHashSet<>(
                members.stream().limit(1 + random.nextInt(members.size())).toList());
    }

    RaftGroupMembersView groupMembers(long logIndex) {
        var members = members();
        return MODELS.createRaftGroupMembersViewBuilder()
                .setLogIndex(logIndex)
                .setMembers(members)
                .setVotingMembers(votingOf(members))
                .build();
    }

    private Object operation() {
        var members = members();
        return switch (random.nextInt(8)) {
            case 0 -> NewTerm.INSTANCE;
            case 1 ->
                MODELS.createUpdateRaftGroupMembersOpBuilder()
                        .setMembers(members)
                        .setVotingMembers(votingOf(members))
                        .setEndpoint(member())
                        .setMode(MODES.get(random.nextInt(MODES.size())))
                        .build();
            default -> transaction();
        };
    }

    LogEntry entry(long index, int term) {
        return MODELS.createLogEntryBuilder()
                .setIndex(index)
                .setTerm(term)
                .setOperation(operation())
                .build();
    }

    SnapshotChunk chunk(long index, int term, int chunkIndex, int count, RaftGroupMembersView members) {
        return MODELS.createSnapshotChunkBuilder()
                .setIndex(index)
                .setTerm(term)
                .setSnapshotChunkIndex(chunkIndex)
                .setSnapshotChunkCount(count)
                .setGroupMembersView(members)
                .setOperation(bytes(3000))
                .build();
    }

    private List<LogEntry> entriesAfter(long index, int term) {
        var entries = new ArrayList<LogEntry>();
        for (var i = random.nextInt(6); i > 0; i--) {
            entries.add(entry(index + 1 + entries.size(), term));
        }
        return entries;
    }

    RaftMessage message(int kind) {
        return switch (kind) {
            case 0 -> appendEntries();
            case 1 ->
                MODELS.createAppendEntriesSuccessResponseBuilder()
                        .setGroupId("g")
                        .setSender(member())
                        .setTerm(term())
                        .setLastLogIndex(number())
                        .setQuerySequenceNumber(number())
                        .setFlowControlSequenceNumber(number())
                        .build();
            case 2 ->
                MODELS.createAppendEntriesFailureResponseBuilder()
                        .setGroupId("g")
                        .setSender(member())
                        .setTerm(term())
                        .setExpectedNextIndex(number())
                        .setQuerySequenceNumber(number())
                        .setFlowControlSequenceNumber(number())
                        .build();
            case 3 -> installSnapshot();
            case 4 ->
                MODELS.createInstallSnapshotResponseBuilder()
                        .setGroupId("g")
                        .setSender(member())
                        .setTerm(term())
                        .setSnapshotIndex(1 + number() / 2)
                        .setRequestedSnapshotChunkIndex(term())
                        .setQuerySequenceNumber(number())
                        .setFlowControlSequenceNumber(number())
                        .build();
            default -> ofElection(kind);
        };
    }

    private RaftMessage ofElection(int kind) {
        return switch (kind) {
            case 5 ->
                MODELS.createPreVoteRequestBuilder()
                        .setGroupId("g")
                        .setSender(member())
                        .setTerm(term())
                        .setLastLogTerm(term())
                        .setLastLogIndex(number())
                        .build();
            case 6 ->
                MODELS.createPreVoteResponseBuilder()
                        .setGroupId("g")
                        .setSender(member())
                        .setTerm(term())
                        .setGranted(random.nextBoolean())
                        .build();
            case 7 ->
                MODELS.createVoteRequestBuilder()
                        .setGroupId("g")
                        .setSender(member())
                        .setTerm(term())
                        .setLastLogTerm(term())
                        .setLastLogIndex(number())
                        .setSticky(random.nextBoolean())
                        .build();
            case 8 ->
                MODELS.createVoteResponseBuilder()
                        .setGroupId("g")
                        .setSender(member())
                        .setTerm(term())
                        .setGranted(random.nextBoolean())
                        .build();
            case 9 ->
                MODELS.createTriggerLeaderElectionRequestBuilder()
                        .setGroupId("g")
                        .setSender(member())
                        .setTerm(term())
                        .setLastLogTerm(term())
                        .setLastLogIndex(number())
                        .build();
            default -> throw new IllegalArgumentException("kind " + kind);
        };
    }

    private RaftMessage appendEntries() {
        var previousIndex = number() / 2;
        var previousTerm = term();
        return MODELS.createAppendEntriesRequestBuilder()
                .setGroupId("g")
                .setSender(member())
                .setTerm(term())
                .setPreviousLogIndex(previousIndex)
                .setPreviousLogTerm(previousTerm)
                .setCommitIndex(number())
                .setLogEntries(entriesAfter(previousIndex, previousTerm))
                .setQuerySequenceNumber(number())
                .setFlowControlSequenceNumber(number())
                .build();
    }

    private RaftMessage installSnapshot() {
        var index = 1 + number() / 2;
        var term = term();
        var count = 1 + random.nextInt(9);
        var members = groupMembers(number());
        return MODELS.createInstallSnapshotRequestBuilder()
                .setGroupId("g")
                .setSender(member())
                .setTerm(term())
                .setSenderLeader(random.nextBoolean())
                .setSnapshotTerm(term)
                .setSnapshotIndex(index)
                .setTotalSnapshotChunkCount(count)
                .setSnapshotChunk(
                        random.nextBoolean() ? chunk(index, term, random.nextInt(count), count, members) : null)
                .setSnapshottedMembers(members())
                .setGroupMembersView(members)
                .setQuerySequenceNumber(number())
                .setFlowControlSequenceNumber(number())
                .build();
    }
}
