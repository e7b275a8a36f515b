package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.cluster.RaftRecordStore.Health;
import dev.strongroom.hsm.node.store.Outcome;
import dev.strongroom.hsm.node.store.RecordState;
import dev.strongroom.hsm.node.store.RecordStore.Listener;
import dev.strongroom.hsm.node.store.RecordStore.UnavailableException;
import dev.strongroom.hsm.node.store.Transaction;
import io.microraft.model.message.RaftMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of a node: from the look at its disk over the seat in the group to its end. Puts the parts together that each
 * do one thing, and carries messages and ticks to them.
 *
 * <p>Runs on the Raft thread; {@link #state}, {@link #appliedIndex}, {@link #holdsLease} and {@link #health} may be
 * called from anywhere.
 */
final class RaftNodeLife implements Seat.Occupant {

    private static final Logger LOG = LoggerFactory.getLogger(RaftNodeLife.class);
    private static final long TICK_MILLIS = 200;
    private static final int TICKS_PER_CENSUS = 5;

    private final RaftSettings settings;
    private final Surroundings surroundings;
    private final NodeDisk disk;
    private final Consumer<String> onFailure;
    private final Peers peers;
    private final Admission admission;
    private final RecordState state = new RecordState();
    private final Lease lease;
    private final Requests requests;
    private final List<Listener> listeners = new ArrayList<>();

    private Optional<Journal> journal = Optional.empty();
    private Optional<Sitting> sitting = Optional.empty();
    private Leadership lastLeadership = new Leadership(0, Optional.empty());
    private int ticks;
    private String whyStopped = "this node has stopped";
    private volatile Health health = Health.STARTING;
    private volatile boolean decidesAlone;
    private volatile long applied;

    /** The parts that exist while the node has a seat. */
    private record Sitting(Seat seat, Confirmations confirmations, Census census) {}

    /** Who leads in which term, as far as this node knows. */
    private record Leadership(int term, Optional<Member> leader) {}

    RaftNodeLife(
            RaftSettings settings,
            NodeDisk disk,
            PeerCodec codec,
            Surroundings surroundings,
            Consumer<String> onFailure) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.disk = disk;
        this.onFailure = onFailure;
        this.peers = new Peers(surroundings.link(), codec, settings);
        this.admission = new Admission(settings, peers, disk, surroundings.random());
        this.lease = new Lease(surroundings.nanos());
        this.requests = new Requests(surroundings, peers, lease, this::propose, this::ask);
    }

    void begin() {
        try {
            follow(admission.open());
            peers.receive((from, message) -> surroundings.thread().submit(() -> received(from, message)));
            tick();
        } catch (IOException e) {
            fail(disk.explain(e));
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    RecordState state() {
        return state;
    }

    long appliedIndex() {
        return applied;
    }

    Health health() {
        return health;
    }

    boolean holdsLease() {
        return health == Health.RUNNING && (decidesAlone || lease.holds());
    }

    void commit(Transaction transaction, CompletableFuture<Outcome> caller) {
        if (stopped()) {
            caller.completeExceptionally(new UnavailableException(whyStopped));
        } else {
            requests.commit(transaction, caller);
        }
    }

    void readBarrier(CompletableFuture<Long> caller) {
        if (stopped()) {
            caller.completeExceptionally(new UnavailableException(whyStopped));
        } else {
            requests.readBarrier(caller);
        }
    }

    void awaitApplied(long index, CompletableFuture<Void> caller) {
        if (stopped()) {
            caller.completeExceptionally(new UnavailableException(whyStopped));
        } else {
            requests.awaitApplied(index, caller);
        }
    }

    void awaitEverywhere(long index, CompletableFuture<Void> caller) {
        if (stopped()) {
            caller.complete(null);
        } else {
            requests.awaitEverywhere(index, caller);
        }
    }

    void subscribe(Listener listener) {
        guarded(() -> {
            listener.reset(state.records(), state.appliedIndex());
            listeners.add(listener);
        });
    }

    boolean remove(String nodeId) {
        return sitting.isPresent() && sitting.get().census().remove(nodeId);
    }

    Optional<Seat> seat() {
        return sitting.map(Sitting::seat);
    }

    /** Ends in order; what waits is told that it waits in vain. */
    void end() {
        if (health != Health.FAILED) {
            stop(Health.CLOSED, "this node was closed");
        }
        surroundings.link().close();
        try {
            if (journal.isPresent()) {
                journal.get().close();
            }
        } catch (IOException e) {
            // One that has failed cannot, and has said why.
            if (health != Health.FAILED) {
                LOG.warn("the journal did not close in order; what was flushed is safe", e);
            }
        }
        disk.close();
    }

    private void received(String from, PeerMessage message) {
        if (stopped()) {
            return;
        }
        try {
            if (message instanceof PeerMessage.Hello hello) {
                peers.send(from, admission.answer(from, hello, sitting.map(Sitting::seat)));
            } else if (message instanceof PeerMessage.Welcome welcome) {
                follow(admission.welcomed(from, welcome));
            } else if (message instanceof PeerMessage.Answer answer) {
                requests.answered(answer.question(), answer.index());
            } else if (message instanceof PeerMessage.HasApplied confirmed) {
                requests.appliedElsewhere(from, confirmed.question());
            } else if (sitting.isPresent()) {
                receivedSeated(sitting.get(), from, message);
                decideAloneOrNot(sitting.get().seat());
            }
        } catch (IOException e) {
            fail(disk.explain(e));
        } catch (RuntimeException e) {
            // What one member says must not end another; a failure of our own disk has ended this node already.
            LOG.warn("a message of {} was dropped", from, e);
        }
    }

    private void receivedSeated(Sitting taken, String from, PeerMessage message) throws IOException {
        if (message instanceof PeerMessage.Raft raft) {
            var sender = (Member) raft.message().getSender();
            if (raft.to().equals(taken.seat().self())
                    && sender.nodeId().equals(from)
                    && raft.message().getGroupId().equals(settings.group())) {
                taken.seat().receive(raft.message());
            }
        } else if (message instanceof PeerMessage.Propose proposal) {
            taken.seat().replicate(proposal.transaction());
        } else if (message instanceof PeerMessage.Ask ask) {
            taken.confirmations().confirm(index -> peers.send(from, new PeerMessage.Answer(ask.question(), index)));
        } else if (message instanceof PeerMessage.AwaitApplied await) {
            requests.whenApplied(await.index(), () -> peers.send(from, new PeerMessage.HasApplied(await.question())));
        } else if (message instanceof PeerMessage.Census census) {
            counted(taken.seat(), from, census);
        } else if (message instanceof PeerMessage.Present present) {
            taken.census().present(from, present);
        }
    }

    private void counted(Seat seat, String from, PeerMessage.Census census) throws IOException {
        var mine = seat.effectiveMembers();
        // A list made by a later entry than the one that gave us the seat: the group decided it without us.
        if (mine.getLogIndex() < census.membersIndex()
                && mine.getMembers().contains(seat.self())
                && !census.members().contains(seat.self())) {
            removed();
        } else {
            peers.send(from, new PeerMessage.Present(census.count(), seat.self()));
        }
    }

    private void removed() throws IOException {
        admission.giveUpSeat();
        fail("the group has removed this member; it comes back as a new one");
    }

    private void follow(Admission.Decision decision) {
        if (decision instanceof Admission.TakeNew taken) {
            sit(Seat.fresh(taken.self(), taken.founders(), fittings(taken.journal())));
        } else if (decision instanceof Admission.Resume resumed) {
            sit(Seat.restored(resumed.state(), fittings(resumed.journal())));
        } else if (decision instanceof Admission.Refuse refused) {
            fail(refused.reason());
        }
    }

    private Seat.Fittings fittings(Journal opened) {
        journal = Optional.of(opened);
        var guarded = new JournalGuard(opened, failure -> fail(disk.explain(failure)));
        return new Seat.Fittings(settings, surroundings, guarded, state, this);
    }

    private void sit(Seat seat) {
        LOG.info("takes part as {}", seat.self());
        sitting = Optional.of(new Sitting(
                seat,
                new Confirmations(seat, surroundings.thread()),
                new Census(settings, peers, seat, surroundings.random().nextLong())));
        health = Health.RUNNING;
        guarded(() -> {
            seat.take();
            disk.noLongerNew();
        });
        leaderMayHaveChanged();
    }

    private void tick() throws IOException {
        if (stopped()) {
            return;
        }
        surroundings.thread().schedule(() -> guarded(this::tick), TICK_MILLIS, TimeUnit.MILLISECONDS);
        ticks++;
        admission.tick();
        requests.tick();
        if (sitting.isPresent()) {
            var taken = sitting.get();
            taken.seat().watch();
            decideAloneOrNot(taken.seat());
            if (ticks % TICKS_PER_CENSUS == 0) {
                taken.census().take();
            }
            if (taken.seat().removed()) {
                removed();
            }
        }
    }

    /**
     * The only voter needs nobody to confirm it, once it has confirmed itself and so applied all that earlier terms left.
     * Looked at after every message, since it ends with the message that leads to a second voter.
     */
    private void decideAloneOrNot(Seat seat) {
        decidesAlone = seat.leads() && seat.votesAlone() && (decidesAlone || lease.holds());
    }

    private void propose(Transaction transaction) {
        sitting.ifPresent(taken -> {
            if (taken.seat().leads()) {
                surroundings.thread().submit(() -> taken.seat().replicate(transaction));
            } else {
                taken.seat()
                        .leader()
                        .ifPresent(leader -> peers.send(leader.nodeId(), new PeerMessage.Propose(transaction)));
            }
        });
    }

    private void ask(long question) {
        sitting.ifPresent(taken -> {
            if (taken.seat().leads()) {
                surroundings
                        .thread()
                        .submit(() -> taken.confirmations().confirm(index -> requests.answered(question, index)));
            } else {
                taken.seat().leader().ifPresent(leader -> peers.send(leader.nodeId(), new PeerMessage.Ask(question)));
            }
        });
    }

    @Override
    public void send(Member to, RaftMessage message) {
        peers.send(to.nodeId(), new PeerMessage.Raft(to, message));
    }

    @Override
    public void applied(long index, Transaction transaction, RecordState.Change change) {
        listeners.forEach(listener -> listener.applied(index, change.put(), change.deleted()));
        reached(index);
        requests.applied(transaction, change.outcome());
    }

    @Override
    public void passed(long index) {
        reached(index);
    }

    @Override
    public void restored(long index) {
        listeners.forEach(listener -> listener.reset(state.records(), index));
        reached(index);
    }

    private void reached(long index) {
        applied = index;
        requests.applied(index);
    }

    @Override
    public void broken(RuntimeException reason) {
        LOG.error("this node broke", reason);
        fail("this node broke: " + reason);
    }

    @Override
    public void leaderMayHaveChanged() {
        // Told inside MicroRaft, where nothing may be asked of it.
        surroundings.thread().submit(() -> sitting.map(Sitting::seat).ifPresent(this::lookWhoLeads));
    }

    private void lookWhoLeads(Seat seat) {
        decideAloneOrNot(seat);
        var leadership = new Leadership(seat.term(), seat.leader());
        if (!leadership.equals(lastLeadership) && seat.leader().isPresent()) {
            requests.tellAgain();
        }
        lastLeadership = leadership;
    }

    private interface Step {
        void run() throws IOException;
    }

    private void guarded(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            fail(disk.explain(e));
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    private void fail(String reason) {
        if (stopped()) {
            return;
        }
        if (health == Health.RUNNING) {
            LOG.error("this node stops: {}", reason);
        }
        stop(Health.FAILED, reason);
        onFailure.accept(reason);
    }

    private void stop(Health end, String reason) {
        whyStopped = reason;
        health = end;
        peers.mute();
        requests.giveUp(reason);
    }

    private boolean stopped() {
        return health == Health.FAILED || health == Health.CLOSED;
    }
}
