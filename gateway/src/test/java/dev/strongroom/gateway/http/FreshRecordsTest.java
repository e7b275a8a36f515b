package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/** What is remembered may let a request through; only what is fresh may turn it away (invariant I4). */
class FreshRecordsTest {

    private final ScriptedHsm hsm = new ScriptedHsm();
    private final Gateway gateway = new Gateway(hsm, null);
    private final KmsClient kms = gateway.sdk(ScriptedHsm.SECRET);

    @AfterEach
    void close() {
        kms.close();
        gateway.close();
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
    void aYesRestsOnWhatIsRemembered() {
        hsm.keyIs(Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)), Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)));
        answerEncrypt();

        encrypt();
        encrypt();

        assertEquals(1, hsm.asked(LookupCommand.FindKey.class).size());
        assertEquals(
                Freshness.LOCAL, hsm.asked(LookupCommand.FindKey.class).get(0).freshness());
    }

    @Test
    void aNoIsDecidedOnceMoreOnFreshRecords() {
        hsm.keyIs(
                Optional.of(ScriptedHsm.key(1, KeyState.DISABLED)), Optional.of(ScriptedHsm.key(2, KeyState.ENABLED)));
        answerEncrypt();

        encrypt();

        assertEquals(
                2, hsm.asked(UseCommand.Encrypt.class).get(0).authority().key().revision());
    }

    @Test
    void aNoThatStandsIsSpoken() {
        hsm.keyIs(
                Optional.of(ScriptedHsm.key(1, KeyState.DISABLED)), Optional.of(ScriptedHsm.key(1, KeyState.DISABLED)));

        var refusal = refusal(this::encrypt);

        assertEquals("DisabledException", code(refusal));
        assertEquals(
                ScriptedHsm.KEY_ARN + " is disabled.", refusal.awsErrorDetails().errorMessage());
        assertEquals(
                List.of(Freshness.LOCAL, Freshness.QUORUM),
                hsm.asked(LookupCommand.FindKey.class).stream()
                        .map(LookupCommand.FindKey::freshness)
                        .toList());
    }

    @Test
    void aKeyThatOnlyTheQuorumKnowsIsFound() {
        hsm.keyIs(Optional.empty(), Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)));
        answerEncrypt();

        encrypt();
    }

    @Test
    void aMissingKeyIsNeverRemembered() {
        hsm.keyIs(Optional.empty(), Optional.empty());

        for (int i = 0; i < 2; i++) {
            var refusal = refusal(this::encrypt);
            assertEquals("NotFoundException", code(refusal));
            assertEquals(
                    "Key '" + ScriptedHsm.KEY_ARN + "' does not exist",
                    refusal.awsErrorDetails().errorMessage());
        }
        assertEquals(4, hsm.asked(LookupCommand.FindKey.class).size());
    }

    @Test
    void aRecordIsShownOnlyFresh() {
        hsm.keyIs(
                Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)), Optional.of(ScriptedHsm.key(2, KeyState.DISABLED)));

        var described = kms.describeKey(request -> request.keyId(ScriptedHsm.KEY_ID));

        assertEquals("Disabled", described.keyMetadata().keyStateAsString());
        assertEquals(1, hsm.asked.size());
    }

    @Test
    void aRecordIsShownOnlyToACallerWhoIsStillWhoTheyWere() {
        hsm.on(LookupCommand.FindKey.class, find -> {
            if (!find.authority().contains(hsm.caller().stamp())) {
                throw new Refused(Refusal.STALE);
            }
            return new Reply.FoundKey(ScriptedHsm.key(1, KeyState.ENABLED), Optional.empty());
        });
        describe();
        hsm.changeCaller();

        describe();

        assertEquals(3, hsm.asked.size());
        assertEquals(
                List.of(Freshness.LOCAL, Freshness.QUORUM),
                hsm.signingKeys.stream()
                        .map(LookupCommand.DeriveSigningKey::freshness)
                        .toList());
    }

    private void describe() {
        var unused = kms.describeKey(request -> request.keyId(ScriptedHsm.KEY_ID));
    }

    @Test
    void aDenialThatIsNoMoreIsNotSpoken() {
        hsm.keyIs(
                Optional.of(denying(ScriptedHsm.key(1, KeyState.ENABLED))),
                Optional.of(ScriptedHsm.key(2, KeyState.ENABLED)));
        answerEncrypt();

        encrypt();

        assertEquals(
                2, hsm.asked(UseCommand.Encrypt.class).get(0).authority().key().revision());
    }

    @Test
    void aDenialThatStandsRestsOnTheCallerToo() {
        var denying = denying(ScriptedHsm.key(1, KeyState.ENABLED));
        hsm.keyIs(Optional.of(denying), Optional.of(denying));

        var refusal = refusal(this::encrypt);

        assertEquals("AccessDeniedException", code(refusal));
        assertEquals(
                "User: arn:aws:iam::111122223333:root is not authorized to perform: kms:Encrypt on resource: "
                        + ScriptedHsm.KEY_ARN + " with an explicit deny in a resource-based policy",
                refusal.awsErrorDetails().errorMessage());
        assertEquals(
                List.of(List.of(), List.of(hsm.caller().stamp())),
                hsm.asked(LookupCommand.FindKey.class).stream()
                        .map(LookupCommand.FindKey::authority)
                        .toList());
    }

    @Test
    void aPolicyThatCannotBeReadLetsNobodyIn() {
        var broken = withPolicy(ScriptedHsm.key(1, KeyState.ENABLED), "{}");
        hsm.keyIs(Optional.of(broken), Optional.of(broken));

        assertEquals("AccessDeniedException", code(refusal(this::encrypt)));
    }

    private static KeyRecord denying(KeyRecord key) {
        return withPolicy(
                key,
                "{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"kms:Encrypt\","
                        + "\"Resource\":\"*\"}}");
    }

    private static KeyRecord withPolicy(KeyRecord key, String policy) {
        return key.with(new KeyRecord.Documents("", policy, List.of()));
    }

    @Test
    void aStaleCommandIsPlannedAgainOnTheRecordThatComesAlong() {
        hsm.keyIs(Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)), Optional.of(ScriptedHsm.key(2, KeyState.ENABLED)));
        var bodies = new CopyOnWriteArrayList<String>();
        hsm.on(UseCommand.Encrypt.class, encrypt -> {
            try (var plaintext = encrypt.plaintext()) {
                bodies.add(plaintext.use(octets -> new String(octets, StandardCharsets.UTF_8)));
                if (encrypt.authority().key().revision() < 5) {
                    throw new Refused(Refusal.STALE, "", Optional.of(ScriptedHsm.key(5, KeyState.ENABLED)));
                }
                return new Reply.Encrypted(Bytes.wrap(new byte[100]), "m");
            }
        });

        encrypt();

        assertEquals(List.of("attack at dawn", "attack at dawn"), bodies);
        assertEquals(1, hsm.asked(LookupCommand.FindKey.class).size());
    }

    @Test
    void aCommandThatRestsOnAnOldCallerIsPlannedAgainForTheNewOne() {
        hsm.keyIs(Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)), Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)));
        hsm.on(UseCommand.Encrypt.class, encrypt -> {
            if (!encrypt.authority().others().contains(hsm.caller().stamp())) {
                throw new Refused(Refusal.STALE);
            }
            return new Reply.Encrypted(Bytes.wrap(new byte[100]), "m");
        });
        encrypt();
        hsm.changeCaller();

        encrypt();

        assertEquals(3, hsm.asked(UseCommand.Encrypt.class).size());
    }

    @Test
    void aChangeStaysTheSameCommandHoweverOftenItIsPlanned() {
        hsm.keyIs(Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)), Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)));
        hsm.on(ChangeCommand.ChangeKey.class, change -> {
            throw new Refused(Refusal.STALE);
        });

        var refusal = refusal(() -> kms.disableKey(request -> request.keyId(ScriptedHsm.KEY_ID)));

        assertEquals("DependencyTimeoutException", code(refusal));
        var ids = hsm.asked(ChangeCommand.ChangeKey.class).stream()
                .map(ChangeCommand.ChangeKey::commandId)
                .toList();
        assertEquals(4, ids.size());
        assertEquals(1, ids.stream().distinct().count());
    }

    @Test
    void aKeyThatChangedIsRememberedAsItIsNow() {
        hsm.keyIs(
                Optional.of(ScriptedHsm.key(1, KeyState.ENABLED)), Optional.of(ScriptedHsm.key(2, KeyState.DISABLED)));
        hsm.on(ChangeCommand.ChangeKey.class, change -> new Reply.ChangedKey(ScriptedHsm.key(2, KeyState.DISABLED)));
        answerEncrypt();

        var unused = kms.disableKey(request -> request.keyId(ScriptedHsm.KEY_ID));

        assertEquals("DisabledException", code(refusal(this::encrypt)));
    }

    private void answerEncrypt() {
        hsm.on(UseCommand.Encrypt.class, encrypt -> new Reply.Encrypted(Bytes.wrap(new byte[100]), "m"));
    }
}
