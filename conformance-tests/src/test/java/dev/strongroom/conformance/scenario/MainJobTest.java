package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.s3.EmbeddedS3;
import dev.strongroom.conformance.s3.EncryptingS3;
import dev.strongroom.conformance.subject.ClusterTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * The main job: a file is encrypted on the client with the Amazon S3 Encryption Client, uploaded in parts, downloaded and
 * decrypted, every data key made and opened by a cluster of three nodes. One node is killed between upload and download;
 * at the end everything is killed and started again from disk.
 */
class MainJobTest {

    private static final int FILE_BYTES = 64 * 1024 * 1024 + 4321;
    private static final String BUCKET = "main-job";

    @TempDir
    private Path folder;

    @Test
    void aFileSurvivesTheLossOfANodeAndOfEverything() throws Exception {
        var file = folder.resolve("file");
        writeRandom(file);
        var expected = sha256(Files.newInputStream(file));
        try (var s3 = EmbeddedS3.start();
                var cluster = ClusterTarget.start(Files.createDirectory(folder.resolve("cluster")))) {
            EncryptingS3.plain(s3.endpoint()).createBucket(bucket -> bucket.bucket(BUCKET));
            String keyId;
            try (var kms = cluster.kms()) {
                keyId = kms.createKey().keyMetadata().arn();
                kms.createAlias(alias -> alias.aliasName("alias/main-job").targetKeyId(keyId));
            }

            upload(s3.endpoint(), kms(cluster, "g1"), file);
            assertOnlyCiphertextIsStored(s3.endpoint(), file);

            cluster.member("n1").kill();
            assertEquals(expected, download(s3.endpoint(), kms(cluster, "g1"), keyId));
            assertEquals(expected, download(s3.endpoint(), kms(cluster, "g2"), "alias/main-job"));
            assertRange(s3.endpoint(), kms(cluster, "g2"), file);

            restartFromDisk(cluster);
            assertEquals(expected, download(s3.endpoint(), kms(cluster, "g2"), keyId));
        }
    }

    private static void restartFromDisk(ClusterTarget cluster) {
        cluster.gateways().forEach(gateway -> cluster.member(gateway).kill());
        cluster.nodes().forEach(node -> cluster.member(node).close());
        cluster.nodes().forEach(cluster::startMember);
        cluster.nodes().forEach(cluster::awaitReady);
        cluster.gateways().forEach(cluster::startMember);
        cluster.gateways().forEach(cluster::awaitReady);
    }

    private static void upload(URI s3, KmsClient kms, Path file) {
        try (var client = EncryptingS3.client(s3, kms, "alias/main-job")) {
            client.putObject(object -> object.bucket(BUCKET).key("file"), RequestBody.fromFile(file));
        }
    }

    private static String download(URI s3, KmsClient kms, String keyId) {
        try (var client = EncryptingS3.client(s3, kms, keyId);
                var body = client.getObject(object -> object.bucket(BUCKET).key("file"))) {
            return sha256(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertRange(URI s3, KmsClient kms, Path file) throws IOException {
        try (var client = EncryptingS3.client(s3, kms, "alias/main-job")) {
            var part = client.getObjectAsBytes(
                    object -> object.bucket(BUCKET).key("file").range("bytes=1000003-1000999"));
            var whole = Files.readAllBytes(file);
            assertArrayEquals(Arrays.copyOfRange(whole, 1_000_003, 1_001_000), part.asByteArray());
        }
    }

    private static void assertOnlyCiphertextIsStored(URI s3, Path file) throws IOException {
        try (var plain = EncryptingS3.plain(s3)) {
            var stored = plain.getObjectAsBytes(object -> object.bucket(BUCKET).key("file"));
            assertTrue(stored.response().metadata().size() > 0, "the wrapped data key stands in the metadata");
            try (var original = Files.newInputStream(file)) {
                var start = original.readNBytes(64);
                assertTrue(!Arrays.equals(start, Arrays.copyOf(stored.asByteArray(), 64)), "stored in the clear");
            }
        }
    }

    private static KmsClient kms(ClusterTarget cluster, String gateway) {
        return KmsClient.builder()
                .endpointOverride(cluster.endpoint(gateway))
                .region(Region.EU_WEST_1)
                .credentialsProvider(cluster.credentials())
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static void writeRandom(Path file) throws IOException {
        var random = new Random(20261124);
        var chunk = new byte[1 << 20];
        try (var out = Files.newOutputStream(file)) {
            for (int left = FILE_BYTES; left > 0; left -= chunk.length) {
                random.nextBytes(chunk);
                out.write(chunk, 0, Math.min(left, chunk.length));
            }
        }
    }

    private static String sha256(InputStream in) {
        try (in) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
