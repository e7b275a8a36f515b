package dev.strongroom.conformance.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.bench.KmsRequests;
import dev.strongroom.conformance.bench.LoadGenerator;
import dev.strongroom.conformance.subject.ClusterTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node of a real cluster is killed under load, and somebody who has its disk cuts records off the end of its trail: up to
 * the last head that another node was told of every cut is found, behind it none can be. How much that is at worst is read
 * off the trails for every moment of the run: what the node had recorded by then, and what the others had heard of.
 */
class UnseenTailTest {

    private static final String VICTIM = "n2";
    private static final int CONNECTIONS = 32;
    private static final Duration LOAD = Duration.ofSeconds(Integer.getInteger("tail.seconds", 15));

    /** After so many records, or so long after the first of them, a node signs its head and tells it. */
    private static final long STATED_RECORDS = 1_000;

    private static final Duration STATED = Duration.ofSeconds(10);

    /** What the way of a head to the others may add: all records of so long, at full load. */
    private static final Duration WAY = Duration.ofSeconds(5);

    /** The same for the age of a record; 5.2 s were seen on a machine that had much else to do. */
    private static final Duration WAY_WHEN_BUSY = Duration.ofSeconds(20);

    /** How often it is looked whether a head was heard of. */
    private static final int PATIENCE = 180;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    @TempDir
    private Path folder;

    /**
     * What could be cut off unseen.
     *
     * @param records how many
     * @param micros age of the oldest of them
     */
    private record Unseen(long records, long micros) {}

    @Test
    void aCutIsFoundUpToWhatTheOthersWereToldAndTheRestIsWithinWhatIsStated() throws Exception {
        try (var cluster = ClusterTarget.start(folder)) {
            var request =
                    Objects.requireNonNull(KmsRequests.prepare(cluster).sign().get("Encrypt"));
            var before = run(cluster, request, LOAD);
            assertEquals(0, before.failed());
            // Few records come now, so that it is the time that counts.
            untilHeard(cluster);
            // The gateway asks the other nodes for what was under way, so nobody is refused now either.
            var during = CompletableFuture.supplyAsync(() -> run(cluster, request, LOAD.dividedBy(3)));
            cluster.member(VICTIM).kill();
            assertEquals(0, during.get().failed());
            cluster.nodes().forEach(node -> cluster.member(node).kill());
            var trail = TrailLines.read(cluster.trail(VICTIM));
            var heard = heard(cluster);
            var unseen = assertCutsAreFound(cluster, trail, heard);
            var worst = worst(trail.micros(), heard);
            System.out.printf(
                    "unseen tail: %.0f requests/s; at the kill %d records; at worst %d records, the oldest %.3f s old%n",
                    before.perSecond(), unseen, worst.records(), worst.micros() / 1e6);
            var most = STATED_RECORDS + (long) (before.perSecond() * WAY.toSeconds());
            assertTrue(worst.records() > 0 && worst.records() <= most, () -> worst + ", stated are " + most);
            assertStated(worst.micros());
            // The last record is about as old as the kill.
            var micros = trail.micros();
            assertStated(unseen == 0 ? 0 : micros[micros.length - 1] - micros[micros.length - (int) unseen]);
        }
    }

    private static void assertStated(long micros) {
        var most = STATED.plus(WAY_WHEN_BUSY).toNanos() / 1_000;
        assertTrue(micros <= most, () -> "a record was unseen for " + micros + " us");
    }

    /** Until another node has heard of what the victim has recorded so far. */
    private static void untilHeard(ClusterTarget cluster) throws IOException {
        long last = TrailLines.read(cluster.trail(VICTIM)).last();
        for (int looks = 0; heard(cluster).stream().noneMatch(head -> head.seq() >= last); looks++) {
            assertTrue(looks < PATIENCE, "nobody heard of record " + last);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static LoadGenerator.Result run(ClusterTarget cluster, byte[] request, Duration length) {
        try {
            return LoadGenerator.run(cluster.endpoint("g1"), request, CONNECTIONS, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<TrailLines.Heard> heard(ClusterTarget cluster) throws IOException {
        var heard = new ArrayList<TrailLines.Heard>();
        for (var holder : cluster.nodes()) {
            if (!holder.equals(VICTIM)) {
                heard.addAll(TrailLines.read(cluster.trail(holder)).heardOf(VICTIM));
            }
        }
        heard.sort(Comparator.comparingLong(TrailLines.Heard::micros));
        return heard;
    }

    /** Cuts before, at and behind the last head that was heard of; gives how many records are behind it. */
    private static long assertCutsAreFound(ClusterTarget cluster, TrailLines trail, List<TrailLines.Heard> heard)
            throws IOException {
        long held = heard.stream().mapToLong(TrailLines.Heard::seq).max().orElse(0);
        long last = trail.last();
        assertTrue(held > 1_000 && held <= last, held + " of " + last + " records were heard of");
        assertIntact(cluster, true, "as it was left");
        var cuts = new TreeSet<>(Stream.of(1L, held / 2, held - 1, held, (held + last) / 2)
                .filter(kept -> kept > 0 && kept < last)
                .toList());
        for (var kept : cuts) {
            trail.cutTo(kept.intValue());
            assertIntact(cluster, kept >= held, kept + " of " + last + " records left, " + held + " heard of");
        }
        trail.cutTo((int) last);
        return last - held;
    }

    private static void assertIntact(ClusterTarget cluster, boolean isIntact, String what) {
        try (var verify = cluster.verifyAudit(List.of())) {
            int code = verify.awaitExit();
            assertEquals(isIntact ? 0 : 1, code, () -> what + "\n" + verify.output());
        }
    }

    /** Just before each head was heard of is when most could be cut off. */
    private static Unseen worst(long[] micros, List<TrailLines.Heard> heard) {
        var worst = new Unseen(0, 0);
        long held = 0;
        int recorded = 0;
        for (var head : heard) {
            while (recorded < micros.length && micros[recorded] <= head.micros()) {
                recorded++;
            }
            if (recorded > held) {
                worst = new Unseen(
                        Math.max(worst.records(), recorded - held),
                        Math.max(worst.micros(), head.micros() - micros[(int) held]));
            }
            held = Math.max(held, head.seq());
        }
        return worst;
    }
}
