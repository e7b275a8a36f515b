package dev.strongroom.hsm.node.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When a record is on disk. The JVM itself tells of every flush that it asked the operating system for (Flight Recorder's
 * {@code jdk.FileForce}), in one order with the marks that a test leaves. The clock of the trail stands still unless a test
 * moves it, and nothing but what a test does is recorded: each flush is for the record before it.
 */
class FlushedTrailTest {

    private static final int CHANGES = 5;
    private static final String FLUSH = "flush";

    @TempDir
    private Path temporary;

    private TrailFixture nodes = new TrailFixture(Path.of(""), true);

    @BeforeEach
    void threeNodes() {
        nodes = new TrailFixture(temporary, true);
    }

    /** What a test did, in the order of the flushes. */
    @Name("dev.strongroom.test.Mark")
    @StackTrace(false)
    static final class Mark extends Event {
        String text = "";
    }

    /** The flushes of trails, and the marks, as they come. */
    private static final class Flushes implements AutoCloseable {

        private final RecordingStream stream = new RecordingStream();
        private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

        Flushes() {
            stream.enable("jdk.FileForce").withoutThreshold().withoutStackTrace();
            stream.enable(Mark.class);
            stream.onEvent("jdk.FileForce", this::flushed);
            stream.onEvent("dev.strongroom.test.Mark", event -> seen.add(event.getString("text")));
            stream.startAsync();
        }

        private void flushed(RecordedEvent event) {
            if (event.getString("path").endsWith(".jsonl")) {
                seen.add(FLUSH);
            }
        }

        void mark(String text) {
            var mark = new Mark();
            mark.text = text;
            mark.commit();
        }

        /** What came up to {@code text}, which must come. */
        List<String> until(String text) throws InterruptedException {
            var before = new ArrayList<String>();
            while (true) {
                var next = seen.poll(30, TimeUnit.SECONDS);
                assertNotNull(next, () -> text + " never came, but " + before);
                before.add(next);
                if (next.equals(text)) {
                    return before;
                }
            }
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    private static void recordAndAwait(AuditTrail trail, Ledger.Weight weight) throws Exception {
        var answer = trail.record(weight, line -> line.text("command", "Some"));
        assertNotNull(answer);
        var unused = answer.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static void assertEachIsFlushedBeforeItsAnswer(AuditTrail trail, Ledger.Weight weight) throws Exception {
        try (var flushes = new Flushes()) {
            for (int i = 0; i < CHANGES; i++) {
                flushes.mark("asked");
                recordAndAwait(trail, weight);
                flushes.mark("answered");
                assertEquals(List.of("asked"), flushes.until("asked"), "nothing was left to flush");
                assertTrue(flushes.until("answered").contains(FLUSH), "answered before it was on disk");
            }
        }
    }

    @Test
    void aChangeIsOnDiskBeforeItIsAnswered() throws Exception {
        assertEachIsFlushedBeforeItsAnswer(nodes.start("n1"), Ledger.Weight.CHANGE);
        nodes.stop("n1");
    }

    @Test
    void soIsTheUseOfAKeyInAStrictTrail() throws Exception {
        var trail = nodes.start("n1", TrailSettings.Flush.STRICT, TrailSettings.FILE_BYTES);
        assertEachIsFlushedBeforeItsAnswer(trail, Ledger.Weight.USE);
        nodes.stop("n1");
    }

    /** By the clock of the trail, which no thread can outrun: not before it has moved, and without its moving further. */
    @Test
    void theUseOfAKeyIsOnDiskAHundredMillisecondsLater() throws Exception {
        var trail = nodes.start("n1");
        try (var flushes = new Flushes()) {
            for (int i = 0; i < 3; i++) {
                use(trail);
                use(trail);
                flushes.mark("used");
                assertEquals(List.of("used"), flushes.until("used"), "nobody waits for the disk");
                nodes.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
                assertEquals(List.of(FLUSH), flushes.until(FLUSH), "one flush for both");
            }
        }
        nodes.stop("n1");
    }

    private static void use(AuditTrail trail) throws IOException {
        assertNull(trail.record(Ledger.Weight.USE, line -> line.text("command", "Encrypt")));
    }
}
