package dev.strongroom.hsm.node.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A cluster, its clients and what can be said of both from above. */
final class SimCluster {

    final SimWorld world;
    final SimPlan plan;
    final SimNetwork network;
    final History history = new History();
    final Map<String, SimNode> nodes = new LinkedHashMap<>();
    private final SimLedger ledger;
    private int commands;
    private boolean stopped;

    /** The highest revision acknowledged by a time. */
    private final TreeMap<Long, Long> acknowledged = new TreeMap<>();

    int leaseReads;

    SimCluster(SimWorld world, SimPlan plan, SimMutant mutant) {
        this.world = world;
        this.plan = plan;
        this.network = new SimNetwork(world);
        this.ledger = new SimLedger(world);
        for (var id : plan.nodes()) {
            var settings = new RaftSettings("sim", id, plan.voters(), plan.snapshotEvery());
            var node = new SimNode(id, world, network, ledger, settings, mutant);
            nodes.put(id, node);
            network.add(node);
        }
    }

    SimNode node(String id) {
        var node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no node " + id);
        }
        return node;
    }

    int nextCommand() {
        return ++commands;
    }

    void stopClients() {
        stopped = true;
    }

    boolean clientsStopped() {
        return stopped;
    }

    Optional<SimNode> anyRunning() {
        var running = new ArrayList<SimNode>();
        for (var node : nodes.values()) {
            if (node.isUp() && !node.isPaused()) {
                running.add(node);
            }
        }
        return running.isEmpty() ? Optional.empty() : Optional.of(running.get(world.random.nextInt(running.size())));
    }

    Optional<SimNode> leader() {
        return nodes.values().stream()
                .filter(SimNode::leads)
                .filter(node -> !node.isPaused())
                .max((one, other) -> Integer.compare(
                        one.seat().orElseThrow().term(),
                        other.seat().orElseThrow().term()));
    }

    void acknowledged(long revision) {
        var before = acknowledged.isEmpty() ? 0 : acknowledged.lastEntry().getValue();
        acknowledged.put(world.now(), Math.max(before, revision));
    }

    /** What I7 promises: nothing that was acknowledged more than a lease ago is missing where the lease holds. */
    void readUnderLease(SimNode node) {
        var store = node.store().orElseThrow();
        if (!store.holdsLease()) {
            return;
        }
        leaseReads++;
        var index = store.appliedIndex();
        var old = acknowledged.floorEntry(world.now() - Lease.NANOS);
        world.tell(node.id + " has the lease at " + index);
        if (old != null && old.getValue() > index) {
            world.fail(node.id + " used its lease at " + index + " though " + old.getValue() + " was acknowledged "
                    + (world.now() - old.getKey()) / 1e9 + " s ago");
        }
        var state = ledger.stateAt(index);
        for (var record = 0; record < SimClient.RECORDS; record++) {
            var found = store.find(SimClient.id(record));
            if (!found.equals(Optional.ofNullable(state.get(SimClient.id(record))))) {
                world.fail(node.id + " shows " + found + " at " + index + ", but the log makes " + state);
            }
        }
    }

    void awaitEverywhere(SimNode asked, RaftRecordStore store, long revision) {
        var began = world.now();
        var unused = store.awaitEverywhere(revision).thenRun(() -> {
            if (world.now() - began >= Everywhere.DEADLINE_NANOS || store.health() != RaftRecordStore.Health.RUNNING) {
                return;
            }
            for (var node : nodes.values()) {
                var applied = node.store().map(RaftRecordStore::appliedIndex).orElse(Long.MAX_VALUE);
                // A node that started meanwhile may have told what its last life had applied; it has no lease yet.
                if (applied < revision && node.store().orElseThrow().holdsLease()) {
                    world.fail(asked.id + " says that " + revision + " is applied everywhere, " + node.id + " is at "
                            + applied);
                }
            }
        });
    }

    /** Whether every node takes part, every voter has its vote, and all have applied the same. */
    Optional<String> notWhole() {
        var leading = leader();
        if (leading.isEmpty()) {
            return Optional.of("nobody leads");
        }
        var seat = leading.get().seat().orElseThrow();
        var members = Seat.members(seat.committedMembers().getMembers());
        var voting = Seat.members(seat.committedMembers().getVotingMembers());
        for (var node : nodes.values()) {
            var self = node.seat().map(Seat::self);
            if (self.isEmpty() || !members.contains(self.get())) {
                return Optional.of(node.id + " takes no part");
            }
            if (plan.voters().contains(node.id) && !voting.contains(self.get())) {
                return Optional.of(node.id + " has no vote");
            }
            if (node.store().orElseThrow().appliedIndex() < seat.commitIndex()) {
                return Optional.of(node.id + " is behind");
            }
        }
        return members.size() == nodes.size()
                ? Optional.empty()
                : Optional.of("there are members too many: " + members);
    }

    /** One line per node, for a human. */
    String describe() {
        var lines = new StringBuilder();
        for (var node : nodes.values()) {
            lines.append("\n  ").append(node.id).append(' ').append(node.disk.identity());
            node.seat()
                    .ifPresentOrElse(
                            seat -> lines.append(" seat ").append(seat),
                            () -> lines.append(" no seat, up ").append(node.isUp()));
        }
        return lines.toString();
    }

    void requireSameState() {
        var digests = new LinkedHashMap<String, List<String>>();
        for (var node : nodes.values()) {
            var state = node.store().orElseThrow().life().state();
            digests.computeIfAbsent(state.appliedIndex() + " " + state.digest().toHex(), unused -> new ArrayList<>())
                    .add(node.id);
        }
        if (digests.size() > 1) {
            world.fail("the nodes differ: " + digests);
        }
    }
}
