package dev.strongroom.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.ImportCommand.ImportType;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyRecord.ImportedMaterial;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Stamp;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DeleteImportedKeyMaterialResponse;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.GetParametersForImportResponse;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialResponse;

/** Imported key material: what is checked before the HSM is asked, the command, the response made of the reply. */
class ImportOperationsTest {

    private static final Instant DATE = Instant.parse("2026-11-20T10:00:00Z");

    private static final World WORLD = world();
    private static final KeyRecord KEY = external("EXTERNAL", KeySpec.SYMMETRIC_DEFAULT, KeyState.ENABLED);
    private static final Authority OF_KEY =
            new Authority(KEY.stamp(), List.of(Sample.CALLER.identity().stamp()));

    private static World world() {
        var keys = new ArrayList<KeyRecord>();
        keys.add(Sample.key(KeyState.ENABLED));
        keys.add(external("EXTERNAL", KeySpec.SYMMETRIC_DEFAULT, KeyState.ENABLED));
        for (var state : KeyState.values()) {
            keys.add(external(state.name(), KeySpec.SYMMETRIC_DEFAULT, state));
        }
        for (var spec : KeySpec.values()) {
            keys.add(external("OF_" + spec, spec, KeyState.PENDING_IMPORT));
        }
        keys.add(replica());
        return new World(List.copyOf(keys), List.of());
    }

    /** A key whose current material came from outside. */
    static KeyRecord external(String name, KeySpec spec, KeyState state) {
        return external(Sample.id(name), spec, state, Optional.empty());
    }

    private static KeyRecord external(String id, KeySpec spec, KeyState state, Optional<Instant> validTo) {
        var key = Sample.key(id, spec, usage(spec), state);
        var of = key.attributes();
        var imported = Optional.of(new ImportedMaterial(state != KeyState.PENDING_IMPORT, validTo, ""));
        return new KeyRecord(
                key.stamp(),
                key.name(),
                new KeyRecord.Attributes(of.spec(), of.usage(), Origin.EXTERNAL, of.multiRegion(), of.created()),
                key.lifecycle(),
                key.documents(),
                key.material()
                        .withBackingKeys(key.backingKeys().stream()
                                .map(generation -> generation.with(imported))
                                .toList()));
    }

    private static KeyUsage usage(KeySpec spec) {
        return spec == KeySpec.SYMMETRIC_DEFAULT ? KeyUsage.ENCRYPT_DECRYPT : KeyUsage.SIGN_VERIFY;
    }

    private static KeyRecord replica() {
        var key = external(Sample.MRK_ID, KeySpec.SYMMETRIC_DEFAULT, KeyState.ENABLED, Optional.empty());
        var material = key.material();
        return key.with(new KeyRecord.Material(
                material.backingKeys(),
                material.publicKey(),
                material.rotation(),
                Optional.of(new KeyRecord.MultiRegion(new Stamp(3, 3, 3), "us-east-1", List.of(Sample.REGION)))));
    }

    private static final String TABLE = """
            # origin, then state, then parameters
            60 | GetParametersForImport | {'KeyId':'<ID>','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_2048'} | UnsupportedOperationException: <ID.arn> origin is AWS_KMS which is not valid for this operation.
            60 | ImportKeyMaterial | {'KeyId':'<ID>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ=='} | UnsupportedOperationException: <ID.arn> origin is AWS_KMS which is not valid for this operation.
            60 | DeleteImportedKeyMaterial | {'KeyId':'<ID>'} | UnsupportedOperationException: <ID.arn> origin is AWS_KMS which is not valid for this operation.
            55 | GetParametersForImport | {'KeyId':'<PENDING_DELETION>','WrappingAlgorithm':'RSAES_PKCS1_V1_5','WrappingKeySpec':'RSA_2048'} | KMSInvalidStateException: <PENDING_DELETION.arn> is pending deletion.
            55 | ImportKeyMaterial | {'KeyId':'<PENDING_DELETION>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ=='} | KMSInvalidStateException: <PENDING_DELETION.arn> is pending deletion.
            55 | ImportKeyMaterial | {'KeyId':'<PENDING_REPLICA_DELETION>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ=='} | KMSInvalidStateException: <PENDING_REPLICA_DELETION.arn> is pending replica deletion.
            59 | GetParametersForImport | {'KeyId':'<CREATING>','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_2048'} | KMSInvalidStateException: <CREATING.arn> is creating.
            59 | GetParametersForImport | {'KeyId':'<UPDATING>','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_2048'} | KMSInvalidStateException: <UPDATING.arn> is updating.
            59 | ImportKeyMaterial | {'KeyId':'<CREATING>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ=='} | KMSInvalidStateException: <CREATING.arn> is creating.
            59 | DeleteImportedKeyMaterial | {'KeyId':'<UPDATING>'} | KMSInvalidStateException: <UPDATING.arn> is updating.
            0  | ImportKeyMaterial | {'KeyId':'<UPDATING>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==','ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE'} | ok
            0  | DeleteImportedKeyMaterial | {'KeyId':'<PENDING_DELETION>'} | ok
            0  | DeleteImportedKeyMaterial | {'KeyId':'<PENDING_IMPORT>'} | ok
            0  | GetParametersForImport | {'KeyId':'<PENDING_IMPORT>','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_2048'} | ok
            0  | GetParametersForImport | {'KeyId':'<DISABLED>','WrappingAlgorithm':'SM2PKE','WrappingKeySpec':'SM2'} | ok
            # what cannot be wrapped
            0  | GetParametersForImport | {'KeyId':'<EXTERNAL>','WrappingAlgorithm':'RSAES_PKCS1_V1_5','WrappingKeySpec':'RSA_2048'} | UnsupportedOperationException: Algorithm RSAES_PKCS1_V1_5 is no longer supported.
            0  | GetParametersForImport | {'KeyId':'<EXTERNAL>','WrappingAlgorithm':'SM2PKE','WrappingKeySpec':'RSA_2048'} | ValidationException: WrappingAlgorithm SM2PKE is not compatible with WrappingKeySpec RSA_2048
            0  | GetParametersForImport | {'KeyId':'<EXTERNAL>','WrappingAlgorithm':'RSAES_OAEP_SHA_1','WrappingKeySpec':'SM2'} | ValidationException: WrappingAlgorithm RSAES_OAEP_SHA_1 is not compatible with WrappingKeySpec SM2
            0  | GetParametersForImport | {'KeyId':'<OF_RSA_2048>','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_4096'} | ValidationException: WrappingAlgorithm RSAES_OAEP_SHA_256 with WrappingKeySpec RSA_4096 cannot wrap key material for KeySpec RSA_2048
            0  | GetParametersForImport | {'KeyId':'<OF_RSA_4096>','WrappingAlgorithm':'RSA_AES_KEY_WRAP_SHA_256','WrappingKeySpec':'RSA_4096'} | ok
            0  | GetParametersForImport | {'KeyId':'<OF_ECC_NIST_P521>','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_2048'} | ValidationException: WrappingAlgorithm RSAES_OAEP_SHA_256 with WrappingKeySpec RSA_2048 cannot wrap key material for KeySpec ECC_NIST_P521
            0  | GetParametersForImport | {'KeyId':'<OF_ECC_NIST_P521>','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_3072'} | ok
            0  | GetParametersForImport | {'KeyId':'<EXTERNAL>','WrappingAlgorithm':'FOO','WrappingKeySpec':'RSA_2048'} | ValidationException: 1 validation error detected: Value 'FOO' at 'wrappingAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [RSAES_PKCS1_V1_5, RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, RSA_AES_KEY_WRAP_SHA_1, RSA_AES_KEY_WRAP_SHA_256, SM2PKE]
            # dates
            68 | ImportKeyMaterial | {'KeyId':'<EXTERNAL>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ=='} | ValidationException: A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES
            68 | ImportKeyMaterial | {'KeyId':'<EXTERNAL>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==','ExpirationModel':'KEY_MATERIAL_EXPIRES'} | ValidationException: A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES
            0  | ImportKeyMaterial | {'KeyId':'<EXTERNAL>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==','ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE','ValidTo':1800000000} | ValidationException: A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE
            # members for symmetric keys, and those that exclude each other
            0  | ImportKeyMaterial | {'KeyId':'<OF_HMAC_256>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==','ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE','ImportType':'NEW_KEY_MATERIAL'} | ValidationException: ImportType, KeyMaterialId and KeyMaterialDescription are for symmetric encryption keys only.
            0  | ImportKeyMaterial | {'KeyId':'<OF_HMAC_256>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==','ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE','KeyMaterialDescription':'x'} | ValidationException: ImportType, KeyMaterialId and KeyMaterialDescription are for symmetric encryption keys only.
            0  | ImportKeyMaterial | {'KeyId':'<EXTERNAL>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==','ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE','ImportType':'NEW_KEY_MATERIAL','KeyMaterialId':'<64 a>'} | ValidationException: KeyMaterialId cannot be specified when ImportType is NEW_KEY_MATERIAL.
            62 | ImportKeyMaterial | {'KeyId':'<MRK>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==','ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE','ImportType':'NEW_KEY_MATERIAL'} | UnsupportedOperationException: <MRK.arn> is not a multi-region primary key.
            0  | DeleteImportedKeyMaterial | {'KeyId':'<EXTERNAL>','KeyMaterialId':'<64 a>'} | NotFoundException: Key material '<64 a>' does not exist in <EXTERNAL.arn>
            8  | GetParametersForImport | {'KeyId':'alias/it','WrappingAlgorithm':'RSAES_OAEP_SHA_256','WrappingKeySpec':'RSA_2048'} | InvalidArnException: Key Aliases are not supported for this operation.
            8  | ImportKeyMaterial | {'KeyId':'alias/it','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ=='} | InvalidArnException: Key Aliases are not supported for this operation.
            8  | DeleteImportedKeyMaterial | {'KeyId':'alias/it'} | InvalidArnException: Key Aliases are not supported for this operation.
            """;

    private static Stream<Object[]> records() {
        return RecordedTextsTest.parse(String.join(
                "\n", TABLE.lines().filter(line -> !line.startsWith("#")).toList()));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("records")
    void theHsmIsAskedOnlyForWhatCanBe(int number, String operation, String request, String outcome) {
        assertEquals(Sample.expand(outcome), WORLD.outcome(operation, Sample.json(request)));
    }

    @Test
    void parametersAreAskedForAndGivenAsTheNodeMadeThem() {
        var json = Sample.json(
                "{'KeyId':'<EXTERNAL.arn>','WrappingAlgorithm':'RSA_AES_KEY_WRAP_SHA_1','WrappingKeySpec':'RSA_3072'}");

        assertEquals(
                new ImportCommand.MakeImportParameters(
                        OF_KEY, WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_1, WrappingKeySpec.RSA_3072),
                WORLD.command(ImportCommand.MakeImportParameters.class, "GetParametersForImport", json));
        assertEquals(
                GetParametersForImportResponse.builder()
                        .keyId(Sample.arn(Sample.id("EXTERNAL")))
                        .importToken(SdkBytes.fromUtf8String("token"))
                        .publicKey(SdkBytes.fromUtf8String("public"))
                        .parametersValidTo(DATE)
                        .build(),
                WORLD.answer(
                        GetParametersForImportResponse.class,
                        "GetParametersForImport",
                        json,
                        new Reply.ImportParameters(
                                Bytes.wrap(SdkBytes.fromUtf8String("public").asByteArray()),
                                Bytes.wrap(SdkBytes.fromUtf8String("token").asByteArray()),
                                DATE)));
    }

    @Test
    void materialIsImportedOnTheTermsOfTheRequest() {
        var json = Sample.json(
                "{'KeyId':'<EXTERNAL>','ImportToken':'YQ==','EncryptedKeyMaterial':'Yg==','ValidTo':1795168800,"
                        + "'ImportType':'EXISTING_KEY_MATERIAL','KeyMaterialId':'<64 a>','KeyMaterialDescription':'mine'}");
        var command = WORLD.command(ImportCommand.ImportMaterial.class, "ImportKeyMaterial", json);

        assertEquals(OF_KEY, command.authority());
        assertEquals(Bytes.ofHex("61"), command.token());
        assertEquals(Bytes.ofHex("62"), command.wrapped());
        assertEquals(
                new ImportCommand.Terms(
                        Optional.of(ImportType.EXISTING_KEY_MATERIAL),
                        Optional.of(DATE),
                        Optional.of("a".repeat(64)),
                        Optional.of("mine")),
                command.terms());
        assertEquals(
                ImportKeyMaterialResponse.builder()
                        .keyId(Sample.arn(Sample.id("EXTERNAL")))
                        .keyMaterialId("b".repeat(64))
                        .build(),
                WORLD.answer(
                        ImportKeyMaterialResponse.class,
                        "ImportKeyMaterial",
                        json,
                        new Reply.ChangedMaterial(KEY, "b".repeat(64))));
    }

    @Test
    void aDeletionIsAnsweredWithTheMaterialIfThereWasAny() {
        var json = Sample.json("{'KeyId':'<EXTERNAL>'}");
        var arn = Sample.arn(Sample.id("EXTERNAL"));

        assertEquals(
                DeleteImportedKeyMaterialResponse.builder()
                        .keyId(arn)
                        .keyMaterialId("b".repeat(64))
                        .build(),
                WORLD.answer(
                        DeleteImportedKeyMaterialResponse.class,
                        "DeleteImportedKeyMaterial",
                        json,
                        new Reply.ChangedMaterial(KEY, "b".repeat(64))));
        assertEquals(
                DeleteImportedKeyMaterialResponse.builder().keyId(arn).build(),
                WORLD.answer(
                        DeleteImportedKeyMaterialResponse.class,
                        "DeleteImportedKeyMaterial",
                        json,
                        new Reply.ChangedMaterial(KEY, "")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            INVALID_WRAPPED_SIZE | '' | ValidationException: Invalid encrypted key size.
            INVALID_EXPIRY | PAST | ValidationException: ValidTo must be in the future
            INVALID_EXPIRY | FAR | ValidationException: ValidTo must be within 365 days
            INVALID_CIPHERTEXT | '' | InvalidCiphertextException
            INVALID_IMPORT_TOKEN | '' | InvalidImportTokenException: The import token is not valid for this KMS key.
            EXPIRED_IMPORT_TOKEN | '' | ExpiredImportTokenException: The import token has expired. Get new parameters for the import.
            INCORRECT_KEY_MATERIAL | '' | IncorrectKeyMaterialException: The key material in the request is not what this KMS key expects.
            """)
    void whatTheNodeRefusesHasItsError(Refusal refusal, String detail, String text) {
        var error =
                Refusals.of(new Refused(refusal, detail), dev.strongroom.api.Operation.IMPORT_KEY_MATERIAL, List.of());

        assertEquals(text, error.getMessage());
    }

    @Test
    void aSecondMaterialWhileOneWaitsIsRecord64() {
        var refused = new Refused(Refusal.ROTATION_PENDING, "a".repeat(64) + " " + "b".repeat(64));
        var json = Sample.json("{'KeyId':'<EXTERNAL>','ImportToken':'YQ==','EncryptedKeyMaterial':'YQ==',"
                + "'ExpirationModel':'KEY_MATERIAL_DOES_NOT_EXPIRE'}");

        assertEquals(
                Sample.expand("KMSInvalidStateException: New key material (id: <64 a>) cannot be imported into KMS key"
                        + " <EXTERNAL>, because another key material (id: <64 b>) is pending rotation."),
                WORLD.refusal("ImportKeyMaterial", json, refused).orElseThrow().getMessage());
    }

    @Test
    void metadataSaysHowLongMaterialIsThere() {
        var expiring = external(Sample.ID, KeySpec.SYMMETRIC_DEFAULT, KeyState.ENABLED, Optional.of(DATE));
        var staying = external(Sample.ID, KeySpec.SYMMETRIC_DEFAULT, KeyState.DISABLED, Optional.empty());
        var gone = external(Sample.ID, KeySpec.SYMMETRIC_DEFAULT, KeyState.PENDING_IMPORT, Optional.of(DATE));

        assertEquals(
                ExpirationModelType.KEY_MATERIAL_EXPIRES,
                KeyMetadataView.of(expiring).expirationModel());
        assertEquals(DATE, KeyMetadataView.of(expiring).validTo());
        assertEquals(
                ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE,
                KeyMetadataView.of(staying).expirationModel());
        assertEquals(null, KeyMetadataView.of(staying).validTo());
        var described = World.of(gone)
                .answer(DescribeKeyResponse.class, "DescribeKey", Sample.json("{'KeyId':'<ID>'}"))
                .keyMetadata();
        assertEquals(null, described.expirationModel());
        assertEquals(null, described.validTo());
        assertEquals(Sample.materialId(Sample.ID, 2), described.currentKeyMaterialId());
    }
}
