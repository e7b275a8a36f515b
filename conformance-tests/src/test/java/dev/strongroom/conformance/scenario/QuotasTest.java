package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.Promise;
import dev.strongroom.conformance.subject.Target;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.EncryptionAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.InvalidMarkerException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.Tag;

/**
 * The quotas of AWS KMS (developer guide, "Resource quotas") by the AWS SDK for Java: what is just allowed is done, one more
 * is refused. That of 100,000 keys takes too long here, those of grants and key stores are with their operations.
 */
class QuotasTest {

    private static final String TARGETS = "dev.strongroom.conformance.subject.Targets#all";
    private static final String CONSTRAINT =
            "1 validation error detected: Value %s failed to satisfy constraint: Member must have %s";

    private static void assertRefused(String code, String text, Supplier<?> call) {
        var refused = assertThrows(KmsException.class, call::get);
        assertEquals(code, refused.awsErrorDetails().errorCode());
        assertEquals(text, refused.awsErrorDetails().errorMessage());
    }

    private static void assertOutOfBounds(String value, String bound, Supplier<?> call) {
        assertRefused("ValidationException", CONSTRAINT.formatted(value, bound), call);
    }

    private static SdkBytes octets(int count) {
        return SdkBytes.fromByteArray(new byte[count]);
    }

    private static String newKey(KmsClient kms) {
        return kms.createKey().keyMetadata().keyId();
    }

    private static List<Tag> tags(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Tag.builder().tagKey("key " + i).tagValue("").build())
                .toList();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aKeyHasFiftyAliasesAndListsComeInPagesOfAHundred(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var prefix = "alias/" + UUID.randomUUID() + "/";
            var keys = List.of(newKey(kms), newKey(kms), newKey(kms));
            for (int i = 0; i < 150; i++) {
                var name = prefix + i;
                var key = keys.get(i / 50);
                kms.createAlias(create -> create.aliasName(name).targetKeyId(key));
            }
            for (var key : keys) {
                assertRefused(
                        "LimitExceededException",
                        "Aliases per key quota for this account in this region is 50, current usage is 50.",
                        () -> kms.createAlias(
                                create -> create.aliasName(prefix + "more").targetKeyId(key)));
            }
            var full = keys.get(1);
            assertRefused(
                    "LimitExceededException",
                    "Aliases per key quota for this account in this region is 50, current usage is 50.",
                    () -> kms.updateAlias(update -> update.aliasName(prefix + 0).targetKeyId(full)));
            kms.deleteAlias(delete -> delete.aliasName(prefix + 50));
            kms.updateAlias(update -> update.aliasName(prefix + 0).targetKeyId(full));

            var usual = kms.listAliases();
            assertEquals(50, usual.aliases().size());
            assertTrue(usual.truncated());
            assertEquals(
                    100, kms.listAliases(list -> list.limit(1000)).aliases().size());
            assertEquals(
                    50,
                    kms.listAliases(list -> list.keyId(full).limit(1000))
                            .aliases()
                            .size());
            assertEquals(
                    149,
                    kms.listAliasesPaginator(list -> list.limit(100)).aliases().stream()
                            .filter(alias -> alias.aliasName().startsWith(prefix))
                            .count());
            assertThrows(
                    InvalidMarkerException.class,
                    () -> kms.listKeys(list -> list.marker(usual.nextMarker())),
                    "a marker of another operation");
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aKeyHasFiftyTags(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key =
                    kms.createKey(create -> create.tags(tags(50))).keyMetadata().keyId();
            assertRefused("TagException", "Too many tags", () -> kms.createKey(create -> create.tags(tags(51))));
            assertRefused(
                    "TagException",
                    "Too many tags",
                    () -> kms.tagResource(tag -> tag.keyId(key)
                            .tags(Tag.builder().tagKey("one more").tagValue("").build())));
            kms.tagResource(tag -> tag.keyId(key)
                    .tags(Tag.builder().tagKey("key 7").tagValue("new").build()));
            var all = kms.listResourceTags(list -> list.keyId(key).limit(1000));
            assertEquals(50, all.tags().size());
            assertEquals(tags(50).get(6), all.tags().get(6));
            assertEquals("new", all.tags().get(7).tagValue(), "what is overwritten keeps its place");
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aKeyPolicyHas32768Bytes(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = newKey(kms);
            var policy = kms.getKeyPolicy(get -> get.keyId(key)).policy();
            var longest = policy + " ".repeat(32_768 - policy.length());
            kms.putKeyPolicy(put -> put.keyId(key).policy(longest));
            assertEquals(longest, kms.getKeyPolicy(get -> get.keyId(key)).policy());
            var refused = assertThrows(
                    KmsException.class,
                    () -> kms.putKeyPolicy(put -> put.keyId(key).policy(longest + " ")));
            assertEquals("LimitExceededException", refused.awsErrorDetails().errorCode());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void whatIsEncryptedSignedOrMadeHasItsBounds(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = newKey(kms);
            var sealed = kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(octets(4096)))
                    .ciphertextBlob();
            assertTrue(sealed.asByteArray().length <= 6144);
            assertEquals(
                    octets(4096),
                    kms.decrypt(decrypt -> decrypt.ciphertextBlob(sealed)).plaintext());
            assertOutOfBounds(
                    "at 'plaintext'",
                    "length less than or equal to 4096",
                    () -> kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(octets(4097))));
            assertOutOfBounds(
                    "at 'ciphertextBlob'",
                    "length less than or equal to 6144",
                    () -> kms.decrypt(decrypt -> decrypt.ciphertextBlob(octets(6145))));
            assertEquals(
                    1024,
                    kms.generateDataKey(generate -> generate.keyId(key).numberOfBytes(1024))
                            .plaintext()
                            .asByteArray()
                            .length);
            assertOutOfBounds(
                    "'1025' at 'numberOfBytes'",
                    "value less than or equal to 1024",
                    () -> kms.generateRandom(random -> random.numberOfBytes(1025)));
            var mac = kms.createKey(
                            create -> create.keySpec(KeySpec.HMAC_256).keyUsage(KeyUsageType.GENERATE_VERIFY_MAC))
                    .keyMetadata()
                    .keyId();
            assertEquals(
                    32,
                    kms.generateMac(make ->
                                    make.keyId(mac).macAlgorithm("HMAC_SHA_256").message(octets(4096)))
                            .mac()
                            .asByteArray()
                            .length);
            assertOutOfBounds(
                    "at 'message'",
                    "length less than or equal to 4096",
                    () -> kms.generateMac(
                            make -> make.keyId(mac).macAlgorithm("HMAC_SHA_256").message(octets(4097))));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void rsaEncryptsAsMuchAsItsPaddingLeaves(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = kms.createKey(create -> create.keySpec(KeySpec.RSA_2048).keyUsage(KeyUsageType.ENCRYPT_DECRYPT))
                    .keyMetadata()
                    .keyId();
            for (var algorithm :
                    List.of(EncryptionAlgorithmSpec.RSAES_OAEP_SHA_1, EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256)) {
                int most = algorithm == EncryptionAlgorithmSpec.RSAES_OAEP_SHA_1 ? 214 : 190;
                var sealed = kms.encrypt(
                        encrypt -> encrypt.keyId(key).plaintext(octets(most)).encryptionAlgorithm(algorithm));
                assertEquals(
                        octets(most),
                        kms.decrypt(decrypt -> decrypt.keyId(key)
                                        .ciphertextBlob(sealed.ciphertextBlob())
                                        .encryptionAlgorithm(algorithm))
                                .plaintext());
                assertRefused(
                        "ValidationException",
                        "Algorithm " + algorithm + " and key spec RSA_2048 cannot encrypt data larger than " + most
                                + " bytes.",
                        () -> kms.encrypt(encrypt ->
                                encrypt.keyId(key).plaintext(octets(most + 1)).encryptionAlgorithm(algorithm)));
            }
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void daysAndTokensHaveTheirBounds(Target target) {
        target.assumeKeeps(Promise.EXACT_TEXTS);
        try (var kms = target.kms()) {
            var key = newKey(kms);
            assertOutOfBounds(
                    "'89' at 'rotationPeriodInDays'",
                    "value greater than or equal to 90",
                    () -> kms.enableKeyRotation(enable -> enable.keyId(key).rotationPeriodInDays(89)));
            assertOutOfBounds(
                    "'2561' at 'rotationPeriodInDays'",
                    "value less than or equal to 2560",
                    () -> kms.enableKeyRotation(enable -> enable.keyId(key).rotationPeriodInDays(2561)));
            kms.enableKeyRotation(enable -> enable.keyId(key).rotationPeriodInDays(2560));
            for (int days : new int[] {6, 31}) {
                assertRefused(
                        "ValidationException",
                        "PendingWindowInDays must be between 7 and 30",
                        () -> kms.scheduleKeyDeletion(
                                schedule -> schedule.keyId(key).pendingWindowInDays(days)));
            }
            for (int days : new int[] {7, 30}) {
                assertEquals(
                        days,
                        kms.scheduleKeyDeletion(schedule -> schedule.keyId(key).pendingWindowInDays(days))
                                .pendingWindowInDays());
                kms.cancelKeyDeletion(cancel -> cancel.keyId(key));
            }
            kms.enableKey(enable -> enable.keyId(key));
            var tokens =
                    IntStream.rangeClosed(1, 11).mapToObj(i -> "token-" + i).collect(Collectors.toList());
            var many = assertThrows(
                    KmsException.class,
                    () -> kms.generateDataKey(generate ->
                            generate.keyId(key).keySpec(DataKeySpec.AES_256).grantTokens(tokens)));
            assertEquals("ValidationException", many.awsErrorDetails().errorCode());
            assertTrue(
                    many.awsErrorDetails().errorMessage().endsWith("Member must have length less than or equal to 10"));
        }
    }
}
