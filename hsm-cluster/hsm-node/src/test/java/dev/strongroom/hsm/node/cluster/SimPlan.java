package dev.strongroom.hsm.node.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * What one history is about.
 *
 * @param voters configured to vote
 * @param learners nodes that hold everything and have no vote; the first of them is there from the start
 * @param faultsFor how long things go wrong
 * @param calm time between two faults, on average
 */
record SimPlan(
        List<String> voters,
        List<String> learners,
        int clients,
        int thingsPerClient,
        long thinkTime,
        long faultsFor,
        long calm,
        int snapshotEvery) {

    private static final int MAX_THINGS = 54;

    static SimPlan draw(SimWorld world) {
        var kind = world.random.nextInt(100);
        var voterCount = kind < 8 ? 1 : kind < 85 ? 3 : 5;
        var learnerCount = voterCount == 1 ? 0 : world.random.nextInt(4) == 0 ? 1 : 0;
        var slow = world.chance(0.2);
        var clients = 2 + world.random.nextInt(2);
        return new SimPlan(
                names("v", voterCount),
                names("w", learnerCount),
                clients,
                MAX_THINGS / clients,
                (slow ? 5_000 : 700) * SimWorld.MILLIS,
                (slow ? 70 : 15) * SimWorld.SECONDS,
                (slow ? 9_000 : 1_500) * SimWorld.MILLIS,
                world.chance(0.5) ? 7 : 40);
    }

    List<String> nodes() {
        var all = new ArrayList<>(voters);
        all.addAll(learners);
        return all;
    }

    private static List<String> names(String prefix, int count) {
        var names = new ArrayList<String>();
        for (var i = 1; i <= count; i++) {
            names.add(prefix + i);
        }
        return names;
    }
}
