package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operation × key state, from one table (developer guide, "Key states of KMS keys", as measured where it errs). */
class KeyStateTest {

    /** Columns in the order of {@link KeyState}; what the words stand for is in {@link #expected}. */
    private static final String TABLE = """
            # operation                  Enabled Disabled Import  Deletion Replica Creating Updating Unavailable
            Encrypt                         ok   disabled import  deletion replica creating ok       unavailable
            Decrypt                         ok   disabled import  deletion replica creating ok       unavailable
            ReEncrypt.from                  ok   disabled import  deletion replica creating ok       unavailable
            ReEncrypt.to                    ok   disabled import  deletion replica creating ok       unavailable
            GenerateDataKey                 ok   disabled import  deletion replica creating ok       unavailable
            GenerateDataKeyWithoutPlaintext ok   disabled import  deletion replica creating ok       unavailable
            GenerateDataKeyPair             ok   disabled import  deletion replica creating ok       unavailable
            GenerateDataKeyPairWithoutPlaintext ok disabled import deletion replica creating ok      unavailable
            Sign                            ok   disabled import  deletion replica creating ok       unavailable
            Verify                          ok   disabled import  deletion replica creating ok       unavailable
            GenerateMac                     ok   disabled import  deletion replica creating ok       unavailable
            VerifyMac                       ok   disabled import  deletion replica creating ok       unavailable
            DeriveSharedSecret              ok   disabled import  deletion replica creating ok       unavailable
            Encapsulate                     ok   disabled import  deletion replica creating ok       unavailable
            Decapsulate                     ok   disabled import  deletion replica creating ok       unavailable
            GetPublicKey                    ok   ok       import  deletion replica creating ok       unavailable
            DescribeKey                     ok   ok       ok      ok       ok      ok       ok       ok
            GetKeyPolicy                    ok   ok       ok      ok       ok      ok       ok       ok
            PutKeyPolicy                    ok   ok       ok      ok       ok      ok       ok       ok
            ListKeyPolicies                 ok   ok       ok      ok       ok      ok       ok       ok
            ListAliases                     ok   ok       ok      ok       ok      ok       ok       ok
            ListResourceTags                ok   ok       ok      ok       ok      ok       ok       ok
            DeleteAlias                     ok   ok       ok      ok       ok      ok       ok       ok
            ListGrants                      ok   ok       ok      ok       ok      ok       ok       ok
            RetireGrant                     ok   ok       ok      ok       ok      ok       ok       ok
            RevokeGrant                     ok   ok       ok      ok       ok      ok       ok       ok
            CreateGrant                     ok   disabled import  deletion replica creating ok       ok
            CreateAlias                     ok   ok       ok      deletion replica ok       ok       ok
            TagResource                     ok   ok       ok      deletion replica ok       ok       ok
            UntagResource                   ok   ok       ok      deletion replica ok       ok       ok
            UpdateKeyDescription            ok   ok       ok      deletion replica ok       ok       ok
            UpdateAlias.from                ok   ok       ok      ok       ok      ok       ok       ok
            UpdateAlias.to                  ok   ok       ok      deletion replica ok       ok       ok
            EnableKey                       ok   ok       import  deletion replica creating updating ok
            DisableKey                      ok   ok       import  deletion replica creating updating ok
            ScheduleKeyDeletion             ok   ok       ok      deletion replica ok       updating ok
            GetParametersForImport          ok   ok       ok      deletion replica creating updating unavailable
            ImportKeyMaterial               ok   ok       ok      deletion replica creating ok       unavailable
            DeleteImportedKeyMaterial       ok   ok       ok      ok       ok      creating updating unavailable
            CancelKeyDeletion               not  not      not     ok       ok      not      not      not
            GetKeyLastUsage                 ok   ok       ok      ok       ok      ok       ok       ok
            EnableKeyRotation               ok   disabled origin  deletion replica creating ok       origin
            DisableKeyRotation              ok   disabled origin  deletion replica creating ok       origin
            GetKeyRotationStatus            ok   ok       origin  ok       ok      ok       ok       origin
            RotateKeyOnDemand               ok   disabled import  deletion replica creating updating origin
            ListKeyRotations                ok   ok       ok      ok       ok      ok       ok       origin
            """;

    private static final String POLICY =
            "{`Statement`:{`Effect`:`Allow`,`Principal`:`*`,`Action`:`kms:*`,`Resource`:`*`}}";

    /** The key in the state is ID, another one that is Enabled is OTHER; {@code alias/it} and {@code alias/other} exist. */
    private static final Map<String, String> REQUESTS = requests();

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("cells")
    void theTableHolds(String row, KeyState state, String word) {
        var world = World.of(
                        key(operation(row), state),
                        Sample.key(
                                Sample.OTHER_ID, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, KeyState.ENABLED))
                .with(Sample.alias("alias/it", Sample.ID), Sample.alias("alias/other", Sample.OTHER_ID))
                .with(Sample.grant(Sample.ID, 1));
        assertEquals(expected(word, state), world.outcome(operation(row), Objects.requireNonNull(REQUESTS.get(row))));
    }

    /** A key of a kind that the operation is for. */
    private static KeyRecord key(String operation, KeyState state) {
        return switch (operation) {
            case "Sign", "Verify", "GetPublicKey" ->
                Sample.key(Sample.ID, KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY, state);
            case "GenerateMac", "VerifyMac" ->
                Sample.key(Sample.ID, KeySpec.HMAC_256, KeyUsage.GENERATE_VERIFY_MAC, state);
            case "DeriveSharedSecret" -> Sample.key(Sample.ID, KeySpec.ECC_NIST_P256, KeyUsage.KEY_AGREEMENT, state);
            case "Encapsulate", "Decapsulate" ->
                Sample.key(Sample.ID, KeySpec.ML_KEM_768, KeyUsage.ENCAPSULATE_DECAPSULATE, state);
            case "GetParametersForImport", "ImportKeyMaterial", "DeleteImportedKeyMaterial" ->
                ImportOperationsTest.external("ID", KeySpec.SYMMETRIC_DEFAULT, state);
            default -> Sample.key(state);
        };
    }

    @Test
    void everyBuiltOperationThatNamesAKeyHasARow() {
        var withKey = EnumSet.copyOf(OperationTable.built());
        withKey.removeAll(EnumSet.of(
                Operation.CREATE_KEY, Operation.LIST_KEYS, Operation.GENERATE_RANDOM, Operation.LIST_RETIRABLE_GRANTS));
        // These need a key in two Regions: MultiRegionOperationsTest has their table.
        withKey.removeAll(EnumSet.of(Operation.REPLICATE_KEY, Operation.UPDATE_PRIMARY_REGION));
        var rows = EnumSet.noneOf(Operation.class);
        REQUESTS.keySet().forEach(row -> rows.add(Operation.find(operation(row)).orElseThrow()));
        assertEquals(withKey, rows);
        assertEquals((long) REQUESTS.size() * KeyState.values().length, cells().count());
    }

    private static String operation(String row) {
        return row.split("\\.", 2)[0];
    }

    private static String expected(String word, KeyState state) {
        var arn = Sample.arn(Sample.ID);
        return switch (word) {
            case "ok" -> "ok";
            case "disabled" -> "DisabledException: " + arn + " is disabled.";
            case "import" -> "KMSInvalidStateException: " + arn + " is pending import.";
            case "deletion" -> "KMSInvalidStateException: " + arn + " is pending deletion.";
            case "replica" -> "KMSInvalidStateException: " + arn + " is pending replica deletion.";
            case "not" -> "KMSInvalidStateException: " + arn + " is not pending deletion.";
            case "origin" ->
                "UnsupportedOperationException: " + arn + " origin is "
                        + Sample.key(state).attributes().origin() + " which is not valid for this operation.";
            case "creating", "updating", "unavailable" -> "KMSInvalidStateException: " + arn + " is " + word + ".";
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static Stream<Object[]> cells() {
        return TABLE.lines().filter(line -> !line.startsWith("#")).flatMap(line -> {
            var words = line.split("\\s+", -1);
            return Arrays.stream(KeyState.values()).map(state ->
                    new Object[] {words[0], state, words[1 + column(state)]});
        });
    }

    private static int column(KeyState state) {
        return switch (state) {
            case ENABLED -> 0;
            case DISABLED -> 1;
            case PENDING_IMPORT -> 2;
            case PENDING_DELETION -> 3;
            case PENDING_REPLICA_DELETION -> 4;
            case CREATING -> 5;
            case UPDATING -> 6;
            case UNAVAILABLE -> 7;
        };
    }

    private static Map<String, String> requests() {
        var requests = new LinkedHashMap<String, String>();
        requests.put(
                "GetParametersForImport",
                "{'KeyId':'<ID>','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_2048'}");
        requests.put(
                "ImportKeyMaterial",
                "{'KeyId':'<ID>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==',"
                        + "'ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE'}");
        requests.put("DeleteImportedKeyMaterial", "{'KeyId':'<ID>'}");
        requests.put("Encrypt", "{'KeyId':'<ID>','Plaintext':'YQ=='}");
        requests.put("Decrypt", "{'CiphertextBlob':'<ID.blob>'}");
        requests.put("ReEncrypt.from", "{'CiphertextBlob':'<ID.blob>','DestinationKeyId':'<OTHER>'}");
        requests.put("ReEncrypt.to", "{'CiphertextBlob':'<OTHER.blob>','DestinationKeyId':'alias/it'}");
        requests.put("GenerateDataKey", "{'KeyId':'<ID>','KeySpec':'AES_256'}");
        requests.put("GenerateDataKeyWithoutPlaintext", "{'KeyId':'<ID>','NumberOfBytes':24}");
        requests.put("GenerateDataKeyPair", "{'KeyId':'<ID>','KeyPairSpec':'RSA_2048'}");
        requests.put("GenerateDataKeyPairWithoutPlaintext", "{'KeyId':'<ID>','KeyPairSpec':'SM2'}");
        requests.put("Sign", "{'KeyId':'<ID>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256'}");
        requests.put(
                "Verify", "{'KeyId':'<ID>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256','Signature':'YQ=='}");
        requests.put("GenerateMac", "{'KeyId':'<ID>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256'}");
        requests.put("VerifyMac", "{'KeyId':'<ID>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256','Mac':'YQ=='}");
        requests.put("DeriveSharedSecret", "{'KeyId':'<ID>','KeyAgreementAlgorithm':'ECDH','PublicKey':'YQ=='}");
        requests.put("Encapsulate", "{'KeyId':'<ID>','EncapsulationAlgorithm':'ML_KEM'}");
        requests.put(
                "Decapsulate",
                "{'KeyId':'<ID>','EncapsulationAlgorithm':'ML_KEM','SharedSecretCiphertextBlob':'YQ=='}");
        requests.put("GetPublicKey", "{'KeyId':'<ID>'}");
        requests.put("PutKeyPolicy", "{'KeyId':'<ID>','Policy':'" + POLICY + "'}");
        requests.put("ListAliases", "{'KeyId':'<ID>'}");
        requests.put("ListGrants", "{'KeyId':'<ID>'}");
        requests.put(
                "CreateGrant",
                "{'KeyId':'<ID>','GranteePrincipal':'arn:aws:iam::111122223333:root','Operations':['DescribeKey']}");
        requests.put("RetireGrant", "{'KeyId':'<ID>','GrantId':'<64 1>'}");
        requests.put("RevokeGrant", "{'KeyId':'<ID>','GrantId':'<64 1>'}");
        requests.put("DeleteAlias", "{'AliasName':'alias/it'}");
        requests.put("CreateAlias", "{'AliasName':'alias/new','TargetKeyId':'<ID>'}");
        requests.put("UpdateAlias.from", "{'AliasName':'alias/it','TargetKeyId':'<OTHER>'}");
        requests.put("UpdateAlias.to", "{'AliasName':'alias/other','TargetKeyId':'<ID>'}");
        requests.put("TagResource", "{'KeyId':'<ID>','Tags':[{'TagKey':'a','TagValue':'b'}]}");
        requests.put("UntagResource", "{'KeyId':'<ID>','TagKeys':['a']}");
        requests.put("UpdateKeyDescription", "{'KeyId':'<ID>','Description':''}");
        for (var operation : new String[] {
            "DescribeKey",
            "GetKeyPolicy",
            "ListKeyPolicies",
            "ListResourceTags",
            "EnableKey",
            "DisableKey",
            "ScheduleKeyDeletion",
            "CancelKeyDeletion",
            "GetKeyLastUsage",
            "EnableKeyRotation",
            "DisableKeyRotation",
            "GetKeyRotationStatus",
            "RotateKeyOnDemand",
            "ListKeyRotations"
        }) {
            requests.put(operation, "{'KeyId':'<ID>'}");
        }
        requests.replaceAll((row, request) -> Sample.json(request));
        return requests;
    }
}
