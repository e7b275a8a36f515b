package dev.strongroom.conformance.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.s3.EmbeddedS3;
import dev.strongroom.conformance.s3.EncryptingS3;
import dev.strongroom.conformance.subject.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.encryption.s3.S3EncryptionClient;
import software.amazon.encryption.s3.S3EncryptionClientException;
import software.amazon.encryption.s3.materials.KmsDiscoveryKeyring;

/** What users of the Amazon S3 Encryption Client rely on beside the main job: aliases, discovery, contexts, key states. */
class S3EncryptionClientTest {

    private static final String TARGETS = "dev.strongroom.conformance.subject.Targets#all";
    private static final String BUCKET = "objects";
    private static final String TEXT = "attack at dawn";

    private static EmbeddedS3 s3;

    @BeforeAll
    static void start() throws Exception {
        s3 = EmbeddedS3.start();
        try (var plain = EncryptingS3.plain(s3.endpoint())) {
            plain.createBucket(bucket -> bucket.bucket(BUCKET));
        }
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void whatIsWrittenUnderAnAliasIsReadByItTheKeyAndDiscovery(Target target) {
        var object = UUID.randomUUID().toString();
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var alias = "alias/" + object;
            kms.createAlias(create -> create.aliasName(alias).targetKeyId(key));
            var unused = put(target, alias, object, Map.of());
            assertEquals(TEXT, get(target, alias, object, Map.of()));
            assertEquals(TEXT, get(target, key, object, Map.of()));
            try (var discovering = discovery(target)) {
                assertEquals(TEXT, read(discovering, object, Map.of()));
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void anObjectIsReadWithItsContextAndNoOther(Target target) {
        var object = UUID.randomUUID().toString();
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var unused = put(target, key, object, Map.of("project", "42"));
            assertEquals(TEXT, get(target, key, object, Map.of("project", "42")));
            relabel(object, "42", "43");
            refused(InvalidCiphertextException.class, () -> get(target, key, object, Map.of("project", "43")));
        }
    }

    /** Changes the context that the client believes, as whoever may write to the bucket can. */
    private static void relabel(String object, String from, String to) {
        try (var plain = EncryptingS3.plain(s3.endpoint())) {
            var stored = plain.getObjectAsBytes(get -> get.bucket(BUCKET).key(object));
            var metadata = new HashMap<String, String>();
            stored.response()
                    .metadata()
                    .forEach((name, value) -> metadata.put(name, value.replace('"' + from + '"', '"' + to + '"')));
            assertNotEquals(metadata, stored.response().metadata());
            plain.putObject(
                    put -> put.bucket(BUCKET).key(object).metadata(metadata),
                    RequestBody.fromBytes(stored.asByteArray()));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void anotherKeyDoesNotOpenTheObject(Target target) {
        var object = UUID.randomUUID().toString();
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var other = kms.createKey().keyMetadata().arn();
            var unused = put(target, key, object, Map.of());
            refused(IncorrectKeyException.class, () -> get(target, other, object, Map.of()));
            refused(NotFoundException.class, () -> get(target, "alias/" + object, object, Map.of()));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void theStateOfTheKeyDecidesWhetherTheObjectCanBeRead(Target target) {
        var object = UUID.randomUUID().toString();
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var unused = put(target, key, object, Map.of());
            kms.disableKey(disable -> disable.keyId(key));
            refused(DisabledException.class, () -> get(target, key, object, Map.of()));
            refused(DisabledException.class, () -> put(target, key, object, Map.of()));
            kms.scheduleKeyDeletion(schedule -> schedule.keyId(key).pendingWindowInDays(7));
            refused(KmsInvalidStateException.class, () -> get(target, key, object, Map.of()));
            kms.cancelKeyDeletion(cancel -> cancel.keyId(key));
            kms.enableKey(enable -> enable.keyId(key));
            assertEquals(TEXT, get(target, key, object, Map.of()));
        }
    }

    /** The client wraps what KMS said. */
    private static void refused(Class<? extends Throwable> reason, Supplier<?> action) {
        var refused = assertThrows(S3EncryptionClientException.class, action::get);
        assertInstanceOf(reason, rootCause(refused));
    }

    private static Throwable rootCause(Throwable failure) {
        var cause = failure.getCause();
        return cause == null ? failure : rootCause(cause);
    }

    private static PutObjectResponse put(Target target, String key, String object, Map<String, String> context) {
        try (var client = EncryptingS3.client(s3.endpoint(), target.kms(), key)) {
            return client.putObject(
                    put -> put.bucket(BUCKET)
                            .key(object)
                            .overrideConfiguration(S3EncryptionClient.withAdditionalConfiguration(context)),
                    RequestBody.fromString(TEXT));
        }
    }

    private static String get(Target target, String key, String object, Map<String, String> context) {
        try (var client = EncryptingS3.client(s3.endpoint(), target.kms(), key)) {
            return read(client, object, context);
        }
    }

    private static String read(S3Client client, String object, Map<String, String> context) {
        return client.getObjectAsBytes(get -> get.bucket(BUCKET)
                        .key(object)
                        .overrideConfiguration(S3EncryptionClient.withAdditionalConfiguration(context)))
                .asUtf8String();
    }

    /** Reads what any key of the account opens: it sends no KeyId. */
    private static S3EncryptionClient discovery(Target target) {
        KmsClient kms = target.kms();
        return EncryptingS3.client(
                s3.endpoint(), KmsDiscoveryKeyring.builder().kmsClient(kms).build());
    }
}
