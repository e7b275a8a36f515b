package dev.strongroom.conformance.s3;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.encryption.s3.S3EncryptionClient;
import software.amazon.encryption.s3.materials.Keyring;
import software.amazon.encryption.s3.materials.KmsKeyring;

/** Amazon S3 Encryption Clients over the embedded S3. */
public final class EncryptingS3 {

    private static final Region REGION = Region.EU_WEST_1;

    /** A download is decrypted whole before any of it is believed; files here have up to 128 MiB. */
    private static final long WHOLE_FILES = 128L << 20;

    /** Shared, because each of these takes seconds to close. */
    private static final SdkAsyncHttpClient HTTP = NettyNioAsyncHttpClient.create();

    private EncryptingS3() {}

    /**
     * A client that encrypts under {@code keyId} and can read ranges and upload in parts. Closing it closes {@code kms}.
     */
    public static S3EncryptionClient client(URI s3, KmsClient kms, String keyId) {
        return client(
                s3, KmsKeyring.builder().kmsClient(kms).wrappingKeyId(keyId).build());
    }

    /** The same with any keyring. */
    public static S3EncryptionClient client(URI s3, Keyring keyring) {
        return S3EncryptionClient.builderV4()
                .wrappedClient(plain(s3))
                .wrappedAsyncClient(S3AsyncClient.builder()
                        .endpointOverride(s3)
                        .region(REGION)
                        .forcePathStyle(true)
                        .credentialsProvider(credentials())
                        .httpClient(HTTP)
                        .build())
                .keyring(keyring)
                .enableMultipartPutObject(true)
                .setBufferSize(WHOLE_FILES)
                .enableLegacyUnauthenticatedModes(true)
                .build();
    }

    /** A client that sees what is really stored. */
    public static S3Client plain(URI s3) {
        return S3Client.builder()
                .endpointOverride(s3)
                .region(REGION)
                .forcePathStyle(true)
                .credentialsProvider(credentials())
                .build();
    }

    private static StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(EmbeddedS3.ACCESS_KEY, EmbeddedS3.SECRET_KEY));
    }
}
