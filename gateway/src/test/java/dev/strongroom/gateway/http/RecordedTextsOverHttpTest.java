package dev.strongroom.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.gateway.operation.Records;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recorded errors through HTTP, the HSM and back, to the letter, wherever a request can bring the keys about. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedTextsOverHttpTest {

    /** States that no request of ours brings a key into. */
    private static final Pattern UNREACHABLE = Pattern.compile("<(UNAVAILABLE|CREATING|UPDATING)(\\.\\w+)?>");

    /** Errors that need the HSM's own word. */
    private static final List<Records.Seen> BY_THE_HSM = List.of(
            new Records.Seen(
                    49,
                    "Verify",
                    "{'KeyId':'<P256>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256','Signature':'YQ=='}",
                    "KMSInvalidSignatureException"),
            new Records.Seen(
                    50,
                    "VerifyMac",
                    "{'KeyId':'<HMAC>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256','Mac':'YQ=='}",
                    "KMSInvalidMacException"),
            new Records.Seen(
                    51,
                    "Decrypt",
                    "{'CiphertextBlob':'<ID.blob>','EncryptionContext':{'a':'b'}}",
                    "InvalidCiphertextException"),
            new Records.Seen(
                    51,
                    "Decrypt",
                    "{'KeyId':'<RSA_2048>','CiphertextBlob':'<256 bytes>','EncryptionAlgorithm':'RSAES_OAEP_SHA_256'}",
                    "InvalidCiphertextException"),
            new Records.Seen(
                    71,
                    "DeriveSharedSecret",
                    "{'KeyId':'<AGREE>','PublicKey':'<91 bytes>','KeyAgreementAlgorithm':'ECDH'}",
                    "ValidationException: "),
            new Records.Seen(
                    76,
                    "CreateAlias",
                    "{'AliasName':'alias/it','TargetKeyId':'<ID>'}",
                    "AlreadyExistsException: An alias with the name arn:aws:kms:eu-central-1:111122223333:alias/it already"
                            + " exists"),
            new Records.Seen(
                    96,
                    "Sign",
                    "{'KeyId':'<P256>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256','DryRun':true}",
                    "DryRunOperationException: The request would have succeeded, but the DryRun option is set."),
            new Records.Seen(106, "Encrypt", "{'KeyId':'<ID>','Plaintext':'*'}", "SerializationException"));

    /** Errors about material and its rotation. */
    private static final List<Records.Seen> OF_MATERIAL = List.of(
            new Records.Seen(
                    34,
                    "EnableKeyRotation",
                    "{'KeyId':'<ID>','RotationPeriodInDays':89}",
                    "ValidationException: 1 validation error detected: Value '89' at 'rotationPeriodInDays' failed to"
                            + " satisfy constraint: Member must have value greater than or equal to 90"),
            new Records.Seen(
                    34,
                    "EnableKeyRotation",
                    "{'KeyId':'<ID>','RotationPeriodInDays':2561}",
                    "ValidationException: 1 validation error detected: Value '2561' at 'rotationPeriodInDays' failed to"
                            + " satisfy constraint: Member must have value less than or equal to 2560"),
            new Records.Seen(
                    57,
                    "Encrypt",
                    "{'KeyId':'<PENDING_IMPORT>','Plaintext':'YQ=='}",
                    "KMSInvalidStateException: <PENDING_IMPORT.arn> is pending import."),
            new Records.Seen(
                    60,
                    "GetParametersForImport",
                    "{'KeyId':'<ID>','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_2048'}",
                    "UnsupportedOperationException: <ID.arn> origin is AWS_KMS which is not valid for this operation."),
            new Records.Seen(
                    60,
                    "ImportKeyMaterial",
                    "{'KeyId':'<ID>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ=='}",
                    "UnsupportedOperationException: <ID.arn> origin is AWS_KMS which is not valid for this operation."),
            new Records.Seen(
                    60,
                    "DeleteImportedKeyMaterial",
                    "{'KeyId':'<ID>'}",
                    "UnsupportedOperationException: <ID.arn> origin is AWS_KMS which is not valid for this operation."),
            new Records.Seen(
                    60,
                    "EnableKeyRotation",
                    "{'KeyId':'<EXTERNAL>'}",
                    "UnsupportedOperationException: <EXTERNAL.arn> origin is EXTERNAL which is not valid for this"
                            + " operation."),
            new Records.Seen(
                    60,
                    "DisableKeyRotation",
                    "{'KeyId':'<EXTERNAL>'}",
                    "UnsupportedOperationException: <EXTERNAL.arn> origin is EXTERNAL which is not valid for this"
                            + " operation."),
            new Records.Seen(61, "EnableKeyRotation", "{'KeyId':'<RSA_2048>'}", "UnsupportedOperationException"),
            new Records.Seen(61, "RotateKeyOnDemand", "{'KeyId':'<HMAC>'}", "UnsupportedOperationException"),
            new Records.Seen(
                    62,
                    "ReplicateKey",
                    "{'KeyId':'<ID>','ReplicaRegion':'us-east-1'}",
                    "UnsupportedOperationException: <ID.arn> is not a multi-region primary key."),
            new Records.Seen(
                    63,
                    "RotateKeyOnDemand",
                    "{'KeyId':'<EXTERNAL>'}",
                    "KMSInvalidStateException: No available key material pending rotation for the key: <EXTERNAL.arn>."),
            new Records.Seen(
                    65,
                    "RotateKeyOnDemand",
                    "{'KeyId':'<ROTATED>'}",
                    "LimitExceededException: The on-demand rotations limit has been reached for the given keyId. No more"
                            + " on-demand rotations can be performed for this key: <ROTATED.arn>"),
            new Records.Seen(
                    68,
                    "ImportKeyMaterial",
                    "{'KeyId':'<EXTERNAL>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ=='}",
                    "ValidationException: A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES"));

    private LiveGateway kms;
    private LiveKeys keys;

    @BeforeAll
    void open() throws Exception {
        kms = new LiveGateway();
        keys = new LiveKeys(kms);
    }

    @AfterAll
    void close() {
        kms.close();
    }

    /** Rows that end with an error; those that end well change something, and are tested elsewhere. */
    static Stream<Records.Seen> records() {
        return Stream.of(Records.all(), BY_THE_HSM, OF_MATERIAL)
                .flatMap(List::stream)
                .filter(seen -> !seen.outcome().equals("ok"))
                .filter(seen ->
                        !UNREACHABLE.matcher(seen.request() + seen.outcome()).find());
    }

    @ParameterizedTest
    @MethodSource("records")
    void theWordsAreThoseOfTheService(Records.Seen seen) {
        var answer = kms.call(seen.operation(), keys.json(seen.request()));
        var expected = keys.text(seen.outcome());
        assertEquals(expected, Records.asFarAs(expected, answer.outcome()));
        assertEquals(400, answer.status());
    }

    @Test
    void newMaterialWaitsAloneIsRecord64() {
        var more = ",'ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE','ImportType':'NEW_KEY_MATERIAL'";
        var waiting = keys.done("ImportKeyMaterial", keys.importOf("EXTERNAL_DISABLED", 2, more))
                .member("KeyMaterialId");
        var refused = keys.outcome("ImportKeyMaterial", keys.importOf("EXTERNAL_DISABLED", 3, more));
        assertTrue(
                refused.matches(keys.text("KMSInvalidStateException: New key material \\(id: [0-9a-f]{64}\\) cannot be"
                        + " imported into KMS key <EXTERNAL_DISABLED>, because another key material \\(id: " + waiting
                        + "\\) is pending rotation\\.")),
                refused);
    }

    @Test
    void theFiftyFirstAliasIsRecord66() {
        for (int i = 0; i < 50; i++) {
            keys.done("CreateAlias", "{'AliasName':'alias/of-other-" + i + "','TargetKeyId':'<OTHER>'}");
        }
        assertEquals(
                "LimitExceededException: Aliases per key quota for this account in this region is 50, current usage is 50.",
                keys.outcome("CreateAlias", "{'AliasName':'alias/one-more','TargetKeyId':'<OTHER>'}"));
    }

    @Test
    void materialOfAnotherLengthOrOfThePastIsRecords69And70() {
        var request = keys.importOf("EXTERNAL", 1, ",'ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE'");
        assertEquals(
                "ValidationException: Invalid encrypted key size.",
                keys.outcome(
                        "ImportKeyMaterial",
                        request.replaceAll("'EncryptedKeyMaterial':'[^']*'", "'EncryptedKeyMaterial':'YQ=='")));
        assertEquals(
                "ValidationException: ValidTo must be in the future",
                keys.outcome("ImportKeyMaterial", keys.importOf("EXTERNAL", 1, ",'ValidTo':1700000000")));
    }

    /**
     * Of the records that are about keys and their use all but these: 58 and 59, whose states only key stores and a change of
     * the primary Region bring about (asserted on the plans), 67, which takes 100,000 keys (asserted on the refusal), 93 and
     * above, as far as they are about permissions. 64, 66, 69 and 70 have tests of their own.
     */
    @Test
    void theseRecordsAreAsserted() {
        var missing = new TreeSet<>(IntStream.rangeClosed(1, 92).boxed().toList());
        missing.addAll(List.of(96, 99, 106));
        missing.removeAll(List.of(58, 59, 67));
        missing.removeAll(List.of(64, 66, 69, 70));
        records().forEach(seen -> missing.remove(seen.number()));
        assertEquals(List.of(), List.copyOf(missing));
    }
}
