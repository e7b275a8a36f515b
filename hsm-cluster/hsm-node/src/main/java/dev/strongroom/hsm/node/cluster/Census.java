package dev.strongroom.hsm.node.cluster;

import io.microraft.MembershipChangeMode;
import io.microraft.RaftEndpoint;
import java.util.LinkedHashSet;
import java.util.Optional;

/**
 * Keeps the members of the group what they are meant to be. The leader asks all nodes once a second as whom they take
 * part. A node that answers under a new incarnation has lost its journal: its old seat is removed, the new one added
 * without a vote, and given the vote of a configured voter when it has the whole log. One change at a time, and only on
 * an answer to the present census: a late word of an earlier life moves nothing.
 *
 * <p>Used on the Raft thread only.
 */
final class Census {

    /** This near to the end of the log, a learner has caught up: the rest comes with the entry that promotes it. */
    private static final long NEAR = 100;

    private final RaftSettings settings;
    private final Peers peers;
    private final Seat seat;
    private long count;

    Census(RaftSettings settings, Peers peers, Seat seat, long firstCount) {
        this.settings = settings;
        this.peers = peers;
        this.seat = seat;
        this.count = firstCount;
    }

    void take() {
        if (!seat.leads()) {
            return;
        }
        count++;
        var committed = seat.committedMembers();
        var question = new PeerMessage.Census(count, Seat.members(committed.getMembers()), committed.getLogIndex());
        var asked = new LinkedHashSet<>(peers.known());
        Seat.members(committed.getMembers()).forEach(member -> asked.add(member.nodeId()));
        asked.remove(settings.nodeId());
        asked.forEach(node -> peers.send(node, question));
    }

    void present(String nodeId, PeerMessage.Present answer) {
        if (answer.count() != count || !answer.member().nodeId().equals(nodeId) || !seat.mayChangeMembers()) {
            return;
        }
        var member = answer.member();
        var effective = seat.effectiveMembers();
        if (effective.getMembers().contains(member)) {
            if (!effective.getVotingMembers().contains(member) && settings.isVoter(nodeId) && hasCaughtUp(member)) {
                seat.changeMembers(member, MembershipChangeMode.ADD_OR_PROMOTE_TO_FOLLOWER);
            }
            return;
        }
        var earlier = seatOf(nodeId);
        if (earlier.isPresent()) {
            seat.changeMembers(earlier.get(), MembershipChangeMode.REMOVE_MEMBER);
        } else {
            seat.changeMembers(member, MembershipChangeMode.ADD_LEARNER);
        }
    }

    /** Removes the seat of a node that is gone for good; whether it was begun. */
    boolean remove(String nodeId) {
        var gone = seatOf(nodeId);
        if (gone.isEmpty() || nodeId.equals(settings.nodeId()) || !seat.mayChangeMembers()) {
            return false;
        }
        seat.changeMembers(gone.get(), MembershipChangeMode.REMOVE_MEMBER);
        return true;
    }

    private Optional<Member> seatOf(String nodeId) {
        for (RaftEndpoint each : seat.effectiveMembers().getMembers()) {
            if (each instanceof Member member && member.nodeId().equals(nodeId)) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    private boolean hasCaughtUp(Member member) {
        var heard = seat.heardOf(member);
        return heard.isPresent()
                && heard.get().matchIndex() > 0
                && heard.get().matchIndex() + NEAR >= seat.commitIndex();
    }
}
