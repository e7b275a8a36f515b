package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.cluster.Identity.Life;
import dev.strongroom.hsm.node.cluster.Identity.Start;
import dev.strongroom.hsm.node.cluster.PeerMessage.Hello;
import dev.strongroom.hsm.node.cluster.PeerMessage.Welcome;
import io.microraft.persistence.RestoredRaftState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides as whom a node takes part, before it takes part: as a founder, as the member it was, or as a new one without a
 * vote. ADR 0007 argues why no incarnation votes after its journal was lost.
 *
 * <p>Used on the Raft thread only.
 */
final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final RaftSettings settings;
    private final Peers peers;
    private final NodeDisk disk;
    private final Random random;
    private final long nonce;

    private Identity identity = new Identity(1, Life.UNBORN, 0, Map.of());
    private Stage stage = Stage.FOUNDING;
    private Journal.Opened found = new Journal.Damaged("not looked at yet");
    private Optional<RestoredRaftState> restored = Optional.empty();
    private List<Member> founders = List.of();
    private final Map<String, Welcome> welcomes = new HashMap<>();

    private enum Stage {
        /** Waits for the list of founders, or makes it. */
        FOUNDING,
        /** Has its journal and waits until a majority knows of nothing that it has forgotten. */
        RESUMING,
        /** Waits for a group that has a leader, to take part in it as a new member. */
        RETURNING,
        SEATED
    }

    /** What the node shall do now. */
    sealed interface Decision {}

    record Wait() implements Decision {}

    /** Take a seat with an empty journal. */
    record TakeNew(Member self, List<Member> founders, Journal journal) implements Decision {}

    /** Take the seat that the journal tells of. */
    record Resume(RestoredRaftState state, Journal journal) implements Decision {}

    /** This node cannot go on; a human must look. */
    record Refuse(String reason) implements Decision {}

    Admission(RaftSettings settings, Peers peers, NodeDisk disk, Random random) {
        this.settings = settings;
        this.peers = peers;
        this.disk = disk;
        this.random = random;
        this.nonce = random.nextLong();
    }

    /** Counts this start and looks at what the disk holds. */
    Decision open() throws IOException {
        var known = disk.identity();
        var isNew = known.map(each -> each.life() == Life.UNBORN).orElseGet(disk::isNew);
        if (settings.alone() && !isNew && !disk.hasJournal()) {
            return lost();
        }
        found = disk.openJournal();
        if (found instanceof Journal.Intact intact) {
            openIntact(known, intact.state());
        } else {
            // The records were somewhere, and with them perhaps votes: who cannot say that it is new comes back as
            // another.
            identity = known.orElseGet(() -> new Identity(draw(), isNew ? Life.UNBORN : Life.RETURNING, 0, Map.of()));
            var isLost = found instanceof Journal.Damaged || !isNew;
            stage = isLost ? Stage.RETURNING : Stage.FOUNDING;
            if (isLost && settings.alone()) {
                return found instanceof Journal.Damaged damaged ? new Refuse(damaged.reason()) : lost();
            }
            if (!isNew) {
                LOG.warn(
                        "there is no journal in {} and this node is not new: it waits for the others to take it in, "
                                + "without a vote until it has caught up",
                        disk.place());
            }
        }
        identity = identity.booted();
        disk.keep(identity);
        return settings.alone() ? decideAlone() : new Wait();
    }

    private Decision lost() {
        return new Refuse(
                "the journal in " + disk.place() + " is gone and with it every record: restore the folder from "
                        + "a copy, or start on another folder to begin with nothing");
    }

    private void openIntact(Optional<Identity> known, RestoredRaftState state) {
        var self = (Member) state.getLocalEndpointPersistentState().getLocalEndpoint();
        identity = known.orElseGet(() -> new Identity(self.incarnation(), Life.SEATED, 0, Map.of()));
        var snapshot = state.getSnapshotEntry();
        var inSnapshot = snapshot == null
                || snapshot.getGroupMembersView().getMembers().contains(self)
                // A node that joins is not in the list of an old snapshot until it has applied the entry that adds it.
                || !Seat.members(state.getInitialGroupMembers().getMembers()).contains(self);
        var resumes = identity.life() == Life.SEATED && identity.incarnation() == self.incarnation() && inSnapshot;
        stage = resumes ? Stage.RESUMING : Stage.RETURNING;
        founders = Seat.members(state.getInitialGroupMembers().getMembers());
        restored = resumes ? Optional.of(state) : Optional.empty();
    }

    private Decision decideAlone() throws IOException {
        return switch (stage) {
            case FOUNDING -> takeNew(List.of(self()));
            case RESUMING -> takeOld();
            case RETURNING, SEATED -> lost();
        };
    }

    /** Introduces this node to all who do not yet know of this start. */
    void tick() {
        if (settings.alone()) {
            return;
        }
        var hello = new Hello(self(), identity.boot(), nonce, unborn(), restoredTerm(), restoredLastIndex());
        for (var node : peers.known()) {
            if (stage != Stage.SEATED || (settings.isVoter(node) && !welcomes.containsKey(node))) {
                peers.send(node, hello);
            }
        }
    }

    /**
     * Answers a node that has started.
     *
     * @param seat this node's own seat, if it has one
     */
    Welcome answer(String nodeId, Hello hello, Optional<Seat> seat) throws IOException {
        var forgotten = hasForgotten(hello, seat);
        if (!forgotten && hello.member().nodeId().equals(nodeId)) {
            var start = new Start(hello.member(), hello.boot(), hello.nonce());
            if (!start.equals(identity.seen().get(nodeId))) {
                identity = identity.having(start);
                disk.keep(identity);
            }
        }
        var leader = seat.flatMap(Seat::leader).map(Member::nodeId).orElse("");
        return new Welcome(hello.nonce(), self(), unborn(), forgotten, leader, founders);
    }

    private boolean hasForgotten(Hello hello, Optional<Seat> seat) {
        var last = identity.seen().get(hello.member().nodeId());
        if (last != null
                && last.member().equals(hello.member())
                && (last.boot() > hello.boot() || (last.boot() == hello.boot() && last.nonce() != hello.nonce()))) {
            return true;
        }
        // What a leader counted as acknowledged in its own term must still be there.
        var heard = seat.flatMap(taken -> taken.heardOf(hello.member()));
        return heard.isPresent()
                && heard.get().matchIndex() > 0
                && (heard.get().matchIndex() > hello.lastIndex()
                        || hello.term() < seat.orElseThrow().term());
    }

    Decision welcomed(String nodeId, Welcome welcome) throws IOException {
        if (welcome.nonce() != nonce) {
            return new Wait();
        }
        welcomes.put(nodeId, welcome);
        // Once seated this node has acknowledged more than its hello said; a late answer to that proves nothing.
        if (welcome.forgotten() && (stage == Stage.RESUMING || stage == Stage.FOUNDING)) {
            giveUpSeat();
            return new Wait();
        }
        return switch (stage) {
            case FOUNDING -> takePartInFounding(welcome);
            case RESUMING -> resume();
            case RETURNING -> comeBack(welcome);
            case SEATED -> new Wait();
        };
    }

    /** The group has removed this member, or the member has forgotten something: the next life begins without it. */
    void giveUpSeat() throws IOException {
        identity = identity.reborn(draw());
        disk.keep(identity);
        stage = Stage.RETURNING;
        restored = Optional.empty();
        welcomes.clear();
    }

    private Decision takePartInFounding(Welcome welcome) throws IOException {
        if (!welcome.founders().isEmpty()) {
            if (welcome.founders().contains(self())) {
                return takeNew(welcome.founders());
            }
            identity = identity.with(Life.RETURNING);
            disk.keep(identity);
            stage = Stage.RETURNING;
            return new Wait();
        }
        // One node makes the list, so that there is one list; the first of the configured voters.
        if (!settings.voters().get(0).equals(settings.nodeId())) {
            return new Wait();
        }
        var list = new ArrayList<Member>();
        for (var voter : settings.voters()) {
            var member = voter.equals(settings.nodeId()) ? Optional.of(self()) : unbornMember(voter);
            if (member.isEmpty()) {
                return new Wait();
            }
            list.add(member.get());
        }
        return takeNew(List.copyOf(list));
    }

    private Optional<Member> unbornMember(String voter) {
        return Optional.ofNullable(welcomes.get(voter))
                .filter(Welcome::unseated)
                .map(Welcome::member);
    }

    private Decision resume() throws IOException {
        var votes = settings.isVoter(settings.nodeId()) ? 1 : 0;
        for (var entry : welcomes.entrySet()) {
            votes += settings.isVoter(entry.getKey()) ? 1 : 0;
            var leader = entry.getValue().leader();
            // The leader knows best what this node acknowledged; while there is one, it is heard.
            if (!leader.isEmpty() && !leader.equals(settings.nodeId()) && !welcomes.containsKey(leader)) {
                return new Wait();
            }
        }
        return votes >= settings.majority() ? takeOld() : new Wait();
    }

    private Decision comeBack(Welcome welcome) throws IOException {
        // Without a leader there may be no majority left, and then what is on this disk may be needed by a human.
        if (welcome.founders().isEmpty() || welcome.leader().isEmpty()) {
            return new Wait();
        }
        if (identity.life() == Life.SEATED || welcome.founders().contains(self())) {
            identity = identity.reborn(draw());
            disk.keep(identity);
        }
        if (!(found instanceof Journal.Empty)) {
            if (found instanceof Journal.Intact intact) {
                intact.journal().close();
            }
            disk.setJournalAside();
            found = disk.openJournal();
        }
        return takeNew(welcome.founders());
    }

    private Decision takeNew(List<Member> first) throws IOException {
        founders = first;
        if (!(found instanceof Journal.Empty empty)) {
            return new Refuse("where the journal was set aside, there is one again");
        }
        seated();
        return new TakeNew(self(), founders, empty.journal());
    }

    private Decision takeOld() throws IOException {
        if (!(found instanceof Journal.Intact intact)) {
            throw new IllegalStateException("a node resumes with an intact journal only");
        }
        seated();
        return new Resume(intact.state(), intact.journal());
    }

    private void seated() throws IOException {
        identity = identity.with(Life.SEATED);
        disk.keep(identity);
        stage = Stage.SEATED;
    }

    private Member self() {
        return new Member(settings.nodeId(), identity.incarnation());
    }

    private boolean unborn() {
        return stage == Stage.FOUNDING;
    }

    private int draw() {
        return 1 + random.nextInt(Integer.MAX_VALUE - 1);
    }

    private int restoredTerm() {
        return restored.map(state -> state.getTermPersistentState().getTerm()).orElse(0);
    }

    private long restoredLastIndex() {
        if (restored.isEmpty()) {
            return 0;
        }
        var entries = restored.get().getLogEntries();
        var snapshot = restored.get().getSnapshotEntry();
        var lastEntry = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).getIndex();
        // A snapshot from a leader may reach beyond the entries that a stop kept it from replacing.
        return snapshot == null ? lastEntry : Math.max(lastEntry, snapshot.getIndex());
    }
}
