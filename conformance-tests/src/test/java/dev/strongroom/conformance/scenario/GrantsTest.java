package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.subject.EmbeddedTarget;
import dev.strongroom.conformance.subject.Promise;
import dev.strongroom.conformance.subject.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateGrantResponse;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.InvalidGrantTokenException;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/** Grants as the AWS SDK for Java sees them. Would pass on AWS itself, given a little patience there. */
class GrantsTest {

    private static final String TARGETS = "dev.strongroom.conformance.subject.Targets#all";
    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");
    private static final String OTHER_ACCOUNT = "444455556666";

    private static String root(String accountId) {
        return "arn:aws:iam::" + accountId + ":root";
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aGrantIsListedAsItWasMadeUntilItIsRevoked(Target target) {
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().arn();
            var root = root(target.accountId());
            var context = Map.of("volume", "vol-1");
            var made = kms.createGrant(asked -> asked.keyId(key)
                    .granteePrincipal(root)
                    .retiringPrincipal(root)
                    .name("nightly")
                    .operations(GrantOperation.DECRYPT, GrantOperation.GENERATE_DATA_KEY)
                    .constraints(only -> only.encryptionContextSubset(context)));
            assertTrue(made.grantId().matches("[0-9a-f]{64}"), made.grantId());

            var listed = kms.listGrants(asked -> asked.keyId(key));
            assertEquals(false, listed.truncated());
            assertNull(listed.nextMarker());
            var entry = listed.grants().get(0);
            assertEquals(1, listed.grants().size());
            assertEquals(key, entry.keyId());
            assertEquals(made.grantId(), entry.grantId());
            assertEquals("nightly", entry.name());
            assertEquals(root, entry.granteePrincipal());
            assertEquals(root, entry.retiringPrincipal());
            assertEquals(root, entry.issuingAccount());
            assertEquals(
                    new HashSet<>(List.of(GrantOperation.DECRYPT, GrantOperation.GENERATE_DATA_KEY)),
                    new HashSet<>(entry.operations()));
            assertEquals(context, entry.constraints().encryptionContextSubset());
            assertTrue(kms.listRetirableGrantsPaginator(asked -> asked.retiringPrincipal(root)).grants().stream()
                    .anyMatch(grant -> grant.grantId().equals(made.grantId())));

            var unused = kms.revokeGrant(asked -> asked.keyId(key).grantId(made.grantId()));
            assertEquals(List.of(), kms.listGrants(asked -> asked.keyId(key)).grants());
            assertThrows(
                    NotFoundException.class,
                    () -> kms.revokeGrant(asked -> asked.keyId(key).grantId(made.grantId())));
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void theSameNameIsTheSameGrantAndATokenEndsIt(Target target) {
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().keyId();
            var root = root(target.accountId());
            var first = create(kms, key, root, "one");
            var again = create(kms, key, root, "one");
            var other = create(kms, key, root, "two");
            assertEquals(first.grantId(), again.grantId());
            assertNotEquals(first.grantId(), other.grantId());

            var unused = kms.encrypt(
                    asked -> asked.keyId(key).plaintext(PLAINTEXT).grantTokens(first.grantToken(), again.grantToken()));
            var retired = kms.retireGrant(asked -> asked.grantToken(again.grantToken()));
            assertEquals(200, retired.sdkHttpResponse().statusCode());
            assertEquals(
                    List.of(other.grantId()),
                    kms.listGrants(asked -> asked.keyId(key)).grants().stream()
                            .map(grant -> grant.grantId())
                            .toList());
        }
    }

    private static CreateGrantResponse create(KmsClient kms, String key, String grantee, String name) {
        return kms.createGrant(
                asked -> asked.keyId(key).granteePrincipal(grantee).name(name).operations(GrantOperation.ENCRYPT));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource(TARGETS)
    void aDryRunLeavesNothingBehind(Target target) {
        target.assumeKeeps(Promise.DRY_RUN);
        try (var kms = target.kms()) {
            var key = kms.createKey().keyMetadata().keyId();
            assertThrows(
                    DryRunOperationException.class,
                    () -> kms.createGrant(asked -> asked.keyId(key)
                            .granteePrincipal(root(target.accountId()))
                            .operations(GrantOperation.ENCRYPT)
                            .dryRun(true)));
            assertEquals(List.of(), kms.listGrants(asked -> asked.keyId(key)).grants());
        }
    }

    /** The owner of the key knows nobody in the other account, and its policy does not either. */
    @Test
    void aGrantLetsAnotherAccountUseAKeyAndNothingMore() {
        try (var target = EmbeddedTarget.inMemory("--credentials", "other:other@" + OTHER_ACCOUNT);
                var owner = target.kms();
                var other = clientOf(target, "other")) {
            var key = owner.createKey().keyMetadata().arn();
            var context = Map.of("tenant", "blue");
            assertDenied(
                    "because no resource-based policy allows the kms:Encrypt action",
                    () -> encrypt(other, key, context));

            var made = owner.createGrant(asked -> asked.keyId(key)
                    .granteePrincipal(root(OTHER_ACCOUNT))
                    .operations(GrantOperation.ENCRYPT, GrantOperation.DECRYPT)
                    .constraints(only -> only.encryptionContextEquals(context)));
            var blob = encrypt(other, key, context);
            assertEquals(
                    PLAINTEXT,
                    other.decrypt(asked -> asked.ciphertextBlob(blob).encryptionContext(context))
                            .plaintext());
            assertDenied("kms:Encrypt", () -> encrypt(other, key, Map.of("tenant", "red")));
            assertDenied("kms:DescribeKey", () -> other.describeKey(asked -> asked.keyId(key)));
            assertDenied("kms:ListGrants", () -> other.listGrants(asked -> asked.keyId(key)));
            assertDenied(
                    "kms:RevokeGrant",
                    () -> other.revokeGrant(asked -> asked.keyId(key).grantId(made.grantId())));
            assertDenied("kms:RetireGrant", () -> other.retireGrant(asked -> asked.grantToken(made.grantToken())));

            var unused = owner.revokeGrant(asked -> asked.keyId(key).grantId(made.grantId()));
            assertDenied("kms:Encrypt", () -> encrypt(other, key, context));
            assertThrows(
                    InvalidGrantTokenException.class,
                    () -> other.encrypt(
                            asked -> asked.keyId(key).plaintext(PLAINTEXT).grantTokens(made.grantToken())));
        }
    }

    private static SdkBytes encrypt(KmsClient kms, String key, Map<String, String> context) {
        return kms.encrypt(asked -> asked.keyId(key).plaintext(PLAINTEXT).encryptionContext(context))
                .ciphertextBlob();
    }

    private static void assertDenied(String words, Supplier<?> call) {
        var refusal = assertThrows(KmsException.class, call::get).awsErrorDetails();
        assertEquals("AccessDeniedException", refusal.errorCode());
        assertTrue(refusal.errorMessage().contains(words), refusal.errorMessage());
    }

    private static KmsClient clientOf(EmbeddedTarget target, String credentials) {
        return KmsClient.builder()
                .endpointOverride(target.endpoint())
                .region(Region.EU_WEST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(credentials, credentials)))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }
}
