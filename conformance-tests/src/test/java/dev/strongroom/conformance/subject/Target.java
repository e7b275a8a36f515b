package dev.strongroom.conformance.subject;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.util.EnumSet;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** Something that answers the KMS API. Scenarios use its public behaviour only. */
public interface Target extends AutoCloseable {

    /** For the names of tests. */
    String name();

    URI endpoint();

    String accountId();

    String accessKeyId();

    String secretKey();

    default AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId(), secretKey()));
    }

    default KmsClient kms(Region region) {
        return KmsClient.builder()
                .endpointOverride(endpoint())
                .region(region)
                .credentialsProvider(credentials())
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    default KmsClient kms() {
        return kms(Region.EU_WEST_1);
    }

    /** What it keeps. */
    default Set<Promise> promises() {
        return EnumSet.allOf(Promise.class);
    }

    /** Skips the scenario, with the reason, on a target that is known not to keep a promise. */
    default void assumeKeeps(Promise promise) {
        assumeTrue(promises().contains(promise), () -> name() + " " + promise.otherwise());
    }

    @Override
    void close();
}
