package dev.strongroom.conformance.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.ClusterTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;

/**
 * Three nodes whose configuration says {@code audit: strict: true}. A client uses a key, one request after the other's
 * answer: if each is answered when its record is on disk, then each had a flush of its own. The JVMs of the nodes themselves
 * count those (Flight Recorder's {@code jdk.FileForce}). Without {@code strict} one flush does for all uses of 50 ms.
 */
class StrictTrailTest {

    private static final int USES = 1_000;

    /** No event but flushes, and of these every one. */
    private static final String SETTINGS = "<configuration version=\"2.0\"><event name=\"jdk.FileForce\">"
            + "<setting name=\"enabled\">true</setting><setting name=\"threshold\">0 ns</setting>"
            + "<setting name=\"stackTrace\">false</setting></event></configuration>";

    @TempDir
    private Path folder;

    @Test
    void aUseOfAKeyIsAnsweredWhenItsRecordIsOnDisk() throws Exception {
        try (var cluster = ClusterTarget.create(Files.createDirectory(folder.resolve("cluster")))) {
            var settings = Files.writeString(folder.resolve("flushes.jfc"), SETTINGS);
            for (var node : cluster.nodes()) {
                Files.writeString(
                        cluster.folder().resolve(node).resolve("node.yaml"),
                        "\naudit:\n  strict: true\n",
                        StandardOpenOption.APPEND);
                cluster.give(
                        node,
                        List.of("-XX:StartFlightRecording:filename=" + recording(node) + ",settings=" + settings));
            }
            useAKey(cluster.startAll());
            long uses = 0;
            var counts = new ArrayList<String>();
            for (var node : cluster.nodes()) {
                assertEquals(0, cluster.member(node).stop());
                long used = uses(cluster.trail(node));
                long flushed = flushes(node);
                counts.add(node + ": " + used + " uses, " + flushed + " flushes");
                assertTrue(flushed >= used, counts::toString);
                uses += used;
            }
            assertTrue(uses >= USES, counts::toString);
            System.out.println("strict trails: " + counts);
        }
    }

    private Path recording(String node) {
        return folder.resolve(node + ".jfr");
    }

    private static void useAKey(ClusterTarget cluster) {
        try (var kms = cluster.kms()) {
            var key = kms.createKey().keyMetadata().keyId();
            var data = SdkBytes.fromUtf8String("attack at dawn");
            for (int i = 0; i < USES; i++) {
                var unused = kms.encrypt(request -> request.keyId(key).plaintext(data));
            }
        }
    }

    private static long uses(Path trail) throws IOException {
        return TrailLines.read(trail).lines().stream()
                .filter(line -> line.contains("\"command\":\"Encrypt\""))
                .count();
    }

    private long flushes(String node) throws IOException {
        return RecordingFile.readAllEvents(recording(node)).stream()
                .filter(event -> event.getEventType().getName().equals("jdk.FileForce"))
                .filter(event -> event.getString("path").endsWith(".jsonl"))
                .count();
    }
}
