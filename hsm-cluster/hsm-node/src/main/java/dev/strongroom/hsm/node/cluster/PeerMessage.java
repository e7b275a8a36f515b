package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.store.Transaction;
import io.microraft.model.message.RaftMessage;
import java.util.List;

/** What one node says to another. All of it may be lost, late or repeated. */
sealed interface PeerMessage {

    /** A message of Raft's own. It names its receiver because a node id alone would also reach a later life of it. */
    record Raft(Member to, RaftMessage message) implements PeerMessage {}

    /** To the leader: put this into the log. There is no answer; the proposer sees the entry applied, or asks again. */
    record Propose(Transaction transaction) implements PeerMessage {}

    /** To the leader: confirm that you lead, now, and say how far the log was committed. */
    record Ask(long question) implements PeerMessage {}

    /** Everything acknowledged before {@code question} was received lies at or below {@code index}. */
    record Answer(long question, long index) implements PeerMessage {}

    /** Say when you have applied {@code index}. */
    record AwaitApplied(long question, long index) implements PeerMessage {}

    record HasApplied(long question) implements PeerMessage {}

    /**
     * The leader asks who is there, about once a second.
     *
     * @param count numbers the censuses of this leader, so that a late answer to an earlier one is known
     * @param members the committed members
     * @param membersIndex index of the entry that made them the members
     */
    record Census(long count, List<Member> members, long membersIndex) implements PeerMessage {}

    /** Answer to {@link Census}: as whom this node takes part. */
    record Present(long count, Member member) implements PeerMessage {}

    /**
     * A node that has started and does not take part yet introduces itself, and goes on until every voter knows of this
     * start.
     *
     * @param boot counts the starts on this disk
     * @param nonce drawn at this start
     * @param unseated it has never taken part as {@code member}
     * @param term highest term in its journal
     * @param lastIndex last entry in its journal
     */
    record Hello(Member member, int boot, long nonce, boolean unseated, int term, long lastIndex)
            implements PeerMessage {}

    /**
     * Answer to {@link Hello}.
     *
     * @param nonce of the hello
     * @param member as whom the answering node takes part or will
     * @param unseated it has never taken part as {@code member}
     * @param forgotten the one who said hello has forgotten something: its disk is an old copy
     * @param leader node id of the leader it follows now, empty if it follows none
     * @param founders the first members of the group, empty if it knows of none
     */
    record Welcome(long nonce, Member member, boolean unseated, boolean forgotten, String leader, List<Member> founders)
            implements PeerMessage {}
}
