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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.AlreadyExistsException;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.Tag;

/** A symmetric key from its making to its deletion, as the AWS SDK for Java sees it. Would pass on AWS itself. */
class KeyLifeTest {

    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");
    private static final Map<String, String> CONTEXT = Map.of("purpose", "test", "Ort", "Zürich");
    private static final String TARGETS = "dev.strongroom.conformance.subject.Targets#all";

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void whatIsEncryptedIsDecrypted(Target target) {
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata();
            var alias = newAlias(kms, key.keyId());
            for (var name : List.of(key.keyId(), key.arn(), alias)) {
                var sealed = kms.encrypt(
                        encrypt -> encrypt.keyId(name).plaintext(PLAINTEXT).encryptionContext(CONTEXT));
                assertEquals(key.arn(), sealed.keyId());
                var opened = kms.decrypt(decrypt ->
                        decrypt.ciphertextBlob(sealed.ciphertextBlob()).encryptionContext(CONTEXT));
                assertEquals(PLAINTEXT, opened.plaintext());
                assertEquals(key.arn(), opened.keyId());
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void anotherContextOrAnotherKeyOpensNothing(Target target) {
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var other = kms.createKey().keyMetadata().arn();
            var blob = kms.encrypt(
                            encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT).encryptionContext(CONTEXT))
                    .ciphertextBlob();
            assertThrows(InvalidCiphertextException.class, () -> kms.decrypt(decrypt -> decrypt.ciphertextBlob(blob)));
            assertThrows(
                    IncorrectKeyException.class,
                    () -> kms.decrypt(
                            decrypt -> decrypt.ciphertextBlob(blob).keyId(other).encryptionContext(CONTEXT)));
            var cut = SdkBytes.fromByteArray(Arrays.copyOf(blob.asByteArray(), blob.asByteArray().length - 1));
            assertThrows(
                    InvalidCiphertextException.class,
                    () -> kms.decrypt(
                            decrypt -> decrypt.ciphertextBlob(cut).keyId(key).encryptionContext(CONTEXT)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aDataKeyOpensAgainAndMovesToAnotherKey(Target target) {
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var other = kms.createKey().keyMetadata().arn();
            var made = kms.generateDataKey(
                    data -> data.keyId(key).keySpec(DataKeySpec.AES_256).encryptionContext(CONTEXT));
            assertEquals(32, made.plaintext().asByteArray().length);
            var hidden =
                    kms.generateDataKeyWithoutPlaintext(data -> data.keyId(key).numberOfBytes(64));
            assertEquals(
                    64,
                    kms.decrypt(decrypt -> decrypt.ciphertextBlob(hidden.ciphertextBlob()))
                            .plaintext()
                            .asByteArray()
                            .length);
            var moved = kms.reEncrypt(move -> move.ciphertextBlob(made.ciphertextBlob())
                    .sourceEncryptionContext(CONTEXT)
                    .destinationKeyId(other));
            assertEquals(other, moved.keyId());
            assertEquals(key, moved.sourceKeyId());
            assertEquals(
                    made.plaintext(),
                    kms.decrypt(decrypt -> decrypt.ciphertextBlob(moved.ciphertextBlob())
                                    .keyId(other))
                            .plaintext());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aDisabledKeyIsOfNoUseUntilItIsEnabled(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            kms.disableKey(disable -> disable.keyId(key));
            var refused = assertThrows(DisabledException.class, () -> encrypt(kms, key));
            assertEquals(key + " is disabled.", refused.awsErrorDetails().errorMessage());
            assertEquals(400, refused.statusCode());
            assertFalse(refused.requestId().isEmpty());
            kms.enableKey(enable -> enable.keyId(key));
            assertNotNull(encrypt(kms, key));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void deletionIsScheduledAndCancelled(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var scheduled =
                    kms.scheduleKeyDeletion(schedule -> schedule.keyId(key).pendingWindowInDays(7));
            assertEquals(KeyState.PENDING_DELETION, scheduled.keyState());
            var days = Duration.between(Instant.now(), scheduled.deletionDate()).toHours();
            assertTrue(days >= 6 * 24 && days <= 8 * 24, () -> days + " hours");
            var refused = assertThrows(KmsInvalidStateException.class, () -> encrypt(kms, key));
            assertEquals(
                    key + " is pending deletion.", refused.awsErrorDetails().errorMessage());
            assertEquals(key, kms.cancelKeyDeletion(cancel -> cancel.keyId(key)).keyId());
            assertEquals(
                    KeyState.DISABLED,
                    kms.describeKey(describe -> describe.keyId(key))
                            .keyMetadata()
                            .keyState());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void anAliasIsPointedElsewhereAndGoes(Target target) {
        try (var kms = target.kms()) {
            var first = kms.createKey().keyMetadata().keyId();
            var second = kms.createKey().keyMetadata().keyId();
            var alias = newAlias(kms, first);
            assertThrows(
                    AlreadyExistsException.class,
                    () -> kms.createAlias(create -> create.aliasName(alias).targetKeyId(second)));
            assertTrue(encrypt(kms, alias).endsWith(first));
            kms.updateAlias(update -> update.aliasName(alias).targetKeyId(second));
            assertTrue(encrypt(kms, alias).endsWith(second));
            assertEquals(
                    List.of(alias),
                    kms.listAliases(list -> list.keyId(second)).aliases().stream()
                            .map(AliasListEntry::aliasName)
                            .toList());
            kms.deleteAlias(delete -> delete.aliasName(alias));
            assertThrows(NotFoundException.class, () -> encrypt(kms, alias));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void tagsDescriptionAndPolicyAreKept(Target target) {
        try (var kms = target.kms()) {
            var key = kms.createKey(create -> create.description("first").tags(tag("a", "1"), tag("b", "2")))
                    .keyMetadata()
                    .keyId();
            kms.tagResource(tags -> tags.keyId(key).tags(tag("c", "3"), tag("a", "4")));
            kms.untagResource(tags -> tags.keyId(key).tagKeys("b", "unknown"));
            assertEquals(
                    List.of(tag("a", "4"), tag("c", "3")),
                    kms.listResourceTags(tags -> tags.keyId(key)).tags());
            kms.updateKeyDescription(update -> update.keyId(key).description("second"));
            assertEquals(
                    "second",
                    kms.describeKey(describe -> describe.keyId(key))
                            .keyMetadata()
                            .description());
            var policy = kms.getKeyPolicy(get -> get.keyId(key)).policy() + "\n";
            kms.putKeyPolicy(put -> put.keyId(key).policy(policy));
            assertEquals(policy, kms.getKeyPolicy(get -> get.keyId(key)).policy());
            assertEquals(
                    List.of("default"),
                    kms.listKeyPolicies(list -> list.keyId(key)).policyNames());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void listsComeInPages(Target target) {
        try (var kms = target.kms(Region.AP_SOUTHEAST_2)) {
            var made = new HashSet<String>();
            for (int i = 0; i < 5; i++) {
                made.add(kms.createKey().keyMetadata().keyId());
            }
            var listed = new HashSet<String>();
            kms.listKeysPaginator(list -> list.limit(2)).keys().stream()
                    .map(KeyListEntry::keyId)
                    .forEach(listed::add);
            assertTrue(listed.containsAll(made));
            assertTrue(kms.listKeys(list -> list.limit(2)).truncated());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aDryRunSaysWhetherItWouldHaveWorked(Target target) {
        target.assumeKeeps(Promise.DRY_RUN);
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().keyId();
            assertThrows(
                    DryRunOperationException.class,
                    () -> kms.encrypt(
                            encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT).dryRun(true)));
            kms.disableKey(disable -> disable.keyId(key));
            assertThrows(
                    DisabledException.class,
                    () -> kms.encrypt(
                            encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT).dryRun(true)));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void regionsAreApart(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var frankfurt = target.kms(Region.EU_CENTRAL_1);
                var sydney = target.kms(Region.AP_SOUTHEAST_2)) {
            var key = frankfurt.createKey().keyMetadata();
            var refused = assertThrows(
                    NotFoundException.class, () -> sydney.describeKey(describe -> describe.keyId(key.keyId())));
            assertEquals(
                    "Key '" + key.arn().replace("eu-central-1", "ap-southeast-2") + "' does not exist",
                    refused.awsErrorDetails().errorMessage());
            var foreign = assertThrows(
                    NotFoundException.class, () -> sydney.describeKey(describe -> describe.keyId(key.arn())));
            assertEquals("Invalid arn eu-central-1", foreign.awsErrorDetails().errorMessage());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void whatIsWrongIsSaidInTheWordsOfAws(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            assertRefused(
                    "ValidationException",
                    "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have"
                            + " length less than or equal to 4096",
                    () -> kms.encrypt(
                            encrypt -> encrypt.keyId("alias/none").plaintext(SdkBytes.fromByteArray(new byte[4097]))));
            assertRefused(
                    "NotFoundException",
                    "Invalid keyId 'fake-key-id'",
                    () -> kms.describeKey(describe -> describe.keyId("fake-key-id")));
            assertRefused("ValidationException", "NumberOfBytes is required.", () -> kms.generateRandom(random -> {}));
        }
    }

    private static void assertRefused(String code, String text, Supplier<?> call) {
        var refused = assertThrows(KmsException.class, call::get);
        assertEquals(code, refused.awsErrorDetails().errorCode());
        assertEquals(text, refused.awsErrorDetails().errorMessage());
    }

    private static String encrypt(KmsClient kms, String key) {
        return kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(PLAINTEXT)).keyId();
    }

    private static String newAlias(KmsClient kms, String key) {
        var alias = "alias/" + UUID.randomUUID();
        kms.createAlias(create -> create.aliasName(alias).targetKeyId(key));
        return alias;
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().tagKey(key).tagValue(value).build();
    }
}
