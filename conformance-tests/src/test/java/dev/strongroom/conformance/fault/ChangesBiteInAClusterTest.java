package dev.strongroom.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strongroom.conformance.subject.ClusterTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * Three nodes and two gateways, all processes of their own: what is changed through the first gateway, or by the
 * administrator who goes to the nodes, counts for the very next request through the second, which has the old records in
 * its memory and its own way to the nodes.
 */
class ChangesBiteInAClusterTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SdkBytes DATA = SdkBytes.fromUtf8String("attack at dawn");
    private static final int ROUNDS = 10;

    private final List<KmsClient> open = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void throughTheOtherGatewayOnTheNextRequest() throws Exception {
        try (var cluster = ClusterTarget.start(Files.createDirectory(folder.resolve("cluster")))) {
            var here = client(cluster, "g1", cluster.credentials().resolveCredentials());
            var there = client(cluster, "g2", cluster.credentials().resolveCredentials());
            var key = here.createKey(make -> {}).keyMetadata().arn();
            keys(here, there, key);
            aliases(here, there, key);
            policies(cluster, here, there, key);
            people(cluster, key);
        } finally {
            open.forEach(KmsClient::close);
        }
    }

    private void keys(KmsClient here, KmsClient there, String key) {
        for (int i = 0; i < ROUNDS; i++) {
            assertEquals("ok", encrypt(there, key));
            var unused = here.disableKey(disable -> disable.keyId(key));
            assertEquals("DisabledException", encrypt(there, key));
            var unusedToo = here.enableKey(enable -> enable.keyId(key));
        }
    }

    private void aliases(KmsClient here, KmsClient there, String key) {
        var other = here.createKey(make -> {}).keyMetadata().arn();
        var unused = here.createAlias(alias -> alias.aliasName("alias/swung").targetKeyId(key));
        for (int i = 0; i < ROUNDS; i++) {
            var target = i % 2 == 0 ? other : key;
            var unusedToo =
                    here.updateAlias(alias -> alias.aliasName("alias/swung").targetKeyId(target));
            assertEquals(
                    target,
                    there.encrypt(request -> request.keyId("alias/swung").plaintext(DATA))
                            .keyId());
        }
        var unusedGone = here.deleteAlias(alias -> alias.aliasName("alias/swung"));
        assertEquals("NotFoundException", encrypt(there, "alias/swung"));
    }

    private void policies(ClusterTarget cluster, KmsClient here, KmsClient there, String key) {
        var root = "arn:aws:iam::" + cluster.accountId() + ":root";
        var allows = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + root
                + "\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}]}";
        var denies = allows.replace(
                "]}", ",{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"kms:Encrypt\",\"Resource\":\"*\"}]}");
        for (int i = 0; i < ROUNDS; i++) {
            var unused = here.putKeyPolicy(put -> put.keyId(key).policy(denies));
            assertEquals("AccessDeniedException", encrypt(there, key));
            var unusedToo = here.putKeyPolicy(put -> put.keyId(key).policy(allows));
            assertEquals("ok", encrypt(there, key));
        }
    }

    /** A user whose policy is given and taken back, and whose access key is deleted. Of grants see RevokedGrantTest. */
    private void people(ClusterTarget cluster, String key) throws IOException {
        var unused = cluster.admin("user", "create", "ann");
        var made = JSON.readTree(cluster.admin("access-key", "create", "--user", "ann"));
        var id = made.findValue("accessKeyId").textValue();
        var ann = client(
                cluster,
                "g2",
                AwsBasicCredentials.create(id, made.findValue("secretAccessKey").textValue()));
        assertEquals("AccessDeniedException", encrypt(ann, key));

        var document = folder.resolve("use-keys.json");
        Files.writeString(
                document,
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"}}");
        unused = cluster.admin("user", "put-inline", "ann", "--policy-name", "use", "--document", document.toString());
        assertEquals("ok", encrypt(ann, key));
        assertEquals("ok", outcome(() -> ann.listKeys()));
        unused = cluster.admin("user", "delete-inline", "ann", "--policy-name", "use");
        assertEquals("AccessDeniedException", encrypt(ann, key));
        assertEquals("AccessDeniedException", outcome(() -> ann.listKeys()));

        unused = cluster.admin("user", "put-inline", "ann", "--policy-name", "use", "--document", document.toString());
        assertEquals("ok", encrypt(ann, key));
        unused = cluster.admin("access-key", "delete", id);
        assertEquals("UnrecognizedClientException", encrypt(ann, key));
        assertEquals("UnrecognizedClientException", outcome(() -> ann.generateRandom(get -> get.numberOfBytes(1))));
    }

    /** The SDK's retries concern only answers that say not now. */
    private KmsClient client(ClusterTarget cluster, String gateway, AwsCredentials credentials) {
        var client = KmsClient.builder()
                .endpointOverride(cluster.endpoint(gateway))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.builder()
                        .socketTimeout(Duration.ofMinutes(2))
                        .build())
                .build();
        open.add(client);
        return client;
    }

    private static String encrypt(KmsClient client, String key) {
        return outcome(() -> client.encrypt(request -> request.keyId(key).plaintext(DATA)));
    }

    private static String outcome(Runnable call) {
        try {
            call.run();
            return "ok";
        } catch (KmsException e) {
            return e.awsErrorDetails().errorCode();
        }
    }
}
