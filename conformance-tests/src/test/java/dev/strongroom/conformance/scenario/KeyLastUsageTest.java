package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.Promise;
import dev.strongroom.conformance.subject.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.GetKeyLastUsageResponse;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeyLastUsageData;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.KmsResponse;

/** When a key was last used, as the AWS SDK for Java sees it. Would pass on AWS itself. */
class KeyLastUsageTest {

    private static final String TARGETS = "dev.strongroom.conformance.subject.Targets#all";
    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");

    /** It may take a while until a use is told everywhere; a program that runs for that long is broken. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static GetKeyLastUsageResponse lastUsage(KmsClient kms, String key) {
        return kms.getKeyLastUsage(get -> get.keyId(key));
    }

    /** The last use, once it is the one of {@code response}. */
    private static KeyLastUsageData told(KmsClient kms, String key, KmsResponse response) {
        var requestId = response.responseMetadata().requestId();
        var end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end)) {
            var last = lastUsage(kms, key).keyLastUsage();
            if (last != null && requestId.equals(last.kmsRequestId())) {
                return last;
            }
        }
        throw new AssertionError("the last use is not " + requestId + " but " + lastUsage(kms, key));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void everyUseIsTheLastUntilTheNext(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var metadata = kms.createKey().keyMetadata();
            var key = metadata.keyId();
            var unused = lastUsage(kms, key);
            assertEquals(metadata.arn(), unused.keyId());
            assertEquals(metadata.creationDate(), unused.keyCreationDate());
            assertFalse(unused.trackingStartDate().isBefore(metadata.creationDate()));
            assertTrue(unused.keyLastUsage() == null || unused.keyLastUsage().operation() == null, unused::toString);

            var blob = kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT))
                    .ciphertextBlob();
            var uses = List.<Map.Entry<String, Function<KmsClient, KmsResponse>>>of(
                    Map.entry(
                            "Encrypt",
                            with -> with.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT))),
                    Map.entry("Decrypt", with -> with.decrypt(decrypt -> decrypt.ciphertextBlob(blob))),
                    Map.entry(
                            "ReEncrypt",
                            with -> with.reEncrypt(
                                    move -> move.ciphertextBlob(blob).destinationKeyId(key))));
            for (var use : uses) {
                var last = told(kms, key, use.getValue().apply(kms));
                assertEquals(use.getKey(), last.operationAsString());
                assertNotNull(last.cloudTrailEventId());
                assertTrue(
                        Duration.between(last.timestamp(), Instant.now()).abs().compareTo(Duration.ofMinutes(5)) < 0);
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void whatFailsOrIsOnlyTriedIsNoUse(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().keyId();
            var used = kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT));
            assertThrows(
                    InvalidCiphertextException.class,
                    () -> kms.decrypt(decrypt ->
                            decrypt.ciphertextBlob(used.ciphertextBlob()).encryptionContext(Map.of("a", "b"))));
            assertThrows(
                    DryRunOperationException.class,
                    () -> kms.decrypt(decrypt ->
                            decrypt.ciphertextBlob(used.ciphertextBlob()).dryRun(true)));
            kms.describeKey(describe -> describe.keyId(key));
            assertEquals("Encrypt", told(kms, key, used).operationAsString());
            var alias = assertThrows(KmsException.class, () -> lastUsage(kms, "alias/none"));
            assertEquals("InvalidArnException", alias.awsErrorDetails().errorCode());
        }
    }
}
