package dev.strongroom.conformance.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.Promise;
import dev.strongroom.conformance.subject.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsAsyncClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/** The AWS SDK for Java over each of its HTTP stacks: what applications that choose another one than the scenarios see. */
class HttpStacksTest {

    private static final String TARGETS = "dev.strongroom.conformance.subject.Targets#all";

    /** More than the SDK's 50 connections, so that requests queue in the client too. */
    private static final int AT_ONCE = 120;

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void manyRequestsAtOnceGetTheirOwnAnswers(Target target) {
        try (var kms = async(target)) {
            var key = kms.createKey().join().keyMetadata();
            var opened = new ArrayList<CompletableFuture<String>>();
            for (int i = 0; i < AT_ONCE; i++) {
                opened.add(roundTrip(kms, key.arn(), "text " + i));
            }
            for (int i = 0; i < AT_ONCE; i++) {
                assertEquals("text " + i, opened.get(i).join());
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void theMainOperationsWorkThroughTheAsyncClient(Target target) {
        try (var kms = async(target)) {
            var key =
                    kms.createKey(create -> create.description("async")).join().keyMetadata();
            var other = kms.createKey().join().keyMetadata();
            var alias = "alias/" + UUID.randomUUID();
            assertEquals(
                    200,
                    kms.createAlias(create -> create.aliasName(alias).targetKeyId(key.keyId()))
                            .join()
                            .sdkHttpResponse()
                            .statusCode());
            var made = kms.generateDataKey(data -> data.keyId(alias).keySpec(DataKeySpec.AES_256))
                    .join();
            assertEquals(key.arn(), made.keyId());
            var moved = kms.reEncrypt(
                            move -> move.ciphertextBlob(made.ciphertextBlob()).destinationKeyId(other.arn()))
                    .join();
            assertEquals(
                    made.plaintext(),
                    kms.decrypt(decrypt -> decrypt.ciphertextBlob(moved.ciphertextBlob()))
                            .join()
                            .plaintext());
            var listed = new ArrayList<KeyListEntry>();
            kms.listKeysPaginator(list -> list.limit(1))
                    .keys()
                    .subscribe(listed::add)
                    .join();
            assertTrue(listed.stream().anyMatch(entry -> key.arn().equals(entry.keyArn())));
            assertEquals(
                    32,
                    kms.generateRandom(random -> random.numberOfBytes(32))
                            .join()
                            .plaintext()
                            .asByteArray()
                            .length);
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void errorsArriveTypedInTheFuture(Target target) {
        try (var kms = async(target)) {
            var key = kms.createKey().join().keyMetadata().arn();
            var other = kms.createKey().join().keyMetadata().arn();
            var blob = kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(SdkBytes.fromUtf8String("x")))
                    .join()
                    .ciphertextBlob();
            var missing = failure(
                    NotFoundException.class,
                    kms.describeKey(describe -> describe.keyId(UUID.randomUUID().toString())));
            assertEquals(400, missing.statusCode());
            assertFalse(missing.requestId().isEmpty());
            assertFails(
                    IncorrectKeyException.class,
                    kms.decrypt(decrypt -> decrypt.ciphertextBlob(blob).keyId(other)));
            assertFails(
                    InvalidCiphertextException.class,
                    kms.decrypt(decrypt -> decrypt.ciphertextBlob(SdkBytes.fromUtf8String("no blob of anybody"))));
            kms.disableKey(disable -> disable.keyId(key)).join();
            assertFails(DisabledException.class, kms.decrypt(decrypt -> decrypt.ciphertextBlob(blob)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void errorsAndAnswersShareOneConnection(Target target) {
        var stacks = List.<SdkHttpClient>of(
                Apache5HttpClient.builder().maxConnections(1).build(), UrlConnectionHttpClient.create());
        for (var stack : stacks) {
            try (stack;
                    var kms = sync(target, stack, target.secretKey())) {
                var key = kms.createKey().keyMetadata().arn();
                for (int i = 0; i < 3; i++) {
                    assertThrows(
                            NotFoundException.class, () -> kms.describeKey(describe -> describe.keyId("alias/none")));
                    assertEquals(
                            key,
                            kms.describeKey(describe -> describe.keyId(key))
                                    .keyMetadata()
                                    .arn());
                }
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aWrongSecretIsNotBelieved(Target target) {
        target.assumeKeeps(Promise.CHECKED_SIGNATURES);
        try (var stack = Apache5HttpClient.create();
                var kms = sync(target, stack, target.secretKey() + "x")) {
            var refused = assertThrows(KmsException.class, kms::listKeys);
            assertEquals("InvalidSignatureException", refused.awsErrorDetails().errorCode());
        }
    }

    private static CompletableFuture<String> roundTrip(KmsAsyncClient kms, String key, String text) {
        return kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(SdkBytes.fromUtf8String(text)))
                .thenCompose(made -> kms.decrypt(decrypt -> decrypt.ciphertextBlob(made.ciphertextBlob())))
                .thenApply(opened -> opened.plaintext().asUtf8String());
    }

    private static KmsException failure(Class<? extends KmsException> type, CompletableFuture<?> future) {
        var wrapped = assertThrows(CompletionException.class, future::join);
        return assertInstanceOf(type, wrapped.getCause());
    }

    private static void assertFails(Class<? extends KmsException> type, CompletableFuture<?> future) {
        assertNotNull(failure(type, future).awsErrorDetails());
    }

    private static KmsAsyncClient async(Target target) {
        return KmsAsyncClient.builder()
                .endpointOverride(target.endpoint())
                .region(Region.EU_WEST_1)
                .credentialsProvider(target.credentials())
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxPendingConnectionAcquires(10 * AT_ONCE))
                .build();
    }

    private static KmsClient sync(Target target, SdkHttpClient stack, String secret) {
        return KmsClient.builder()
                .endpointOverride(target.endpoint())
                .region(Region.EU_WEST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(target.accessKeyId(), secret)))
                .httpClient(stack)
                .build();
    }
}
