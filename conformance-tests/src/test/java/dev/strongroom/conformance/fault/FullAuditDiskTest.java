package dev.strongroom.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.ClusterTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.KmsInternalException;

/**
 * The disks of the audit log and of the trails fill up in a real cluster. What cannot be recorded fails, nothing is begun
 * that could not be recorded, and all goes on by itself when there is room again.
 */
class FullAuditDiskTest {

    private static final int LOG_MEBIBYTES = 2;

    /** Beside the reserve of a trail there is room for some thousands of records. */
    private static final int TRAIL_MEBIBYTES = 8;

    private static final int PATIENCE = 20_000;

    private static final long PAUSE_NANOS = 5_000_000;

    @TempDir
    private Path folder;

    private final List<SmallDisk> disks = new ArrayList<>();
    private final Set<String> acknowledged = new HashSet<>();

    @Test
    void nothingIsDoneThatCannotBeRecorded() throws Exception {
        try {
            var cluster = ClusterTarget.create(folder);
            var log = mount("g1/log", LOG_MEBIBYTES);
            Files.writeString(
                    folder.resolve("g1/gateway.yaml"), "\naudit:\n  file: log/audit.log\n", StandardOpenOption.APPEND);
            var trails = new ArrayList<SmallDisk>();
            for (var node : cluster.nodes()) {
                trails.add(mount(node + "/audit", TRAIL_MEBIBYTES));
            }
            try (cluster;
                    var running = cluster.startAll();
                    var here = client(running, "g1");
                    var there = client(running, "g2")) {
                var key = there.createKey().keyMetadata().keyId();
                theLogOfAGateway(here, there, key, log);
                assertToldOnce(running, "g1", "audit.log cannot be written");
                assertToldOnce(running, "g1", "audit.log can be written again");
                theTrailsOfNodes(running, there, key, trails);
                assertOnRecord(running, log);
            }
        } finally {
            for (var disk : disks) {
                disk.close();
            }
        }
    }

    private SmallDisk mount(String place, int mebibytes) throws IOException {
        var disk = SmallDisk.mount(folder.resolve(place), mebibytes);
        disks.add(disk);
        return disk;
    }

    /** One gateway cannot record and does nothing; the other serves. */
    private void theLogOfAGateway(KmsClient here, KmsClient there, String key, SmallDisk disk) throws IOException {
        encrypt(here, key);
        disk.fill(0);
        // The page that the log has begun may still have room.
        untilRefused(() -> encrypt(here, key));
        var before = keys(there);
        for (int i = 0; i < 3; i++) {
            assertThrows(KmsInternalException.class, () -> encrypt(here, key));
            assertThrows(KmsInternalException.class, here::createKey);
        }
        assertEquals(before, keys(there), "a key was made that could not be recorded");
        encrypt(there, key);
        disk.free();
        encrypt(here, key);
    }

    /** One node after the other: the others serve while there is one that can record. */
    private void theTrailsOfNodes(ClusterTarget cluster, KmsClient kms, String key, List<SmallDisk> disks)
            throws IOException {
        disks.get(0).fill(0);
        for (int i = 0; !cluster.member("n1").output().contains("the audit trail is using its reserve"); i++) {
            assertTrue(i < PATIENCE, "n1 is never asked, or does not notice");
            encrypt(kms, key);
        }
        disks.get(1).fill(0);
        disks.get(2).fill(0);
        untilRefused(() -> encrypt(kms, key));
        for (int i = 0; i < 3; i++) {
            var refused = assertThrows(KmsException.class, () -> encrypt(kms, key));
            assertEquals("KeyUnavailableException", refused.awsErrorDetails().errorCode());
            assertThrows(KmsException.class, kms::createKey);
        }
        for (var disk : disks) {
            disk.free();
        }
        untilServed(() -> encrypt(kms, key));
        untilServed(() -> {
            var unused = keys(kms);
        });
        for (var node : cluster.nodes()) {
            var unused = cluster.member(node).awaitLine(line -> line.contains("can be written again"));
            assertTrue(cluster.member(node).isAlive(), node);
            assertToldOnce(cluster, node, "the audit trail is using its reserve");
        }
    }

    /** A full disk is no reason to fill it with the news. */
    private static void assertToldOnce(ClusterTarget cluster, String name, String what) {
        var output = cluster.member(name).output();
        assertEquals(1, output.lines().filter(line -> line.contains(what)).count(), output);
    }

    /** Everything that was acknowledged, through whichever gateway, is in the trails, and they are intact. */
    private void assertOnRecord(ClusterTarget cluster, SmallDisk log) {
        Stream.concat(cluster.gateways().stream(), cluster.nodes().stream())
                .forEach(name -> cluster.member(name).kill());
        try (var verify = cluster.verifyAudit(List.of(log.path().resolve("audit.log"), cluster.log("g2")))) {
            int code = verify.awaitExit();
            var output = verify.output();
            assertEquals(0, code, output);
            for (var node : cluster.nodes()) {
                assertTrue(
                        output.matches("(?s).*note    " + node + ": at record [0-9]+: the disk had been full.*"),
                        output);
            }
            assertFalse(acknowledged.isEmpty());
            acknowledged.forEach(id -> assertFalse(output.contains(id), () -> id + " is told of in\n" + output));
        }
    }

    private void encrypt(KmsClient kms, String key) {
        var answer = kms.encrypt(request -> request.keyId(key).plaintext(SdkBytes.fromUtf8String("a secret")));
        acknowledged.add(answer.responseMetadata().requestId());
    }

    private static int keys(KmsClient kms) {
        return kms.listKeys().keys().size();
    }

    private static void untilRefused(Runnable request) {
        for (int i = 0; i < PATIENCE; i++) {
            try {
                request.run();
            } catch (SdkException e) {
                return;
            }
        }
        throw new AssertionError("a full disk was never noticed");
    }

    private static void untilServed(Runnable request) {
        for (int i = 1; ; i++) {
            try {
                request.run();
                return;
            } catch (KmsException e) {
                if (i == PATIENCE) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static KmsClient client(ClusterTarget cluster, String gateway) {
        return KmsClient.builder()
                .endpointOverride(cluster.endpoint(gateway))
                .region(Region.EU_WEST_1)
                .credentialsProvider(cluster.credentials())
                .httpClient(UrlConnectionHttpClient.builder()
                        .socketTimeout(Duration.ofSeconds(30))
                        .build())
                .overrideConfiguration(overrides -> overrides.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }
}
