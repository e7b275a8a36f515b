package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.ImportCommand.ImportType;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.DeleteImportedKeyMaterialRequest;
import software.amazon.awssdk.services.kms.model.DeleteImportedKeyMaterialResponse;
import software.amazon.awssdk.services.kms.model.GetParametersForImportRequest;
import software.amazon.awssdk.services.kms.model.GetParametersForImportResponse;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialRequest;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialResponse;

/**
 * GetParametersForImport, ImportKeyMaterial and DeleteImportedKeyMaterial. Order as measured: origin, state, parameters,
 * then what only the HSM can see: times, token, material. Texts without a recorded source say so where they stand.
 */
final class ImportOperations {

    static final String EXPIRES = "KEY_MATERIAL_EXPIRES";
    private static final String OUTDATED_PADDING = "RSAES_PKCS1_V1_5";

    private ImportOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.GET_PARAMETERS_FOR_IMPORT,
                row(
                        "kms:GetParametersForImport",
                        GetParametersForImportRequest::keyId,
                        RequestKeys::getParametersForImport,
                        ImportOperations::getParametersForImport),
                Operation.IMPORT_KEY_MATERIAL,
                row(
                        "kms:ImportKeyMaterial",
                        ImportKeyMaterialRequest::keyId,
                        RequestKeys::importKeyMaterial,
                        ImportOperations::importKeyMaterial),
                Operation.DELETE_IMPORTED_KEY_MATERIAL,
                row(
                        "kms:DeleteImportedKeyMaterial",
                        DeleteImportedKeyMaterialRequest::keyId,
                        (plain, request) -> plain,
                        ImportOperations::deleteImportedKeyMaterial));
    }

    private static <Q extends SdkPojo, T extends SdkPojo> OperationRow<Q, T> row(
            String action,
            Function<Q, String> keyId,
            OperationRow.Terms<Q> terms,
            OperationRow.Decision<Q, T> decision) {
        return new OperationRow<>(
                (request, context) -> List.of(KeyNeeds.key(keyId.apply(request), action, context)),
                OperationRow.eachKey(terms),
                decision,
                Freshness.LOCAL,
                request -> false);
    }

    private static Plan<GetParametersForImportResponse> getParametersForImport(
            GetParametersForImportRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        requireExternal(found.key());
        KeyChecks.requireNot(
                found.key(),
                KeyState.PENDING_DELETION,
                KeyState.PENDING_REPLICA_DELETION,
                KeyState.UNAVAILABLE,
                KeyState.CREATING,
                KeyState.UPDATING);
        var algorithm = request.wrappingAlgorithmAsString();
        requireWraps(
                algorithm,
                request.wrappingKeySpecAsString(),
                found.key().attributes().spec());
        var command = new ImportCommand.MakeImportParameters(
                context.authority(found),
                WrappingAlgorithm.valueOf(algorithm),
                WrappingKeySpec.valueOf(request.wrappingKeySpecAsString()));
        return new Plan.Ask<>(
                command,
                made -> GetParametersForImportResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .importToken(bytes(made.token()))
                        .publicKey(bytes(made.publicKey()))
                        .parametersValidTo(made.validTo())
                        .build());
    }

    /**
     * Refuses what AWS does not offer (API reference, GetParametersForImport, WrappingAlgorithm). The texts are our own;
     * that ML-DSA and ML-KEM keys may be wrapped by OAEP as far as they fit is our choice.
     */
    private static void requireWraps(String algorithm, String wrappingSpec, KeySpec spec) {
        if (algorithm.equals(OUTDATED_PADDING)) {
            throw KmsException.of(KmsError.UNSUPPORTED_OPERATION, "Algorithm RSAES_PKCS1_V1_5 is no longer supported.");
        }
        if (algorithm.equals("SM2PKE") != wrappingSpec.equals("SM2")) {
            throw KmsException.of(
                    KmsError.VALIDATION,
                    "WrappingAlgorithm " + algorithm + " is not compatible with WrappingKeySpec " + wrappingSpec);
        }
        boolean isPlain = algorithm.startsWith("RSAES_OAEP");
        boolean isRsa = spec == KeySpec.RSA_2048 || spec == KeySpec.RSA_3072 || spec == KeySpec.RSA_4096;
        boolean isTooLong = spec == KeySpec.ECC_NIST_P521 && wrappingSpec.equals("RSA_2048");
        if (isPlain && (isRsa || isTooLong)) {
            throw KmsException.of(
                    KmsError.VALIDATION,
                    "WrappingAlgorithm " + algorithm + " with WrappingKeySpec " + wrappingSpec
                            + " cannot wrap key material for KeySpec " + spec);
        }
    }

    private static Plan<ImportKeyMaterialResponse> importKeyMaterial(
            ImportKeyMaterialRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var key = found.key();
        requireExternal(key);
        KeyChecks.requireNot(
                key,
                KeyState.PENDING_DELETION,
                KeyState.PENDING_REPLICA_DELETION,
                KeyState.UNAVAILABLE,
                KeyState.CREATING);
        var terms = terms(request, key);
        var command = new ImportCommand.ImportMaterial(
                context.ids().commandId(),
                context.authority(found),
                Bytes.wrap(request.importToken().asByteArrayUnsafe()),
                Bytes.wrap(request.encryptedKeyMaterial().asByteArrayUnsafe()),
                terms);
        return new Plan.Ask<>(
                command,
                changed -> ImportKeyMaterialResponse.builder()
                        .keyId(KeyChecks.arn(changed.key()))
                        .keyMaterialId(changed.materialId())
                        .build(),
                refused -> waiting(refused, key));
    }

    private static ImportCommand.Terms terms(ImportKeyMaterialRequest request, KeyRecord key) {
        var type = Optional.ofNullable(request.importTypeAsString()).map(ImportType::valueOf);
        var materialId = Optional.ofNullable(request.keyMaterialId());
        var description = Optional.ofNullable(request.keyMaterialDescription());
        var validTo = validTo(request.expirationModelAsString(), request.validTo());
        if (key.attributes().spec() != KeySpec.SYMMETRIC_DEFAULT
                && (type.isPresent() || materialId.isPresent() || description.isPresent())) {
            throw KmsException.of(
                    KmsError.VALIDATION,
                    "ImportType, KeyMaterialId and KeyMaterialDescription are for symmetric encryption keys only.");
        }
        if (type.isPresent() && type.get() == ImportType.NEW_KEY_MATERIAL) {
            if (materialId.isPresent()) {
                throw KmsException.of(
                        KmsError.VALIDATION, "KeyMaterialId cannot be specified when ImportType is NEW_KEY_MATERIAL.");
            }
            if (key.attributes().multiRegion() && !key.isPrimary()) {
                throw KmsException.of(
                        KmsError.UNSUPPORTED_OPERATION, KeyChecks.arn(key) + " is not a multi-region primary key.");
            }
        }
        return new ImportCommand.Terms(type, validTo, materialId, description);
    }

    /** Whether the date is a good one is seen by the clock that it will be measured by: the HSM's. */
    private static Optional<Instant> validTo(@Nullable String model, @Nullable Instant validTo) {
        if (model == null || model.equals(EXPIRES)) {
            if (validTo == null) {
                throw KmsException.of(
                        KmsError.VALIDATION,
                        "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES");
            }
            return Optional.of(validTo);
        }
        if (validTo != null) {
            throw KmsException.of(
                    KmsError.VALIDATION,
                    "A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE");
        }
        return Optional.empty();
    }

    private static Optional<KmsException> waiting(Refused refused, KeyRecord key) {
        if (refused.refusal() != Refusal.ROTATION_PENDING) {
            return Optional.empty();
        }
        var ids = refused.detail().split(" ", 2);
        return Optional.of(KmsException.of(
                KmsError.KMS_INVALID_STATE,
                "New key material (id: " + ids[0] + ") cannot be imported into KMS key "
                        + key.name().keyId() + ", because another key material (id: " + ids[ids.length - 1]
                        + ") is pending rotation."));
    }

    private static Plan<DeleteImportedKeyMaterialResponse> deleteImportedKeyMaterial(
            DeleteImportedKeyMaterialRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var key = found.key();
        requireExternal(key);
        KeyChecks.requireNot(key, KeyState.UNAVAILABLE, KeyState.CREATING, KeyState.UPDATING);
        var materialId = Optional.ofNullable(request.keyMaterialId());
        materialId.ifPresent(id -> requireMaterial(key, id));
        return new Plan.Ask<>(
                new ImportCommand.DeleteMaterial(context.ids().commandId(), context.authority(found), materialId),
                changed -> DeleteImportedKeyMaterialResponse.builder()
                        .keyId(KeyChecks.arn(changed.key()))
                        // Empty for a key that has never had any.
                        .keyMaterialId(changed.materialId().isEmpty() ? null : changed.materialId())
                        .build());
    }

    /** The text is our own. */
    private static void requireMaterial(KeyRecord key, String materialId) {
        if (key.backingKeys().stream()
                .noneMatch(generation -> generation.materialId().equals(materialId))) {
            throw KmsException.of(
                    KmsError.NOT_FOUND, "Key material '" + materialId + "' does not exist in " + KeyChecks.arn(key));
        }
    }

    private static void requireExternal(KeyRecord key) {
        var origin = key.attributes().origin();
        if (origin != Origin.EXTERNAL) {
            throw KmsException.of(
                    KmsError.UNSUPPORTED_OPERATION,
                    KeyChecks.arn(key) + " origin is " + origin + " which is not valid for this operation.");
        }
    }

    private static SdkBytes bytes(Bytes octets) {
        return SdkBytes.fromByteArrayUnsafe(octets.readOnlyArray());
    }
}
