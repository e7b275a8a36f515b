package dev.strongroom.gateway.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.api.EncryptionContext;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.UseCommand.DataKeyForm;
import dev.strongroom.hsm.protocol.UseCommand.Side;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.kms.model.EncryptResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextResponse;
import software.amazon.awssdk.services.kms.model.GenerateRandomResponse;
import software.amazon.awssdk.services.kms.model.ReEncryptRequest;
import software.amazon.awssdk.services.kms.model.ReEncryptResponse;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Encryption, data keys, random bytes: the command that each comes to, and the response made of the reply. */
class UseOfKeysTest {

    private static final KeyRecord KEY = Sample.key(KeyState.ENABLED);
    private static final KeyRecord OTHER =
            Sample.key(Sample.OTHER_ID, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, KeyState.ENABLED);
    private static final World WORLD = World.of(KEY, OTHER).with(Sample.alias("alias/it", Sample.ID));

    private static final Authority OF_KEY =
            new Authority(KEY.stamp(), List.of(Sample.CALLER.identity().stamp()));
    private static final Authority BY_ALIAS = new Authority(
            KEY.stamp(),
            List.of(
                    Sample.CALLER.identity().stamp(),
                    Sample.alias("alias/it", Sample.ID).stamp()));

    private static final Bytes NO_CONTEXT = Bytes.wrap(EncryptionContext.canonical(Map.of()));
    private static final Bytes CONTEXT = Bytes.wrap(EncryptionContext.canonical(Map.of("b", "2", "a", "1")));
    private static final Bytes BLOB = Bytes.wrap(Sample.blobBytes(Sample.ID, 2));
    private static final Bytes MADE = Bytes.ofHex("c0ffee");

    @ParameterizedTest
    @ValueSource(strings = {"<ID>", "<ID.arn>", "1234ABCD-12ab-34cd-56ef-1234567890ab"})
    void encryptIsOneCommandAboutTheKey(String keyId) {
        var json =
                Sample.json("{'KeyId':'" + keyId + "','Plaintext':'aGVsbG8=','EncryptionContext':{'a':'1','b':'2'}}");
        var command = WORLD.command(UseCommand.Encrypt.class, "Encrypt", json);
        assertEquals(new UseCommand.Encrypt(OF_KEY, secret("hello"), CONTEXT), command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alias/it", "arn:aws:kms:eu-central-1:111122223333:alias/it"})
    void whatAnAliasLedToRestsOnTheAliasToo(String keyId) {
        var json = Sample.json("{'KeyId':'" + keyId + "','Plaintext':'aGVsbG8='}");
        var command = WORLD.command(UseCommand.Encrypt.class, "Encrypt", json);
        assertEquals(new UseCommand.Encrypt(BY_ALIAS, secret("hello"), NO_CONTEXT), command);
    }

    @Test
    void encryptAnswersWithTheArnAndNoMaterialId() {
        var response = WORLD.answer(
                EncryptResponse.class,
                "Encrypt",
                Sample.json("{'KeyId':'alias/it','Plaintext':'aGVsbG8='}"),
                new Reply.Encrypted(MADE, Sample.materialId(Sample.ID, 2)));
        assertEquals(
                EncryptResponse.builder()
                        .keyId(Sample.arn(Sample.ID))
                        .ciphertextBlob(SdkBytes.fromByteArray(MADE.toArray()))
                        .encryptionAlgorithm("SYMMETRIC_DEFAULT")
                        .build(),
                response);
    }

    @Test
    void aRequestThatIsPlannedAgainHasAPlaintextOfItsOwn() {
        var request = EncryptRequest.builder()
                .keyId(Sample.ID)
                .plaintext(SdkBytes.fromUtf8String("hello"))
                .build();
        var found = List.of(new Reply.FoundKey(KEY, Optional.empty()));
        var row = World.row("Encrypt");
        var first = ((Plan.Ask<?, ?>) row.decision().plan(request, found, WORLD.context())).command();
        first.secret().close();
        var second = ((Plan.Ask<?, ?>) row.decision().plan(request, found, WORLD.context())).command();
        assertNotSame(first.secret(), second.secret());
        assertEquals(secret("hello"), second.secret());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",'KeyId':'<ID>'", ",'KeyId':'<ID.arn>','EncryptionAlgorithm':'SYMMETRIC_DEFAULT'"})
    void decryptNeedsNoKeyIdForABlobThatNamesItsKey(String more) {
        var json = Sample.json("{'CiphertextBlob':'<ID.blob>','EncryptionContext':{'b':'2','a':'1'}" + more + "}");
        var command = WORLD.command(UseCommand.Decrypt.class, "Decrypt", json);
        assertEquals(new UseCommand.Decrypt(OF_KEY, BLOB, CONTEXT), command);
    }

    @Test
    void decryptOpensWhatOlderMaterialMade() {
        var old = SdkBytes.fromByteArray(Sample.blobBytes(Sample.ID, 1));
        var json = "{\"CiphertextBlob\":\"" + Base64.getEncoder().encodeToString(old.asByteArray()) + "\"}";
        assertEquals(
                Bytes.wrap(old.asByteArray()),
                WORLD.command(UseCommand.Decrypt.class, "Decrypt", json).blob());
    }

    @Test
    void decryptAnswersWithTheKeyAndMaterialItUsed() {
        var response = WORLD.answer(
                DecryptResponse.class,
                "Decrypt",
                Sample.json("{'CiphertextBlob':'<ID.blob>'}"),
                new Reply.Decrypted(secret("hello"), Sample.materialId(Sample.ID, 2)));
        assertEquals(
                DecryptResponse.builder()
                        .keyId(Sample.arn(Sample.ID))
                        .plaintext(SdkBytes.fromUtf8String("hello"))
                        .encryptionAlgorithm("SYMMETRIC_DEFAULT")
                        .keyMaterialId(Sample.materialId(Sample.ID, 2))
                        .build(),
                response);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Decrypt | 'CiphertextBlob':'YQ==','EncryptionAlgorithm':'RSAES_OAEP_SHA_1' | keyId
            ReEncrypt | 'CiphertextBlob':'YQ==','SourceEncryptionAlgorithm':'RSAES_OAEP_SHA_1','DestinationKeyId':'<ID>' | sourceKeyId
            Decrypt | 'DryRun':true,'DryRunModifiers':['IGNORE_CIPHERTEXT'] | keyId
            ReEncrypt | 'DryRun':true,'DryRunModifiers':['IGNORE_CIPHERTEXT'],'DestinationKeyId':'<ID>' | sourceKeyId
            """, quoteCharacter = '"')
    void withoutABlobThatNamesItsKeyTheKeyMustBeNamed(String operation, String members, String missing) {
        assertEquals(
                "ValidationException: 1 validation error detected: Value null at '" + missing
                        + "' failed to satisfy constraint: Member must not be null",
                WORLD.outcome(operation, Sample.json("{" + members + "}")));
    }

    @Test
    void reEncryptIsOneCommandAboutBothKeys() {
        var json = Sample.json("{'CiphertextBlob':'<ID.blob>','SourceKeyId':'alias/it','DestinationKeyId':'<OTHER>',"
                + "'SourceEncryptionContext':{'a':'1','b':'2'}}");
        var command = WORLD.command(UseCommand.ReEncrypt.class, "ReEncrypt", json);
        var caller = Sample.CALLER.identity().stamp();
        var alias = Sample.alias("alias/it", Sample.ID).stamp();
        assertEquals(
                new UseCommand.ReEncrypt(
                        new Side(new Authority(KEY.stamp(), List.of(caller, alias, OTHER.stamp())), CONTEXT),
                        BLOB,
                        new Side(new Authority(OTHER.stamp(), List.of(KEY.stamp(), caller, alias)), NO_CONTEXT)),
                command);
    }

    @Test
    void reEncryptUnderTheSameKeyMayChangeTheContext() {
        var json = Sample.json("{'CiphertextBlob':'<ID.blob>','DestinationKeyId':'<ID>',"
                + "'DestinationEncryptionContext':{'a':'1','b':'2'}}");
        var command = WORLD.command(UseCommand.ReEncrypt.class, "ReEncrypt", json);
        assertEquals(new UseCommand.ReEncrypt(new Side(OF_KEY, NO_CONTEXT), BLOB, new Side(OF_KEY, CONTEXT)), command);
    }

    @Test
    void reEncryptAnswersWithBothKeys() {
        var response = WORLD.answer(
                ReEncryptResponse.class,
                "ReEncrypt",
                Sample.json("{'CiphertextBlob':'<ID.blob>','DestinationKeyId':'<OTHER>'}"),
                new Reply.ReEncrypted(MADE, Sample.materialId(Sample.ID, 2), Sample.materialId(Sample.OTHER_ID, 2)));
        assertEquals(
                ReEncryptResponse.builder()
                        .ciphertextBlob(SdkBytes.fromByteArray(MADE.toArray()))
                        .sourceKeyId(Sample.arn(Sample.ID))
                        .keyId(Sample.arn(Sample.OTHER_ID))
                        .sourceEncryptionAlgorithm("SYMMETRIC_DEFAULT")
                        .destinationEncryptionAlgorithm("SYMMETRIC_DEFAULT")
                        .sourceKeyMaterialId(Sample.materialId(Sample.ID, 2))
                        .destinationKeyMaterialId(Sample.materialId(Sample.OTHER_ID, 2))
                        .build(),
                response);
    }

    @Test
    void theTwoSidesOfAReEncryptNeedTheirOwnPermissions() {
        var request = ReEncryptRequest.builder()
                .ciphertextBlob(SdkBytes.fromByteArray(BLOB.toArray()))
                .destinationKeyId(Sample.OTHER_ID)
                .build();
        var needs = World.row("ReEncrypt").needs().of(request, WORLD.context());
        assertEquals(
                List.of("kms:ReEncryptFrom", "kms:ReEncryptTo"),
                needs.stream().map(KeyNeed::action).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "'KeySpec':'AES_128', 16",
        "'KeySpec':'AES_256', 32",
        "'NumberOfBytes':1, 1",
        "'NumberOfBytes':1024, 1024"
    })
    void aDataKeyHasTheLengthAskedFor(String asked, int length) {
        var json = Sample.json("{'KeyId':'<ID>','EncryptionContext':{'a':'1','b':'2'}," + asked + "}");
        assertEquals(
                new UseCommand.GenerateDataKey(OF_KEY, length, CONTEXT, DataKeyForm.PLAINTEXT_AND_CIPHERTEXT),
                WORLD.command(UseCommand.GenerateDataKey.class, "GenerateDataKey", json));
        assertEquals(
                new UseCommand.GenerateDataKey(OF_KEY, length, CONTEXT, DataKeyForm.CIPHERTEXT_ONLY),
                WORLD.command(UseCommand.GenerateDataKey.class, "GenerateDataKeyWithoutPlaintext", json));
    }

    @Test
    void aDataKeyIsGivenOutInTheFormAskedFor() {
        var json = Sample.json("{'KeyId':'alias/it','KeySpec':'AES_128'}");
        var material = Sample.materialId(Sample.ID, 2);
        assertEquals(
                GenerateDataKeyResponse.builder()
                        .keyId(Sample.arn(Sample.ID))
                        .plaintext(SdkBytes.fromUtf8String("hello"))
                        .ciphertextBlob(SdkBytes.fromByteArray(MADE.toArray()))
                        .keyMaterialId(material)
                        .build(),
                WORLD.answer(
                        GenerateDataKeyResponse.class,
                        "GenerateDataKey",
                        json,
                        new Reply.DataKey(MADE, secret("hello"), material)));
        assertEquals(
                GenerateDataKeyWithoutPlaintextResponse.builder()
                        .keyId(Sample.arn(Sample.ID))
                        .ciphertextBlob(SdkBytes.fromByteArray(MADE.toArray()))
                        .keyMaterialId(material)
                        .build(),
                WORLD.answer(
                        GenerateDataKeyWithoutPlaintextResponse.class,
                        "GenerateDataKeyWithoutPlaintext",
                        json,
                        new Reply.DataKey(MADE, Plaintext.none(), material)));
    }

    @Test
    void randomBytesNeedNoKey() {
        var json = "{\"NumberOfBytes\":5}";
        assertEquals(
                new UseCommand.GenerateRandom(
                        5, List.of(Sample.CALLER.identity().stamp()), Optional.empty()),
                WORLD.command(UseCommand.GenerateRandom.class, "GenerateRandom", json));
        var response =
                WORLD.answer(GenerateRandomResponse.class, "GenerateRandom", json, new Reply.Random(secret("hello")));
        assertArrayEquals("hello".getBytes(UTF_8), response.plaintext().asByteArray());
        assertEquals(
                "CustomKeyStoreNotFoundException",
                WORLD.outcome("GenerateRandom", "{\"NumberOfBytes\":5,\"CustomKeyStoreId\":\"cks-1\"}"));
    }

    @Test
    void dryRunsAreToldFromRuns() {
        assertTrue(dryRun("Encrypt", EncryptRequest.builder().dryRun(true).build()));
        assertTrue(dryRun("Decrypt", DecryptRequest.builder().dryRun(true).build()));
        assertTrue(dryRun("ReEncrypt", ReEncryptRequest.builder().dryRun(true).build()));
        assertTrue(dryRun(
                "GenerateDataKey", GenerateDataKeyRequest.builder().dryRun(true).build()));
        assertTrue(dryRun(
                "GenerateDataKeyWithoutPlaintext",
                GenerateDataKeyWithoutPlaintextRequest.builder().dryRun(true).build()));
        assertFalse(dryRun("Encrypt", EncryptRequest.builder().dryRun(false).build()));
        for (var operation : OperationTable.built()) {
            var request = ((SdkBuilder<?, ?>) operation.newRequestBuilder()).build();
            assertFalse(dryRun(operation.wireName(), (SdkPojo) request), operation.wireName());
        }
    }

    @Test
    void aDryRunAsksWhatTheRunWouldAsk() {
        var json = "{'CiphertextBlob':'<ID.blob>','DryRun':true}";
        assertEquals(
                new UseCommand.Decrypt(OF_KEY, BLOB, NO_CONTEXT),
                WORLD.command(UseCommand.Decrypt.class, "Decrypt", Sample.json(json)));
    }

    @Test
    void aDryRunMayGoWithoutTheCiphertext() {
        var decrypt = "{'KeyId':'<ID>','DryRun':true,'DryRunModifiers':['IGNORE_CIPHERTEXT']}";
        assertEquals(
                DecryptResponse.builder().build(),
                WORLD.answer(DecryptResponse.class, "Decrypt", Sample.json(decrypt)));
        var reEncrypt =
                "{'SourceKeyId':'<ID>','DestinationKeyId':'<OTHER>','CiphertextBlob':'YQ==','DryRun':true,'DryRunModifiers':['IGNORE_CIPHERTEXT']}";
        assertEquals(
                ReEncryptResponse.builder().build(),
                WORLD.answer(ReEncryptResponse.class, "ReEncrypt", Sample.json(reEncrypt)));
        var notDry = "{'KeyId':'<ID>','CiphertextBlob':'<ID.blob>','DryRunModifiers':['IGNORE_CIPHERTEXT']}";
        assertEquals(
                "ValidationException: DryRunModifiers can only be specified when DryRun is true.",
                WORLD.outcome("Decrypt", Sample.json(notDry)));
    }

    @Test
    void onlyRecordsThatAreTheAnswerAreReadFromAQuorum() {
        var quorum = List.of(
                Operation.DESCRIBE_KEY,
                Operation.GET_PUBLIC_KEY,
                Operation.GET_KEY_POLICY,
                Operation.LIST_KEY_POLICIES,
                Operation.GET_KEY_ROTATION_STATUS,
                Operation.LIST_KEY_ROTATIONS,
                Operation.LIST_RESOURCE_TAGS);
        for (var operation : OperationTable.built()) {
            var freshness = World.row(operation.wireName()).freshness();
            assertEquals(
                    quorum.contains(operation) ? Freshness.QUORUM : Freshness.LOCAL, freshness, operation.wireName());
        }
    }

    private static boolean dryRun(String operation, SdkPojo request) {
        return World.row(operation).dryRun().test(request);
    }

    private static Plaintext secret(String text) {
        return Plaintext.wrap(text.getBytes(UTF_8));
    }
}
