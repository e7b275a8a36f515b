package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.gateway.authz.KeyPolicy;
import dev.strongroom.hsm.protocol.AliasRecord;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import dev.strongroom.hsm.protocol.KeyAddress;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.UseCommand;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

class KmsEndpointTest {

    private final ScriptedHsm hsm = new ScriptedHsm();
    private final Gateway gateway = new Gateway(hsm, null);
    private final KmsClient kms = gateway.sdk(ScriptedHsm.SECRET);

    @BeforeEach
    void answerRandom() {
        hsm.on(UseCommand.GenerateRandom.class, random -> new Reply.Random(Plaintext.wrap(filled(random.length()))));
    }

    @AfterEach
    void close() {
        kms.close();
        gateway.close();
    }

    private static byte[] filled(int length) {
        var octets = new byte[length];
        Arrays.fill(octets, (byte) 0x5A);
        return octets;
    }

    private KmsException refusal(Runnable call) {
        return assertThrows(KmsException.class, call::run);
    }

    private static String code(KmsException refusal) {
        return refusal.awsErrorDetails().errorCode();
    }

    private void encrypt() {
        var unused = kms.encrypt(
                request -> request.keyId(ScriptedHsm.KEY_ID).plaintext(SdkBytes.fromUtf8String("attack at dawn")));
    }

    @Test
    void anSdkGetsItsAnswerWithARequestId() {
        var random = kms.generateRandom(request -> request.numberOfBytes(32));

        assertArrayEquals(filled(32), random.plaintext().asByteArray());
        assertFalse(random.responseMetadata().requestId().isEmpty());
        assertNotEquals(
                random.responseMetadata().requestId(),
                kms.generateRandom(request -> request.numberOfBytes(1))
                        .responseMetadata()
                        .requestId());
    }

    @Test
    void theSigningKeyIsAskedForOnce() {
        for (int i = 0; i < 3; i++) {
            var unused = kms.generateRandom(request -> request.numberOfBytes(1));
        }

        assertEquals(1, hsm.signingKeys.size());
    }

    @Test
    void aWrongSecretIsRefused() {
        try (var stranger = gateway.sdk("not" + ScriptedHsm.SECRET)) {
            var refusal = refusal(() -> stranger.generateRandom(request -> request.numberOfBytes(1)));

            assertEquals("InvalidSignatureException", code(refusal));
            assertEquals(400, refusal.statusCode());
        }
    }

    @Test
    void aRequestOfWrongShapeIsRefusedInTheWordsOfTheService() {
        var refusal = refusal(() -> kms.generateRandom(request -> request.numberOfBytes(1_025)));

        assertEquals("ValidationException", code(refusal));
        assertEquals(
                "1 validation error detected: Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must"
                        + " have value less than or equal to 1024",
                refusal.awsErrorDetails().errorMessage());
    }

    @Test
    void anOperationThatIsNotBuiltIsUnsupported() {
        assertEquals("UnsupportedOperationException", code(refusal(() -> kms.describeCustomKeyStores())));
    }

    @Test
    void aFaultTellsNothing() {
        hsm.on(UseCommand.GenerateRandom.class, random -> {
            throw new IllegalStateException("the dog ate it");
        });

        var refusal = refusal(() -> kms.generateRandom(request -> request.numberOfBytes(1)));

        assertEquals("KMSInternalException", code(refusal));
        assertEquals(500, refusal.statusCode());
        assertFalse(String.valueOf(refusal.awsErrorDetails().errorMessage()).contains("dog"));
    }

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, DependencyTimeoutException, 503",
        "NO_QUORUM, DependencyTimeoutException, 503",
        "NOT_OPERATIONAL, DependencyTimeoutException, 503",
        "THROTTLED, ThrottlingException, 400",
        "NOT_PERMITTED, KMSInternalException, 500",
        "INTERNAL, KMSInternalException, 500"
    })
    void whatTheHsmRefusesIsToldInTheWordsOfTheService(Refusal refused, String code, int status) {
        hsm.on(UseCommand.GenerateRandom.class, random -> {
            throw new Refused(refused, "inner detail");
        });

        var refusal = refusal(() -> kms.generateRandom(request -> request.numberOfBytes(1)));

        assertEquals(code, code(refusal));
        assertEquals(status, refusal.statusCode());
        assertFalse(String.valueOf(refusal.getMessage()).contains("inner detail"));
    }

    @Test
    void aLookUpThatFailsIsNoFaultOfTheRequest() {
        hsm.on(LookupCommand.FindKey.class, find -> {
            throw new Refused(Refusal.UNREACHABLE);
        });

        var refusal = refusal(this::encrypt);

        assertEquals("KeyUnavailableException", code(refusal));
        assertEquals(500, refusal.statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:eu-west-1:444455556666:alias/orders"
    })
    void aKeyOfAnotherAccountIsRefusedAlikeWhetherItExistsOrNot(String arn) {
        var stranger = ScriptedHsm.key(1, KeyState.ENABLED);
        var theirs = new KeyRecord(
                stranger.stamp(),
                new KeyName(new Scope("444455556666", "eu-west-1"), ScriptedHsm.KEY_ID),
                stranger.attributes(),
                stranger.lifecycle(),
                new KeyRecord.Documents("", KeyPolicy.defaultText("444455556666"), List.of()),
                stranger.material());
        var exists = new AtomicInteger();
        hsm.on(LookupCommand.FindKey.class, find -> {
            if (exists.get() == 0) {
                throw new Refused(Refusal.NOT_FOUND);
            }
            return new Reply.FoundKey(theirs, alias(find.address()));
        });

        for (int i = 0; i < 2; i++) {
            exists.set(i);
            var refusal = refusal(
                    () -> kms.generateDataKey(request -> request.keyId(arn).numberOfBytes(32)));

            assertEquals("AccessDeniedException", code(refusal));
            assertEquals(
                    "User: arn:aws:iam::111122223333:root is not authorized to perform: kms:GenerateDataKey on resource: "
                            + arn + " because no resource-based policy allows the kms:GenerateDataKey action",
                    refusal.awsErrorDetails().errorMessage());
        }
    }

    private static Optional<AliasRecord> alias(KeyAddress address) {
        return address instanceof KeyAddress.ByAlias by
                ? Optional.of(new AliasRecord(
                        new Stamp(3, 3, 3), by.name(), ScriptedHsm.KEY_ID, Instant.EPOCH, Instant.EPOCH))
                : Optional.empty();
    }

    @Test
    void aCiphertextOfAKeyThatIsNotTheCallersTellsNothingAboutIt() {
        var blob = new byte[CiphertextBlob.HEADER_BYTES + CiphertextBlob.TAG_BYTES + 1];
        CiphertextBlob.begin(
                blob, Bytes.wrap(new byte[CiphertextBlob.ID_BYTES]), new byte[CiphertextBlob.RANDOM_BYTES]);
        hsm.on(LookupCommand.FindKey.class, find -> {
            throw new Refused(Refusal.NOT_FOUND);
        });

        var refusal = refusal(() -> kms.decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(blob))));

        assertEquals("AccessDeniedException", code(refusal));
        assertEquals(
                "User: arn:aws:iam::111122223333:root is not authorized to perform: kms:Decrypt on the resource"
                        + " associated with this ciphertext because the resource does not exist in this Region, no"
                        + " resource-based policies allow access, or a resource-based policy explicitly denies access",
                refusal.awsErrorDetails().errorMessage());
    }

    @Test
    void aDryRunEndsInItsOwnErrorAndGivesNothingAway() {
        hsm.keyIs(Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)), Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)));
        hsm.on(UseCommand.Rehearse.class, made -> new Reply.Done());

        var refusal = refusal(() -> kms.generateDataKey(
                request -> request.keyId(ScriptedHsm.KEY_ID).numberOfBytes(32).dryRun(true)));

        assertEquals("DryRunOperationException", code(refusal));
        assertInstanceOf(
                UseCommand.GenerateDataKey.class,
                hsm.asked(UseCommand.Rehearse.class).get(0).use());
        assertEquals(List.of(), hsm.asked(UseCommand.GenerateDataKey.class));
    }

    @Test
    void secretsAreOverwrittenBeforeTheAnswerLeaves() {
        hsm.keyIs(Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)), Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)));
        var dataKey = filled(32);
        hsm.on(
                UseCommand.GenerateDataKey.class,
                made -> new Reply.DataKey(Bytes.wrap(new byte[100]), Plaintext.wrap(dataKey), "m"));

        var made =
                kms.generateDataKey(request -> request.keyId(ScriptedHsm.KEY_ID).numberOfBytes(32));

        assertArrayEquals(filled(32), made.plaintext().asByteArray());
        assertArrayEquals(new byte[32], dataKey);
        assertTrue(made.keyId().equals(ScriptedHsm.KEY_ARN));
    }
}
