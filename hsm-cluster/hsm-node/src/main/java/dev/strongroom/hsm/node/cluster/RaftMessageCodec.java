package dev.strongroom.hsm.node.cluster;

import static dev.strongroom.hsm.node.cluster.LogCodec.MODELS;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.strongroom.hsm.node.wire.RaftWire;
import dev.strongroom.hsm.node.wire.RaftWire.RaftMessage.Kind;
import io.microraft.RaftEndpoint;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.InstallSnapshotRequest;
import io.microraft.model.message.InstallSnapshotResponse;
import io.microraft.model.message.PreVoteRequest;
import io.microraft.model.message.PreVoteResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.TriggerLeaderElectionRequest;
import io.microraft.model.message.VoteRequest;
import io.microraft.model.message.VoteResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of Raft as bytes: one format byte, then {@code RaftMessage} of {@code raft.proto}. Senders are of type
 * {@link Member}, the group id is a String. Safe for concurrent use.
 */
public final class RaftMessageCodec {

    /** No message is longer; holds the longest entry and the longest snapshot chunk. */
    public static final int MAX_MESSAGE_BYTES = 8 << 20;

    public static final int MAX_ENTRIES = 4_096;

    public static final int MAX_GROUP_ID_LENGTH = 128;

    private static final int SINGLE_FIELDS = 16;

    /** What everything but the entries takes in a request: group, sender, numbers, with room to spare. */
    private static final int ENVELOPE_BYTES = 4_096;

    private RaftMessageCodec() {}

    /**
     * The message in at most {@value #MAX_MESSAGE_BYTES} bytes. If the entries of a request are too many or too long for
     * that, it carries the leading ones; at least one always fits. That is a lawful request too: the receiver's answer
     * says how far it came, and the leader sends the rest.
     *
     * @throws IllegalArgumentException for what no message of this group holds
     */
    public static byte[] encode(RaftMessage message) {
        var groupId = message.getGroupId().toString();
        if (groupId.length() > MAX_GROUP_ID_LENGTH) {
            throw new IllegalArgumentException("a group id has at most " + MAX_GROUP_ID_LENGTH + " characters");
        }
        var wire = RaftWire.RaftMessage.newBuilder()
                .setGroupId(groupId)
                .setSender(LogCodec.toWire(message.getSender()))
                .setTerm(message.getTerm());
        encodeBody(message, wire);
        return StrictWire.write(wire.build());
    }

    public static RaftMessage decode(byte[] octets) throws MalformedMessageException {
        if (octets.length > MAX_MESSAGE_BYTES) {
            throw new MalformedMessageException(
                    "a message has at most " + MAX_MESSAGE_BYTES + " bytes, this one has " + octets.length);
        }
        var wire = StrictWire.read(RaftWire.RaftMessage.parser(), octets, SINGLE_FIELDS);
        if (wire.getGroupId().isEmpty() || wire.getGroupId().length() > MAX_GROUP_ID_LENGTH) {
            throw new MalformedMessageException("a group id has 1 to " + MAX_GROUP_ID_LENGTH + " characters");
        }
        return decodeBody(
                wire, wire.getGroupId(), LogCodec.member(wire.getSender()), StrictWire.count(wire.getTerm(), "a term"));
    }

    private static void encodeBody(RaftMessage message, RaftWire.RaftMessage.Builder to) {
        if (message instanceof AppendEntriesRequest m) {
            body(to, Kind.APPEND_ENTRIES_REQUEST, toWire(m));
        } else if (message instanceof AppendEntriesSuccessResponse m) {
            body(to, Kind.APPEND_ENTRIES_SUCCESS, toWire(m));
        } else if (message instanceof AppendEntriesFailureResponse m) {
            body(to, Kind.APPEND_ENTRIES_FAILURE, toWire(m));
        } else if (message instanceof InstallSnapshotRequest m) {
            body(to, Kind.INSTALL_SNAPSHOT_REQUEST, toWire(m));
        } else if (message instanceof InstallSnapshotResponse m) {
            body(to, Kind.INSTALL_SNAPSHOT_RESPONSE, toWire(m));
        } else if (message instanceof PreVoteRequest m) {
            body(to, Kind.PRE_VOTE_REQUEST, candidacy(m.getLastLogTerm(), m.getLastLogIndex(), false));
        } else if (message instanceof PreVoteResponse m) {
            body(to, Kind.PRE_VOTE_RESPONSE, ballot(m.isGranted()));
        } else if (message instanceof VoteRequest m) {
            body(to, Kind.VOTE_REQUEST, candidacy(m.getLastLogTerm(), m.getLastLogIndex(), m.isSticky()));
        } else if (message instanceof VoteResponse m) {
            body(to, Kind.VOTE_RESPONSE, ballot(m.isGranted()));
        } else if (message instanceof TriggerLeaderElectionRequest m) {
            body(to, Kind.TRIGGER_LEADER_ELECTION, candidacy(m.getLastLogTerm(), m.getLastLogIndex(), false));
        } else {
            throw new IllegalArgumentException("no such message in this group: " + message.getClass());
        }
    }

    private static void body(RaftWire.RaftMessage.Builder to, Kind kind, Message body) {
        to.setKind(kind).setBody(body.toByteString());
    }

    private static RaftMessage decodeBody(RaftWire.RaftMessage wire, String group, Member sender, int term)
            throws MalformedMessageException {
        var body = wire.getBody();
        return switch (wire.getKind()) {
            case APPEND_ENTRIES_REQUEST -> appendEntriesRequest(body, group, sender, term);
            case APPEND_ENTRIES_SUCCESS -> appendEntriesSuccess(body, group, sender, term);
            case APPEND_ENTRIES_FAILURE -> appendEntriesFailure(body, group, sender, term);
            case INSTALL_SNAPSHOT_REQUEST -> installSnapshotRequest(body, group, sender, term);
            case INSTALL_SNAPSHOT_RESPONSE -> installSnapshotResponse(body, group, sender, term);
            case PRE_VOTE_REQUEST -> preVoteRequest(body, group, sender, term);
            case PRE_VOTE_RESPONSE ->
                MODELS.createPreVoteResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setGranted(granted(body))
                        .build();
            case VOTE_REQUEST -> voteRequest(body, group, sender, term);
            case VOTE_RESPONSE ->
                MODELS.createVoteResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(term)
                        .setGranted(granted(body))
                        .build();
            case TRIGGER_LEADER_ELECTION -> triggerLeaderElection(body, group, sender, term);
            default -> throw new MalformedMessageException("a message without a kind");
        };
    }

    private static <M extends Message> M parse(Parser<M> parser, ByteString body) throws MalformedMessageException {
        return StrictWire.parse(parser, body, SINGLE_FIELDS);
    }

    private static RaftWire.AppendEntriesRequest toWire(AppendEntriesRequest m) {
        var wire = RaftWire.AppendEntriesRequest.newBuilder()
                .setPreviousLogTerm(m.getPreviousLogTerm())
                .setPreviousLogIndex(m.getPreviousLogIndex())
                .setCommitIndex(m.getCommitIndex())
                .setQuerySequenceNumber(m.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(m.getFlowControlSequenceNumber());
        var room = MAX_MESSAGE_BYTES - ENVELOPE_BYTES;
        for (var entry : m.getLogEntries()) {
            var octets = LogCodec.toWire(entry).toByteString();
            room -= octets.size() + 8;
            if (room < 0 || wire.getEntriesCount() == MAX_ENTRIES) {
                break;
            }
            wire.addEntries(octets);
        }
        return wire.build();
    }

    private static AppendEntriesRequest appendEntriesRequest(ByteString body, String group, Member sender, int term)
            throws MalformedMessageException {
        var wire = StrictWire.parse(RaftWire.AppendEntriesRequest.parser(), body, SINGLE_FIELDS + MAX_ENTRIES);
        var previousIndex = StrictWire.count(wire.getPreviousLogIndex(), "an index");
        var previousTerm = StrictWire.count(wire.getPreviousLogTerm(), "a term");
        return MODELS.createAppendEntriesRequestBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(term)
                .setPreviousLogTerm(previousTerm)
                .setPreviousLogIndex(previousIndex)
                .setCommitIndex(StrictWire.count(wire.getCommitIndex(), "an index"))
                .setLogEntries(entries(wire.getEntriesList(), previousIndex, previousTerm))
                .setQuerySequenceNumber(sequence(wire.getQuerySequenceNumber()))
                .setFlowControlSequenceNumber(sequence(wire.getFlowControlSequenceNumber()))
                .build();
    }

    /** A run without a gap and with terms that never fall, as Raft's log demands. */
    private static List<LogEntry> entries(List<ByteString> wire, long previousIndex, int previousTerm)
            throws MalformedMessageException {
        var entries = new ArrayList<LogEntry>(wire.size());
        var index = previousIndex;
        var term = previousTerm;
        for (var octets : wire) {
            var entry = LogCodec.decodeEntry(octets);
            if (entry.getIndex() != index + 1 || entry.getTerm() < term) {
                throw new MalformedMessageException("entry " + entry.getIndex() + " of term " + entry.getTerm()
                        + " cannot follow entry " + index + " of term " + term);
            }
            index = entry.getIndex();
            term = entry.getTerm();
            entries.add(entry);
        }
        return List.copyOf(entries);
    }

    private static RaftWire.AppendEntriesSuccess toWire(AppendEntriesSuccessResponse m) {
        return RaftWire.AppendEntriesSuccess.newBuilder()
                .setLastLogIndex(m.getLastLogIndex())
                .setQuerySequenceNumber(m.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(m.getFlowControlSequenceNumber())
                .build();
    }

    private static AppendEntriesSuccessResponse appendEntriesSuccess(
            ByteString body, String group, Member sender, int term) throws MalformedMessageException {
        var wire = parse(RaftWire.AppendEntriesSuccess.parser(), body);
        return MODELS.createAppendEntriesSuccessResponseBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(term)
                .setLastLogIndex(StrictWire.count(wire.getLastLogIndex(), "an index"))
                .setQuerySequenceNumber(sequence(wire.getQuerySequenceNumber()))
                .setFlowControlSequenceNumber(sequence(wire.getFlowControlSequenceNumber()))
                .build();
    }

    private static RaftWire.AppendEntriesFailure toWire(AppendEntriesFailureResponse m) {
        return RaftWire.AppendEntriesFailure.newBuilder()
                .setExpectedNextIndex(m.getExpectedNextIndex())
                .setQuerySequenceNumber(m.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(m.getFlowControlSequenceNumber())
                .build();
    }

    private static AppendEntriesFailureResponse appendEntriesFailure(
            ByteString body, String group, Member sender, int term) throws MalformedMessageException {
        var wire = parse(RaftWire.AppendEntriesFailure.parser(), body);
        return MODELS.createAppendEntriesFailureResponseBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(term)
                .setExpectedNextIndex(StrictWire.count(wire.getExpectedNextIndex(), "an index"))
                .setQuerySequenceNumber(sequence(wire.getQuerySequenceNumber()))
                .setFlowControlSequenceNumber(sequence(wire.getFlowControlSequenceNumber()))
                .build();
    }

    private static RaftWire.InstallSnapshotRequest toWire(InstallSnapshotRequest m) {
        var wire = RaftWire.InstallSnapshotRequest.newBuilder()
                .setSenderLeader(m.isSenderLeader())
                .setSnapshotTerm(m.getSnapshotTerm())
                .setSnapshotIndex(m.getSnapshotIndex())
                .setTotalChunkCount(m.getTotalSnapshotChunkCount())
                .addAllSnapshottedMembers(LogCodec.toWire(m.getSnapshottedMembers()))
                .setGroupMembers(LogCodec.toWire(m.getGroupMembersView()))
                .setQuerySequenceNumber(m.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(m.getFlowControlSequenceNumber());
        var chunk = m.getSnapshotChunk();
        if (chunk != null) {
            wire.setChunk(LogCodec.toWire(chunk).toByteString());
        }
        return wire.build();
    }

    private static InstallSnapshotRequest installSnapshotRequest(ByteString body, String group, Member sender, int term)
            throws MalformedMessageException {
        var wire =
                StrictWire.parse(RaftWire.InstallSnapshotRequest.parser(), body, SINGLE_FIELDS + LogCodec.MAX_MEMBERS);
        var request = MODELS.createInstallSnapshotRequestBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(term)
                .setSenderLeader(wire.getSenderLeader())
                .setSnapshotTerm(StrictWire.count(wire.getSnapshotTerm(), "a term"))
                .setSnapshotIndex(LogCodec.position(wire.getSnapshotIndex()))
                .setTotalSnapshotChunkCount(LogCodec.chunkCount(wire.getTotalChunkCount()))
                .setSnapshottedMembers(List.<RaftEndpoint>copyOf(LogCodec.members(wire.getSnapshottedMembersList())))
                .setGroupMembersView(LogCodec.groupMembers(wire.getGroupMembers()))
                .setQuerySequenceNumber(sequence(wire.getQuerySequenceNumber()))
                .setFlowControlSequenceNumber(sequence(wire.getFlowControlSequenceNumber()));
        if (!wire.getChunk().isEmpty()) {
            var chunk = LogCodec.decodeChunk(wire.getChunk());
            if (chunk.getIndex() != wire.getSnapshotIndex()
                    || chunk.getTerm() != wire.getSnapshotTerm()
                    || chunk.getSnapshotChunkCount() != wire.getTotalChunkCount()) {
                throw new MalformedMessageException("a chunk of another snapshot than the request announces");
            }
            request.setSnapshotChunk(chunk);
        }
        return request.build();
    }

    private static RaftWire.InstallSnapshotResponse toWire(InstallSnapshotResponse m) {
        return RaftWire.InstallSnapshotResponse.newBuilder()
                .setSnapshotIndex(m.getSnapshotIndex())
                .setRequestedChunkIndex(m.getRequestedSnapshotChunkIndex())
                .setQuerySequenceNumber(m.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(m.getFlowControlSequenceNumber())
                .build();
    }

    private static InstallSnapshotResponse installSnapshotResponse(
            ByteString body, String group, Member sender, int term) throws MalformedMessageException {
        var wire = parse(RaftWire.InstallSnapshotResponse.parser(), body);
        return MODELS.createInstallSnapshotResponseBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(term)
                .setSnapshotIndex(LogCodec.position(wire.getSnapshotIndex()))
                .setRequestedSnapshotChunkIndex(StrictWire.count(wire.getRequestedChunkIndex(), "a chunk index"))
                .setQuerySequenceNumber(sequence(wire.getQuerySequenceNumber()))
                .setFlowControlSequenceNumber(sequence(wire.getFlowControlSequenceNumber()))
                .build();
    }

    private static RaftWire.Candidacy candidacy(int lastLogTerm, long lastLogIndex, boolean sticky) {
        return RaftWire.Candidacy.newBuilder()
                .setLastLogTerm(lastLogTerm)
                .setLastLogIndex(lastLogIndex)
                .setSticky(sticky)
                .build();
    }

    private static PreVoteRequest preVoteRequest(ByteString body, String group, Member sender, int term)
            throws MalformedMessageException {
        var wire = unsticky(body);
        return MODELS.createPreVoteRequestBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(term)
                .setLastLogTerm(StrictWire.count(wire.getLastLogTerm(), "a term"))
                .setLastLogIndex(StrictWire.count(wire.getLastLogIndex(), "an index"))
                .build();
    }

    private static VoteRequest voteRequest(ByteString body, String group, Member sender, int term)
            throws MalformedMessageException {
        var wire = parse(RaftWire.Candidacy.parser(), body);
        return MODELS.createVoteRequestBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(term)
                .setLastLogTerm(StrictWire.count(wire.getLastLogTerm(), "a term"))
                .setLastLogIndex(StrictWire.count(wire.getLastLogIndex(), "an index"))
                .setSticky(wire.getSticky())
                .build();
    }

    private static TriggerLeaderElectionRequest triggerLeaderElection(
            ByteString body, String group, Member sender, int term) throws MalformedMessageException {
        var wire = unsticky(body);
        return MODELS.createTriggerLeaderElectionRequestBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(term)
                .setLastLogTerm(StrictWire.count(wire.getLastLogTerm(), "a term"))
                .setLastLogIndex(StrictWire.count(wire.getLastLogIndex(), "an index"))
                .build();
    }

    private static RaftWire.Candidacy unsticky(ByteString body) throws MalformedMessageException {
        var wire = parse(RaftWire.Candidacy.parser(), body);
        if (wire.getSticky()) {
            throw new MalformedMessageException("only a vote request is sticky");
        }
        return wire;
    }

    private static RaftWire.Ballot ballot(boolean granted) {
        return RaftWire.Ballot.newBuilder().setGranted(granted).build();
    }

    private static boolean granted(ByteString body) throws MalformedMessageException {
        return parse(RaftWire.Ballot.parser(), body).getGranted();
    }

    private static long sequence(long number) throws MalformedMessageException {
        return StrictWire.count(number, "a sequence number");
    }
}
