package dev.strongroom.hsm.node.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Edits planted in a trail up to the last record that a peer was told of, every one of which must be found; and what
 * cannot be found, which is said in SECURITY.
 */
class TrailEditsTest {

    private static final int PLANTED = 10_000;
    private static final int PLANTED_WITHOUT_ROOT = 500;
    private static final long SEED = 20261126;

    @TempDir
    private Path temporary;

    /** Two starts of n1 in some files, all of which n2 was told of. */
    private TrailFixture recorded(boolean hasCertificates) {
        var nodes = new TrailFixture(temporary, hasCertificates);
        var peer = nodes.start("n2");
        for (int start = 0; start < 2; start++) {
            var trail = nodes.start("n1", TrailSettings.Flush.SOON, 8_000);
            for (int epoch = 0; epoch < 3; epoch++) {
                TrailFixture.use(trail, 8);
                nodes.nanos.addAndGet(TimeUnit.MINUTES.toNanos(10));
            }
            nodes.stop("n1");
        }
        TrailFixture.use(peer, 3);
        nodes.stop("n2");
        return nodes;
    }

    @Test
    void everyEditIsFound() throws Exception {
        var nodes = recorded(false);
        assertEquals(List.of(), nodes.verify("n1", "n2").findings());
        var forger = new Forger(nodes.folder("n1"));
        var random = new Random(SEED);
        var missed = new ArrayList<String>();
        var edits = Forger.Edit.values();
        for (int i = 0; i < PLANTED; i++) {
            var planted = forger.plant(edits[i % edits.length], random);
            if (nodes.verify("n1", "n2").isIntact()) {
                missed.add(planted);
            }
            forger.undo();
        }
        assertEquals(List.of(), missed, missed.size() + " of " + PLANTED + " edits were missed");
        assertTrue(nodes.verify("n1", "n2").isIntact(), "the forger left something behind");
    }

    @Test
    void signaturesAndPeersFindThemWithoutTheAuditRootToo() throws Exception {
        var nodes = recorded(true);
        assertEquals(List.of(), nodes.verifyWithoutRoot("n1", "n2").findings());
        var forger = new Forger(nodes.folder("n1"));
        var random = new Random(SEED);
        var missed = new ArrayList<String>();
        var edits = Forger.Edit.values();
        for (int i = 0; i < PLANTED_WITHOUT_ROOT; i++) {
            var planted = forger.plant(edits[i % edits.length], random);
            if (nodes.verifyWithoutRoot("n1", "n2").isIntact()) {
                missed.add(planted);
            }
            forger.undo();
        }
        assertEquals(List.of(), missed, missed.size() + " of " + PLANTED_WITHOUT_ROOT + " edits were missed");
    }

    /** The one thing that the files cannot show: records behind the last head that anybody else was told of. */
    @Test
    void onlyWhatNobodyElseWasToldOfCanBeCutOffUnseen() throws Exception {
        var nodes = new TrailFixture(temporary, true);
        var trail = nodes.start("n1");
        var unused = nodes.start("n2");
        // Enough for the thread that signs; then a change, which waits for it.
        TrailFixture.use(trail, AuditTrail.RECORDS_PER_CHECKPOINT);
        for (int i = 0; i < 3; i++) {
            var change = trail.record(Ledger.Weight.CHANGE, line -> line.text("command", "CreateKey"));
            if (change != null) {
                change.toCompletableFuture().get(30, TimeUnit.SECONDS);
            }
        }
        nodes.stop("n2");
        TrailFixture.use(trail, 100);
        nodes.stop("n1");
        assertEquals(List.of(), nodes.verify("n1", "n2").findings());
        long held = nodes.verify("n1", "n2").trails().get(0).heldByPeers();
        assertTrue(held >= AuditTrail.RECORDS_PER_CHECKPOINT, "n2 was told of " + held);

        var file = TrailFolder.files(nodes.folder("n1")).get(0);
        var lines = nodes.lines("n1");
        for (int kept = lines.size() - 1; kept > held - 20; kept -= 7) {
            Files.writeString(file, String.join("\n", lines.subList(0, kept)) + "\n");
            assertEquals(
                    kept >= held,
                    nodes.verify("n1", "n2").isIntact(),
                    "with " + kept + " records left, n2 being told of " + held);
        }
    }
}
