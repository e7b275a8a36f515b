package dev.strongroom.hsm.node.cluster;

import com.google.protobuf.ByteString;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.node.wire.RaftWire;
import dev.strongroom.hsm.protocol.Bytes;
import io.microraft.MembershipChangeMode;
import io.microraft.RaftEndpoint;
import io.microraft.model.RaftModelFactory;
import io.microraft.model.groupop.UpdateRaftGroupMembersOp;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * What the log is made of, as bytes: entries, snapshot chunks, member lists. An entry's operation is a {@link
 * Transaction}, a change of the members, or {@link NewTerm}; a chunk's is {@link Bytes} in the state machine's own
 * format. As in {@link TransactionCodec}, what can be encoded can be decoded everywhere.
 */
final class LogCodec {

    /** A longer chunk content is refused by {@link #encode(SnapshotChunk)} and on decoding. */
    static final int MAX_CHUNK_BYTES = 4 << 20;

    static final int MAX_CHUNKS = 1 << 20;

    static final int MAX_MEMBERS = 256;

    static final RaftModelFactory MODELS = new DefaultRaftModelFactory();

    private static final int SINGLE_FIELDS = 8;

    private LogCodec() {}

    static byte[] encode(LogEntry entry) {
        return StrictWire.write(toWire(entry));
    }

    static LogEntry decodeEntry(byte[] octets) throws MalformedMessageException {
        return entry(StrictWire.read(RaftWire.LogEntry.parser(), octets, SINGLE_FIELDS));
    }

    static LogEntry decodeEntry(ByteString octets) throws MalformedMessageException {
        return entry(StrictWire.parse(RaftWire.LogEntry.parser(), octets, SINGLE_FIELDS));
    }

    static byte[] encode(SnapshotChunk chunk) {
        return StrictWire.write(toWire(chunk));
    }

    static SnapshotChunk decodeChunk(byte[] octets) throws MalformedMessageException {
        return chunk(StrictWire.read(RaftWire.SnapshotChunk.parser(), octets, SINGLE_FIELDS));
    }

    static SnapshotChunk decodeChunk(ByteString octets) throws MalformedMessageException {
        return chunk(StrictWire.parse(RaftWire.SnapshotChunk.parser(), octets, SINGLE_FIELDS));
    }

    static RaftWire.LogEntry toWire(LogEntry entry) {
        var wire = RaftWire.LogEntry.newBuilder().setIndex(entry.getIndex()).setTerm(entry.getTerm());
        var operation = entry.getOperation();
        if (operation instanceof Transaction transaction) {
            wire.setTransaction(TransactionCodec.toWire(transaction).toByteString());
        } else if (operation instanceof UpdateRaftGroupMembersOp change) {
            wire.setMembershipChange(toWire(change).toByteString());
        } else if (operation == NewTerm.INSTANCE) {
            wire.setNewTerm(true);
        } else {
            throw new IllegalArgumentException("no such operation in this log: " + operation.getClass());
        }
        return wire.build();
    }

    private static LogEntry entry(RaftWire.LogEntry wire) throws MalformedMessageException {
        var entry = MODELS.createLogEntryBuilder()
                .setIndex(position(wire.getIndex()))
                .setTerm(StrictWire.count(wire.getTerm(), "a term"));
        switch (wire.getOperationCase()) {
            case TRANSACTION -> entry.setOperation(TransactionCodec.decode(wire.getTransaction()));
            case MEMBERSHIP_CHANGE -> entry.setOperation(change(wire.getMembershipChange()));
            case NEW_TERM -> {
                if (!wire.getNewTerm()) {
                    throw new MalformedMessageException("a new term is said by true");
                }
                entry.setOperation(NewTerm.INSTANCE);
            }
            default -> throw new MalformedMessageException("an entry without an operation");
        }
        return entry.build();
    }

    private static RaftWire.MembershipChange toWire(UpdateRaftGroupMembersOp change) {
        return RaftWire.MembershipChange.newBuilder()
                .setEndpoint(toWire(change.getEndpoint()))
                .setMode(toWire(change.getMode()))
                .addAllMembers(toWire(change.getMembers()))
                .addAllVotingMembers(toWire(change.getVotingMembers()))
                .build();
    }

    private static UpdateRaftGroupMembersOp change(ByteString octets) throws MalformedMessageException {
        var wire = StrictWire.parse(RaftWire.MembershipChange.parser(), octets, SINGLE_FIELDS + 2 * MAX_MEMBERS);
        var members = members(wire.getMembersList());
        return MODELS.createUpdateRaftGroupMembersOpBuilder()
                .setEndpoint(member(wire.getEndpoint()))
                .setMode(mode(wire.getMode()))
                .setMembers(members)
                .setVotingMembers(voting(wire.getVotingMembersList(), members))
                .build();
    }

    private static RaftWire.MembershipChange.Mode toWire(MembershipChangeMode mode) {
        return switch (mode) {
            case ADD_LEARNER -> RaftWire.MembershipChange.Mode.ADD_LEARNER;
            case ADD_OR_PROMOTE_TO_FOLLOWER -> RaftWire.MembershipChange.Mode.ADD_OR_PROMOTE_TO_FOLLOWER;
            case REMOVE_MEMBER -> RaftWire.MembershipChange.Mode.REMOVE_MEMBER;
        };
    }

    private static MembershipChangeMode mode(RaftWire.MembershipChange.Mode mode) throws MalformedMessageException {
        return switch (mode) {
            case ADD_LEARNER -> MembershipChangeMode.ADD_LEARNER;
            case ADD_OR_PROMOTE_TO_FOLLOWER -> MembershipChangeMode.ADD_OR_PROMOTE_TO_FOLLOWER;
            case REMOVE_MEMBER -> MembershipChangeMode.REMOVE_MEMBER;
            default -> throw new MalformedMessageException("a membership change without a mode");
        };
    }

    static ByteString toWire(RaftGroupMembersView members) {
        return RaftWire.GroupMembers.newBuilder()
                .setLogIndex(members.getLogIndex())
                .addAllMembers(toWire(members.getMembers()))
                .addAllVotingMembers(toWire(members.getVotingMembers()))
                .build()
                .toByteString();
    }

    static RaftGroupMembersView groupMembers(ByteString octets) throws MalformedMessageException {
        var wire = StrictWire.parse(RaftWire.GroupMembers.parser(), octets, SINGLE_FIELDS + 2 * MAX_MEMBERS);
        var members = members(wire.getMembersList());
        return MODELS.createRaftGroupMembersViewBuilder()
                .setLogIndex(StrictWire.count(wire.getLogIndex(), "an index"))
                .setMembers(members)
                .setVotingMembers(voting(wire.getVotingMembersList(), members))
                .build();
    }

    static RaftWire.SnapshotChunk toWire(SnapshotChunk chunk) {
        if (!(chunk.getOperation() instanceof Bytes content)) {
            throw new IllegalArgumentException("a snapshot chunk holds Bytes, this one "
                    + chunk.getOperation().getClass());
        }
        if (content.length() > MAX_CHUNK_BYTES || chunk.getSnapshotChunkCount() > MAX_CHUNKS) {
            throw new IllegalArgumentException("a snapshot has at most " + MAX_CHUNKS + " chunks of " + MAX_CHUNK_BYTES
                    + " bytes, this one " + chunk.getSnapshotChunkCount() + " of " + content.length());
        }
        return RaftWire.SnapshotChunk.newBuilder()
                .setIndex(chunk.getIndex())
                .setTerm(chunk.getTerm())
                .setChunkIndex(chunk.getSnapshotChunkIndex())
                .setChunkCount(chunk.getSnapshotChunkCount())
                .setGroupMembers(toWire(chunk.getGroupMembersView()))
                .setContent(StrictWire.toWire(content))
                .build();
    }

    private static SnapshotChunk chunk(RaftWire.SnapshotChunk wire) throws MalformedMessageException {
        if (wire.getContent().size() > MAX_CHUNK_BYTES) {
            throw new MalformedMessageException("a snapshot chunk has at most " + MAX_CHUNK_BYTES + " bytes");
        }
        var count = chunkCount(wire.getChunkCount());
        var index = StrictWire.count(wire.getChunkIndex(), "a chunk index");
        if (index >= count) {
            throw new MalformedMessageException("chunk " + index + " of " + count);
        }
        return MODELS.createSnapshotChunkBuilder()
                .setIndex(position(wire.getIndex()))
                .setTerm(StrictWire.count(wire.getTerm(), "a term"))
                .setSnapshotChunkIndex(index)
                .setSnapshotChunkCount(count)
                .setGroupMembersView(groupMembers(wire.getGroupMembers()))
                .setOperation(StrictWire.fromWire(wire.getContent()))
                .build();
    }

    /** Bounded, since Raft makes a list of all chunks as soon as it hears their number. */
    static int chunkCount(int count) throws MalformedMessageException {
        if (count < 1 || count > MAX_CHUNKS) {
            throw new MalformedMessageException("a snapshot has 1 to " + MAX_CHUNKS + " chunks, this one " + count);
        }
        return count;
    }

    /** The place of an entry or a snapshot in the log. */
    static long position(long index) throws MalformedMessageException {
        if (index < 1) {
            throw new MalformedMessageException("the log counts from 1, this index is " + index);
        }
        return index;
    }

    static RaftWire.Endpoint toWire(RaftEndpoint endpoint) {
        if (!(endpoint instanceof Member member)) {
            throw new IllegalArgumentException("the members of this group are of type Member: " + endpoint.getClass());
        }
        return RaftWire.Endpoint.newBuilder()
                .setNodeId(member.nodeId())
                .setIncarnation(member.incarnation())
                .build();
    }

    static List<RaftWire.Endpoint> toWire(Collection<RaftEndpoint> members) {
        if (members.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException("a group has at most " + MAX_MEMBERS + " members: " + members.size());
        }
        return members.stream().map(LogCodec::toWire).toList();
    }

    static Member member(RaftWire.Endpoint wire) throws MalformedMessageException {
        var length = wire.getNodeId().length();
        if (length < 1 || length > Member.MAX_NODE_ID_LENGTH || wire.getIncarnation() < 1) {
            throw new MalformedMessageException("a member has a name and an incarnation from 1");
        }
        return new Member(wire.getNodeId(), wire.getIncarnation());
    }

    /** In the order given, which Raft keeps. */
    static Collection<RaftEndpoint> members(List<RaftWire.Endpoint> wire) throws MalformedMessageException {
        if (wire.size() > MAX_MEMBERS) {
            throw new MalformedMessageException("a group has at most " + MAX_MEMBERS + " members");
        }
        var members = new LinkedHashSet<RaftEndpoint>();
        for (var each : wire) {
            if (!members.add(member(each))) {
                throw new MalformedMessageException("a member is listed twice");
            }
        }
        return Collections.unmodifiableSet(members);
    }

    private static Collection<RaftEndpoint> voting(List<RaftWire.Endpoint> wire, Collection<RaftEndpoint> members)
            throws MalformedMessageException {
        var voting = members(wire);
        if (voting.isEmpty() || !members.containsAll(voting)) {
            throw new MalformedMessageException("some of the members vote, and nobody else does");
        }
        return voting;
    }
}
