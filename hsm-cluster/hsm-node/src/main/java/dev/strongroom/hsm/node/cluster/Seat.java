package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.store.RecordState;
import dev.strongroom.hsm.node.store.Transaction;
import dev.strongroom.hsm.protocol.Bytes;
import io.microraft.MembershipChangeMode;
import io.microraft.Ordered;
import io.microraft.QueryPolicy;
import io.microraft.RaftConfig;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.RaftNodeStatus;
import io.microraft.executor.RaftNodeExecutor;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.statemachine.InternalCommitAware;
import io.microraft.impl.statemachine.NoOp;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.message.RaftMessage;
import io.microraft.persistence.RaftStore;
import io.microraft.persistence.RestoredRaftState;
import io.microraft.report.RaftGroupMembers;
import io.microraft.report.RaftNodeReport.RaftNodeReportReason;
import io.microraft.statemachine.StateMachine;
import io.microraft.transport.Transport;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * This node's seat in the replica group: MicroRaft with our journal, connections, thread, clock and state machine around
 * it. All methods are called on the Raft thread and outside of MicroRaft's own calls, so MicroRaft is given each call at
 * once instead of through a queue; what it completes is to be followed up in a new task.
 */
final class Seat {

    static final int HEARTBEAT_SECONDS = 1;
    static final int HEARTBEAT_TIMEOUT_SECONDS = 3;

    private static final int ELECTION_TIMEOUT_MILLIS = 500;
    private static final int MAX_UNCOMMITTED = 1_000;
    private static final int BATCH = 500;
    private static final int REPORT_SECONDS = 3_600;

    private final Member self;
    private final RaftNodeImpl node;
    private final RaftCorrections corrections;

    private Seat(Member self, RaftNodeImpl node) {
        this.self = self;
        this.node = node;
        this.corrections = new RaftCorrections(node);
    }

    /** What a seat works with. */
    record Fittings(
            RaftSettings settings,
            Surroundings surroundings,
            RaftStore journal,
            RecordState state,
            Occupant occupant) {}

    /** Who sits on it; called on the Raft thread from inside MicroRaft. */
    interface Occupant {

        void send(Member to, RaftMessage message);

        void applied(long index, Transaction transaction, RecordState.Change change);

        /** An entry without a transaction was passed over. */
        void passed(long index);

        /** The state was replaced by a snapshot. */
        void restored(long index);

        /** The state machine broke; this node no longer has the state of the others. */
        void broken(RuntimeException reason);

        /** There may be another leader, or none. */
        void leaderMayHaveChanged();
    }

    /** A seat with an empty log in a group that began with {@code founders}; without a vote if not among them. */
    static Seat fresh(Member self, Collection<Member> founders, Fittings fittings) {
        return new Seat(self, (RaftNodeImpl) builder(fittings)
                .setLocalEndpoint(self)
                .setInitialGroupMembers(List.copyOf(founders))
                .build());
    }

    /** The seat as it was when the node stopped. */
    static Seat restored(RestoredRaftState journal, Fittings fittings) {
        var self = (Member) journal.getLocalEndpointPersistentState().getLocalEndpoint();
        return new Seat(self, (RaftNodeImpl)
                builder(fittings).setRestoredState(withVoteOfSnapshot(journal)).build());
    }

    /**
     * A node that stopped between the snapshot which gives it a vote and the note that it has one: MicroRaft would try to
     * write that note before it has a journal.
     */
    private static RestoredRaftState withVoteOfSnapshot(RestoredRaftState journal) {
        var self = journal.getLocalEndpointPersistentState();
        var snapshot = journal.getSnapshotEntry();
        if (self.isVoting()
                || snapshot == null
                || !snapshot.getGroupMembersView().getVotingMembers().contains(self.getLocalEndpoint())) {
            return journal;
        }
        return new RestoredRaftState(
                new DefaultRaftModelFactory()
                        .createRaftEndpointPersistentStateBuilder()
                        .setLocalEndpoint(self.getLocalEndpoint())
                        .setVoting(true)
                        .build(),
                journal.getInitialGroupMembers(),
                journal.getTermPersistentState(),
                snapshot,
                journal.getLogEntries());
    }

    private static RaftNode.RaftNodeBuilder builder(Fittings fittings) {
        var surroundings = fittings.surroundings();
        var occupant = fittings.occupant();
        return RaftNode.newBuilder()
                .setGroupId(fittings.settings().group())
                .setConfig(RaftConfig.newBuilder()
                        .setLeaderHeartbeatPeriodSecs(HEARTBEAT_SECONDS)
                        .setLeaderHeartbeatTimeoutSecs(HEARTBEAT_TIMEOUT_SECONDS)
                        .setLeaderElectionTimeoutMillis(ELECTION_TIMEOUT_MILLIS)
                        .setMaxPendingLogEntryCount(MAX_UNCOMMITTED)
                        .setAppendEntriesRequestBatchSize(BATCH)
                        .setCommitCountToTakeSnapshot(fittings.settings().snapshotEvery())
                        .setTransferSnapshotsFromFollowersEnabled(false)
                        .setRaftNodeReportPublishPeriodSecs(REPORT_SECONDS)
                        .build())
                .setModelFactory(new DefaultRaftModelFactory())
                .setExecutor(new AtOnce(surroundings.thread()))
                .setClock(new MonotonicClock(surroundings.nanos()))
                .setRandom(new Random(surroundings.random().nextLong()))
                .setStore(fittings.journal())
                .setStateMachine(new Machine(fittings.state(), occupant))
                .setTransport(new Sender(occupant))
                .setRaftNodeReportListener(report -> {
                    if (report.getReason() == RaftNodeReportReason.ROLE_CHANGE) {
                        occupant.leaderMayHaveChanged();
                    }
                });
    }

    /** @throws RuntimeException if the seat cannot be taken, with the reason as message */
    void take() {
        var started = node.start();
        if (started.isCompletedExceptionally()) {
            throw new IllegalStateException(
                    "Raft did not start",
                    started.handle((done, failure) -> failure).getNow(null));
        }
    }

    Member self() {
        return self;
    }

    void receive(RaftMessage message) {
        corrections.admit(message).ifPresent(node::handle);
    }

    void watch() {
        corrections.watch();
    }

    /** Whether this seat was taken away: the group removed this member, and the log says so. */
    boolean removed() {
        return node.getStatus() == RaftNodeStatus.TERMINATED;
    }

    boolean leads() {
        return node.state().leaderState() != null;
    }

    Optional<Member> leader() {
        return Optional.ofNullable((Member) node.getTerm().getLeaderEndpoint());
    }

    /** Whether this member is the only one that votes, so that its own yes is a majority. */
    boolean votesAlone() {
        var voting = node.getEffectiveMembers().getVotingMembers();
        return voting.size() == 1 && voting.contains(self);
    }

    /** The first members of the group. */
    List<Member> founders() {
        return members(node.getInitialMembers().getMembers());
    }

    RaftGroupMembers committedMembers() {
        return node.getCommittedMembers();
    }

    RaftGroupMembers effectiveMembers() {
        return node.getEffectiveMembers();
    }

    int term() {
        return node.getTerm().getTerm();
    }

    /** Puts the operation into the log if this node leads; else, or if the log is full, nothing happens. */
    void replicate(Object operation) {
        var unused = node.replicate(operation);
    }

    /**
     * Completes with the commit index after a majority has confirmed that this node leads. Only one call may be open at a
     * time: MicroRaft lets a second one share the round of the first, and with it answers given before it was asked.
     */
    CompletableFuture<Ordered<Object>> confirmLeadership() {
        return node.query(NoOp.INSTANCE, QueryPolicy.LINEARIZABLE, Optional.empty(), Optional.empty());
    }

    /** What this leader has heard of a member, if it leads and knows it. */
    Optional<Heard> heardOf(Member member) {
        var leading = node.state().leaderState();
        var follower = leading == null ? null : leading.getFollowerStateOrNull(member);
        return follower == null ? Optional.empty() : Optional.of(new Heard(follower.matchIndex()));
    }

    /** @param matchIndex up to where the member acknowledged the log to this leader; 0 if it has not yet */
    record Heard(long matchIndex) {}

    /** Whether this leader may change the members now: none is being changed, and an entry of its term is committed. */
    boolean mayChangeMembers() {
        return leads() && node.getStatus() == RaftNodeStatus.ACTIVE && node.canQueryLinearizable();
    }

    /**
     * Puts a change of the members into the log; called only when {@link #mayChangeMembers}. MicroRaft's own call for it
     * allows two learners at most; the entry itself knows no such limit.
     */
    void changeMembers(Member member, MembershipChangeMode mode) {
        var members = new LinkedHashSet<RaftEndpoint>(effectiveMembers().getMembers());
        var voting = new LinkedHashSet<RaftEndpoint>(effectiveMembers().getVotingMembers());
        switch (mode) {
            case ADD_LEARNER -> members.add(member);
            case ADD_OR_PROMOTE_TO_FOLLOWER -> {
                members.add(member);
                voting.add(member);
            }
            case REMOVE_MEMBER -> {
                members.remove(member);
                voting.remove(member);
            }
        }
        replicate(node.getModelFactory()
                .createUpdateRaftGroupMembersOpBuilder()
                .setMembers(members)
                .setVotingMembers(voting)
                .setEndpoint(member)
                .setMode(mode)
                .build());
    }

    long commitIndex() {
        return node.state().commitIndex();
    }

    @Override
    public String toString() {
        return self + " " + node.state().role() + " in term " + term() + " of " + leader() + ", members "
                + effectiveMembers().getMembers() + " voting "
                + effectiveMembers().getVotingMembers() + ", committed "
                + commitIndex() + " of " + node.state().log().lastLogOrSnapshotIndex();
    }

    static List<Member> members(Collection<RaftEndpoint> endpoints) {
        return endpoints.stream().map(Member.class::cast).toList();
    }

    /** Runs MicroRaft's calls where they are made, which is on its thread already. */
    private record AtOnce(RaftThread thread) implements RaftNodeExecutor {

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void submit(Runnable task) {
            thread.submit(task);
        }

        @Override
        public void schedule(Runnable task, long delay, TimeUnit unit) {
            thread.schedule(task, delay, unit);
        }
    }

    private record Sender(Occupant occupant) implements Transport {

        @Override
        public void send(RaftEndpoint target, RaftMessage message) {
            occupant.send((Member) target, message);
        }

        @Override
        public boolean isReachable(RaftEndpoint endpoint) {
            return true;
        }
    }

    private record Machine(RecordState state, Occupant occupant) implements StateMachine, InternalCommitAware {

        @Override
        public Object runOperation(long index, Object operation) {
            try {
                if (operation instanceof Transaction transaction) {
                    var change = state.apply(index, transaction);
                    occupant.applied(index, transaction, change);
                    return change.outcome();
                }
                pass(index);
                return NewTerm.INSTANCE;
            } catch (RuntimeException e) {
                // MicroRaft would hand the exception to the proposer and go on with the next entry.
                occupant.broken(e);
                throw e;
            }
        }

        /** A change of the members was committed. */
        @Override
        public void onInternalCommit(long index) {
            pass(index);
        }

        private void pass(long index) {
            state.skip(index);
            occupant.passed(index);
        }

        @Override
        public void takeSnapshot(long index, Consumer<Object> chunks) {
            state.snapshot().forEach(chunks);
        }

        @Override
        public void installSnapshot(long index, List<Object> chunks) {
            state.restore(index, chunks.stream().map(Bytes.class::cast).toList());
            occupant.restored(index);
        }

        @Override
        public Object getNewTermOperation() {
            return NewTerm.INSTANCE;
        }
    }
}
