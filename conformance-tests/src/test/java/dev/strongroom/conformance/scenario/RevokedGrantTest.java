package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strongroom.conformance.subject.ClusterTarget;
import dev.strongroom.conformance.subject.Targets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * Three nodes, two gateways, each in a process of its own: what is granted through one gateway is good on the next request
 * through the other, and what is revoked is over.
 */
class RevokedGrantTest {

    private static final int ROUNDS = 20;

    private final ClusterTarget cluster = Targets.cluster();

    @Test
    void bitesOnTheNextRequestThroughTheOtherGateway() throws Exception {
        var name = "erin-" + UUID.randomUUID();
        var user = admin("user", "create", name).findValue("arn").textValue();
        var key = admin("access-key", "create", "--user", name);
        var credentials = AwsBasicCredentials.create(
                key.findValue("accessKeyId").textValue(),
                key.findValue("secretAccessKey").textValue());
        try (var root = client("g1", AwsBasicCredentials.create(cluster.accessKeyId(), cluster.secretKey()));
                var here = client("g1", credentials);
                var there = client("g2", credentials)) {
            var id = root.createKey().keyMetadata().arn();
            for (int round = 0; round < ROUNDS; round++) {
                var context = Map.of("round", String.valueOf(round % 3));
                var grant = root.createGrant(asked -> asked.keyId(id)
                        .granteePrincipal(user)
                        .operations(GrantOperation.ENCRYPT)
                        .constraints(only -> only.encryptionContextSubset(context)));
                encrypt(there, id, context);
                encrypt(here, id, context);
                var unused = root.revokeGrant(asked -> asked.keyId(id).grantId(grant.grantId()));
                assertDenied(there, id, context);
                assertDenied(here, id, context);
            }
        }
    }

    private static void encrypt(KmsClient kms, String key, Map<String, String> context) {
        var unused = kms.encrypt(asked -> asked.keyId(key)
                .plaintext(SdkBytes.fromUtf8String("attack at dawn"))
                .encryptionContext(context));
    }

    private static void assertDenied(KmsClient kms, String key, Map<String, String> context) {
        var refusal = assertThrows(KmsException.class, () -> encrypt(kms, key, context));
        assertEquals("AccessDeniedException", refusal.awsErrorDetails().errorCode());
    }

    private JsonNode admin(String... words) throws Exception {
        return new ObjectMapper().readTree(cluster.admin(words));
    }

    /** Without retries: the next request is the next. */
    private KmsClient client(String gateway, AwsCredentials credentials) {
        return KmsClient.builder()
                .endpointOverride(cluster.endpoint(gateway))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(overrides -> overrides.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }
}
