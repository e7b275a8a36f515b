package dev.strongroom.conformance.fault;

import dev.strongroom.conformance.fault.ClientChecker.Unwell;
import dev.strongroom.conformance.subject.ClusterTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Kills, stops and restarts the processes of a cluster, by a seed. */
final class Nemesis {

    private static final long LEASE_NANOS = 30_000_000_000L;

    private final ClusterTarget cluster;
    private final Random random;
    private final CountDownLatch end;
    private final List<Unwell> unwell = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private int kills;
    private int pauses;
    private int powerCuts;

    /** @param end ends {@link #run} when it opens */
    Nemesis(ClusterTarget cluster, long seed, CountDownLatch end) {
        this.cluster = cluster;
        this.random = new Random(seed);
        this.end = end;
    }

    /** Strikes until the end; then everything runs again, or is starting. */
    void run() throws InterruptedException {
        while (!wait(500, 3_500)) {
            strike();
            revive();
        }
        revive();
    }

    /** SIGKILL to all at once, then a start from disk. */
    void powerCut() {
        powerCuts++;
        tell("power cut");
        names().forEach(this::kill);
        // No process that stood still is left, and what starts serves nobody before it has caught up.
        long now = System.nanoTime();
        unwell.replaceAll(each -> new Unwell(each.from(), Math.min(each.to(), now)));
        revive();
        names().forEach(cluster::awaitReady);
    }

    private void strike() throws InterruptedException {
        var nodes = cluster.nodes();
        int what = random.nextInt(100);
        if (what < 35) {
            kill(any(nodes));
        } else if (what < 45) {
            // The majority is gone until they are back.
            var spared = any(nodes);
            nodes.stream().filter(node -> !node.equals(spared)).forEach(this::kill);
        } else if (what < 65) {
            pauseNode(any(nodes));
        } else if (what < 85) {
            kill(any(cluster.gateways()));
        } else if (what < 93) {
            var gateway = any(cluster.gateways());
            pauses++;
            tell("pauses " + gateway);
            cluster.member(gateway).pause();
            var unused = wait(500, 4_000);
            cluster.member(gateway).resume();
        } else {
            tell("kills all nodes");
            nodes.forEach(this::kill);
        }
    }

    private void pauseNode(String node) throws InterruptedException {
        if (!cluster.member(node).isAlive()) {
            return;
        }
        pauses++;
        tell("pauses " + node);
        long from = System.nanoTime();
        cluster.member(node).pause();
        var unused = wait(500, 12_000);
        cluster.member(node).resume();
        unwell.add(new Unwell(from, System.nanoTime() + LEASE_NANOS));
    }

    private void kill(String name) {
        if (cluster.member(name).isAlive()) {
            kills++;
            tell("kills " + name);
            cluster.member(name).kill();
        }
    }

    /** As a supervisor would: whatever has ended, by our hand or because it found no majority, is started. */
    private void revive() {
        for (var name : names()) {
            if (!cluster.member(name).isAlive()) {
                cluster.startMember(name);
            }
        }
    }

    /** @return whether it is the end */
    private boolean wait(int fromMillis, int toMillis) throws InterruptedException {
        return end.await(fromMillis + random.nextInt(toMillis - fromMillis), TimeUnit.MILLISECONDS);
    }

    private String any(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }

    private List<String> names() {
        var names = new ArrayList<>(cluster.nodes());
        names.addAll(cluster.gateways());
        return names;
    }

    private void tell(String what) {
        story.add(what);
    }

    List<Unwell> unwell() {
        return unwell;
    }

    List<String> story() {
        return story;
    }

    int kills() {
        return kills;
    }

    int pauses() {
        return pauses;
    }

    int powerCuts() {
        return powerCuts;
    }
}
