package dev.strongroom.hsm.node.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What goes wrong in a history. Only what the design promises to survive: the journal of one node is lost at a time, and
 * an old copy of a disk is put back only where its start number gives it away.
 */
final class SimFaults {

    private final SimCluster cluster;
    private final SimWorld world;
    private final long until;
    private final Map<String, SimDisk.Copy> copies = new HashMap<>();
    private final Set<String> harmed = new HashSet<>();

    SimFaults(SimCluster cluster) {
        this.cluster = cluster;
        this.world = cluster.world;
        this.until = world.now() + cluster.plan.faultsFor();
        next();
    }

    private void next() {
        world.after(world.between(cluster.plan.calm() / 10, 2 * cluster.plan.calm()), () -> {
            if (world.now() < until) {
                strike();
                next();
            }
        });
    }

    private SimNode any() {
        var all = List.copyOf(cluster.nodes.values());
        // Leaders are where it hurts.
        var leader = cluster.leader();
        return leader.isPresent() && world.chance(0.4) ? leader.get() : all.get(world.random.nextInt(all.size()));
    }

    private void strike() {
        var what = world.random.nextInt(100);
        if (what < 22) {
            crash(any());
        } else if (what < 34) {
            pause(any());
        } else if (what < 58) {
            partition();
        } else if (what < 74) {
            badWeather();
        } else if (what < 82) {
            loseJournal(any());
        } else if (what < 88) {
            any().disk.failSoon(world.random.nextInt(6));
        } else if (what < 93) {
            putCopyBack(any());
        } else if (what < 97) {
            remove();
        } else {
            powerCut();
        }
    }

    private void crash(SimNode node) {
        copies.putIfAbsent(node.id, node.disk.copy());
        node.crash();
        world.after(world.between(SimWorld.MILLIS, 6 * SimWorld.SECONDS), node::start);
    }

    private void powerCut() {
        cluster.nodes.values().forEach(this::crash);
    }

    private void pause(SimNode node) {
        node.pause();
        var long_ = cluster.plan.calm() > 5 * SimWorld.SECONDS;
        world.after(world.between(100 * SimWorld.MILLIS, (long_ ? 45 : 6) * SimWorld.SECONDS), () -> {
            if (node.isPaused()) {
                // What was in the hands of other threads when the process stopped goes on before Raft does.
                cluster.readUnderLease(node);
                node.resume();
            }
        });
    }

    private void partition() {
        var ids = new ArrayList<>(cluster.nodes.keySet());
        if (ids.size() < 2) {
            return;
        }
        var one = any().id;
        ids.remove(one);
        var side = new ArrayList<>(List.of(one));
        if (ids.size() > 2 && world.chance(0.5)) {
            side.add(ids.remove(world.random.nextInt(ids.size())));
        }
        var direction = world.random.nextInt(4);
        for (var here : side) {
            for (var there : ids) {
                if (direction != 0) {
                    cluster.network.cut(here, there);
                }
                if (direction != 1) {
                    cluster.network.cut(there, here);
                }
            }
        }
        world.tell("cut " + side + " from " + ids + ", direction " + direction);
        var long_ = cluster.plan.calm() > 5 * SimWorld.SECONDS;
        world.after(world.between(SimWorld.SECONDS / 2, (long_ ? 50 : 8) * SimWorld.SECONDS), cluster.network::heal);
    }

    private void badWeather() {
        cluster.network.loss = world.random.nextInt(3) * 0.15;
        cluster.network.repetition = world.random.nextInt(3) * 0.1;
        cluster.network.lateness = world.random.nextInt(4) * 0.08;
        world.after(world.between(SimWorld.SECONDS, 8 * SimWorld.SECONDS), cluster.network::heal);
    }

    /** Every other voter has its journal, or has got its vote back after it lost it, so a majority of journals is left. */
    private boolean othersAreWhole(SimNode node) {
        var leader = cluster.leader();
        if (leader.isEmpty() || cluster.plan.voters().size() == 1) {
            return false;
        }
        var voting = Seat.members(
                leader.get().seat().orElseThrow().committedMembers().getVotingMembers());
        harmed.removeIf(id ->
                cluster.node(id).seat().map(Seat::self).filter(voting::contains).isPresent());
        return harmed.isEmpty() || harmed.equals(Set.of(node.id));
    }

    private void loseJournal(SimNode node) {
        if (!othersAreWhole(node)) {
            return;
        }
        crash(node);
        copies.remove(node.id);
        switch (world.random.nextInt(3)) {
            case 0 -> node.disk.loseAll(world.chance(0.5));
            case 1 -> node.disk.loseJournal();
            default -> node.disk.tear();
        }
        harmed.add(node.id);
        world.tell(node.id + " has lost its journal");
    }

    /** An older disk is found by the number of its next start, if all others know a start with that number or above. */
    private void putCopyBack(SimNode node) {
        var copy = copies.get(node.id);
        if (copy == null || copy.identity().isEmpty() || !othersAreWhole(node)) {
            return;
        }
        var old = copy.identity().get();
        for (var other : cluster.nodes.values()) {
            if (other != node) {
                var seen = other.disk.identity().map(identity -> identity.seen().get(node.id));
                if (seen.isEmpty()
                        || seen.get().boot() < old.boot() + 1
                        || seen.get().member().incarnation() != old.incarnation()) {
                    return;
                }
            }
        }
        crash(node);
        node.disk.putBack(copy);
        copies.remove(node.id);
        harmed.add(node.id);
        world.tell(node.id + " has an old copy of its disk");
    }

    private void remove() {
        var leader = cluster.leader();
        if (leader.isEmpty() || cluster.plan.learners().isEmpty()) {
            return;
        }
        var gone = cluster.plan.learners().get(0);
        cluster.node(gone).crash();
        world.tell(gone + " is removed");
        var unused = leader.get().store().orElseThrow().remove(gone);
        world.after(
                world.between(SimWorld.SECONDS, 5 * SimWorld.SECONDS),
                () -> cluster.node(gone).start());
    }
}
