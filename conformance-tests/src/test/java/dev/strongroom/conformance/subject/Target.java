package dev.strongroom.conformance.subject;

import java.net.URI;
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

    @Override
    void close();
}
