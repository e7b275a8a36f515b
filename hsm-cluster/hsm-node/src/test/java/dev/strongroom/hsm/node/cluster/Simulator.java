package dev.strongroom.hsm.node.cluster;

import java.util.Optional;

/** Runs the history of one seed from the founding of a cluster to its recovery. */
final class Simulator {

    private static final long RECOVERY = 90 * SimWorld.SECONDS;

    private Simulator() {}

    /**
     * @param trace the same for every run of a seed
     * @param failure what went wrong, if anything did
     */
    record Result(long seed, long trace, Optional<String> failure, int operations, int leaseReads) {}

    static Result run(long seed, boolean verbose) {
        return run(seed, verbose, SimMutant.NONE);
    }

    static Result run(long seed, boolean verbose, SimMutant mutant) {
        var world = new SimWorld(seed, verbose);
        var plan = SimPlan.draw(world);
        world.tell("seed " + seed + ": " + plan);
        var cluster = new SimCluster(world, plan, mutant);
        cluster.nodes.values().forEach(node -> world.after(world.between(0, 2 * SimWorld.SECONDS), node::start));
        for (var i = 0; i < plan.clients(); i++) {
            var unused = new SimClient(cluster, i, plan.thingsPerClient());
        }
        var faults = new SimFaults[1];
        world.after(4 * SimWorld.SECONDS, () -> faults[0] = new SimFaults(cluster));
        world.runUntil(world.now() + 4 * SimWorld.SECONDS + plan.faultsFor());
        recover(cluster);
        var failure = world.failure().or(cluster.history::objection);
        return new Result(
                seed,
                world.trace(),
                failure,
                cluster.history.attempts.size() + cluster.history.reads.size(),
                cluster.leaseReads);
    }

    /** Nothing goes wrong any more: the cluster must come back by itself, whole and everywhere the same. */
    private static void recover(SimCluster cluster) {
        var world = cluster.world;
        world.tell("calm");
        cluster.network.heal();
        cluster.nodes.values().forEach(node -> {
            node.resume();
            world.after(world.between(0, SimWorld.SECONDS), node::start);
        });
        var end = world.now() + RECOVERY;
        var wholeSince = world.now();
        while (world.failure().isEmpty() && world.now() < end) {
            world.runUntil(world.now() + SimWorld.SECONDS / 4);
            cluster.network.heal();
            cluster.nodes.values().forEach(SimNode::resume);
            if (cluster.notWhole().isPresent()) {
                wholeSince = world.now();
            }
            if (world.now() - wholeSince > 2 * SimWorld.SECONDS) {
                cluster.stopClients();
                world.runUntil(world.now() + 12 * SimWorld.SECONDS);
                break;
            }
        }
        cluster.stopClients();
        if (world.failure().isEmpty()) {
            cluster.notWhole()
                    .ifPresentOrElse(
                            why -> world.fail("the cluster did not recover: " + why + cluster.describe()),
                            cluster::requireSameState);
        }
    }

    /** For a look at one seed: {@code Simulator <first> <count> [verbose]}. */
    public static void main(String[] args) {
        var first = Long.parseLong(args[0]);
        var count = Long.parseLong(args[1]);
        var began = System.nanoTime();
        var operations = 0L;
        var leaseReads = 0L;
        var failures = 0;
        for (var seed = first; seed < first + count; seed++) {
            var result = run(seed, args.length > 2);
            operations += result.operations();
            leaseReads += result.leaseReads();
            if (result.failure().isPresent()) {
                failures++;
                System.out.println("seed " + seed + ": " + result.failure().get());
            }
        }
        System.out.printf(
                "%d histories, %d operations, %d lease reads, %d failures, %.1f s%n",
                count, operations, leaseReads, failures, (System.nanoTime() - began) / 1e9);
    }
}
