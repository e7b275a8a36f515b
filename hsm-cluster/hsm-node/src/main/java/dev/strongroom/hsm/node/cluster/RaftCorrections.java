package dev.strongroom.hsm.node.cluster;

import io.microraft.RaftEndpoint;
import io.microraft.RaftNodeStatus;
import io.microraft.RaftRole;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.state.RaftState;
import io.microraft.model.groupop.RaftGroupOp;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.InstallSnapshotRequest;
import io.microraft.model.message.InstallSnapshotResponse;
import io.microraft.model.message.PreVoteResponse;
import io.microraft.model.message.RaftMessage;
import java.util.Optional;

/**
 * What MicroRaft 0.7 gets wrong and can be put right from outside; ADR 0007 has the list and the tests that show each.
 * Touches MicroRaft's inner state through its public methods, so the version is pinned. Called on the Raft thread, never
 * from inside MicroRaft.
 */
final class RaftCorrections {

    private final RaftNodeImpl node;
    private final RaftState state;
    private final long heartbeatTimeoutMillis;

    RaftCorrections(RaftNodeImpl node) {
        this.node = node;
        this.state = node.state();
        this.heartbeatTimeoutMillis = node.getConfig().getLeaderHeartbeatTimeoutSecs() * 1000;
    }

    /** The message as MicroRaft may see it; empty if it must not. */
    Optional<RaftMessage> admit(RaftMessage message) {
        if (isAnswer(message) && message.getTerm() < state.term()) {
            // MicroRaft takes an answer given in an earlier term for one of this term. The follower may since have
            // dropped the entries it then acknowledged; and its acknowledgement of question n confirms another
            // question.
            return Optional.empty();
        }
        if (message instanceof AppendEntriesRequest request && request.getTerm() >= state.term()) {
            return Optional.of(aboveSnapshot(request));
        }
        if (message instanceof PreVoteResponse answer && tellsOfLaterTerm(answer)) {
            node.toFollower(answer.getTerm());
            return Optional.empty();
        }
        if (message instanceof InstallSnapshotRequest request && request.getTerm() >= state.term()) {
            dropWhatSnapshotContradicts(request);
        }
        return Optional.of(message);
    }

    /** To be called a few times per heartbeat. */
    void watch() {
        askForVotesAgain();
        stepDownWithoutVoters();
    }

    private static boolean isAnswer(RaftMessage message) {
        return message instanceof AppendEntriesSuccessResponse
                || message instanceof AppendEntriesFailureResponse
                || message instanceof InstallSnapshotResponse;
    }

    /**
     * A refused pre-vote in a term beyond the one that was asked for says that the voter is ahead of us. MicroRaft passes
     * over it, and asks for the same term for ever. If our log is the longest that is left, nobody else can be elected
     * either. To move to a later term is always allowed; it is done only while we look for a leader, so that no late
     * answer disturbs one that is in office.
     */
    private boolean tellsOfLaterTerm(PreVoteResponse answer) {
        return !answer.isGranted()
                && answer.getTerm() > state.term() + 1
                && state.role() == RaftRole.FOLLOWER
                && state.leader() == null
                && state.preCandidateState() != null
                && state.isKnownMember(answer.getSender());
    }

    /**
     * A request whose previous entry is the last one of our snapshot is refused by MicroRaft for ever if entries follow
     * in our log and the previous entry itself is no longer in memory, as after every restart. What of those entries
     * contradicts the request goes, as Raft demands; what agrees is skipped.
     */
    private AppendEntriesRequest aboveSnapshot(AppendEntriesRequest request) {
        var log = state.log();
        var previous = request.getPreviousLogIndex();
        if (request.getLogEntries().isEmpty()
                || previous == 0
                || previous != log.snapshotIndex()
                || request.getPreviousLogTerm() != log.snapshotEntry().getTerm()
                || log.lastLogOrSnapshotIndex() == previous
                || log.containsLogEntry(previous)) {
            return request;
        }
        var entries = request.getLogEntries();
        var agreeing = 0;
        for (LogEntry entry : entries) {
            var ours = log.getLogEntry(entry.getIndex());
            if (ours == null) {
                break;
            }
            if (ours.getTerm() != entry.getTerm()) {
                truncateFrom(entry.getIndex());
                break;
            }
            agreeing++;
        }
        if (agreeing == 0) {
            return request;
        }
        var last = entries.get(agreeing - 1);
        return node.getModelFactory()
                .createAppendEntriesRequestBuilder()
                .setGroupId(request.getGroupId())
                .setSender(request.getSender())
                .setTerm(request.getTerm())
                .setPreviousLogTerm(last.getTerm())
                .setPreviousLogIndex(last.getIndex())
                .setCommitIndex(request.getCommitIndex())
                .setLogEntries(entries.subList(agreeing, entries.size()))
                .setQuerySequenceNumber(request.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(request.getFlowControlSequenceNumber())
                .build();
    }

    /**
     * MicroRaft keeps entries behind an installed snapshot without asking whether they continue it. Entries of an older
     * term there make the log look older than the snapshot, and a vote could go to a candidate that lacks it.
     */
    private void dropWhatSnapshotContradicts(InstallSnapshotRequest request) {
        var log = state.log();
        var index = request.getSnapshotIndex();
        if (index <= state.commitIndex() || log.lastLogOrSnapshotIndex() < index) {
            return;
        }
        var ours = log.getLogEntry(index);
        if (ours != null && ours.getTerm() != request.getSnapshotTerm()) {
            truncateFrom(index);
        }
    }

    /** Drops uncommitted entries, and with them the change of members that may be among them. */
    private void truncateFrom(long index) {
        var dropped = state.log().truncateEntriesFrom(index);
        if (dropped.stream().anyMatch(entry -> entry.getOperation() instanceof RaftGroupOp)) {
            node.setStatus(RaftNodeStatus.ACTIVE);
            node.revertGroupMembers();
        }
    }

    /**
     * A follower that asked for pre-votes in vain and then heard from the same leader again never asks a second time: it
     * takes the first round for unfinished. Once every follower has been through that, nobody replaces a dead leader.
     */
    private void askForVotesAgain() {
        if (state.role() == RaftRole.FOLLOWER
                && state.leader() != null
                && state.preCandidateState() != null
                && node.isLeaderHeartbeatTimeoutElapsed()) {
            node.leader(null);
            node.runPreVote();
        }
    }

    /**
     * MicroRaft counts the answers of learners when a leader asks itself whether a majority still answers, so that a
     * leader which only its learners can reach stays in office.
     */
    private void stepDownWithoutVoters() {
        var leading = state.leaderState();
        if (leading == null) {
            return;
        }
        var since = node.getClock().millis() - heartbeatTimeoutMillis;
        var answering = state.isVotingMember(node.getLocalEndpoint()) ? 1 : 0;
        for (RaftEndpoint voter : state.remoteVotingMembers()) {
            var follower = leading.getFollowerStateOrNull(voter);
            if (follower != null && follower.responseTimestamp() > since) {
                answering++;
            }
        }
        if (answering < state.logReplicationQuorumSize()) {
            node.toFollower(state.term());
        }
    }
}
