package dev.strongroom.api;

import static dev.strongroom.api.DeclaredErrors.*;
import static dev.strongroom.api.KmsError.*;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kms.model.*;

/**
 * The 56 operations of the KMS API (version 2014-11-01), one row each: whether it reads or changes records, wire
 * name, request, required members (space-separated, in the model's order), form of the answer, response, declared errors.
 *
 * <p>A new operation starts as a row here; the tests then ask for the rest.
 */
// The checker knows neither unmodifiable sets nor method references as what they are: immutable.
@SuppressWarnings("ImmutableEnumChecker")
public enum Operation {
    // Keys
    CREATE_KEY(
            changes("CreateKey", CreateKeyRequest::builder, ""),
            body(CreateKeyResponse::builder),
            plus(
                    STORE,
                    MALFORMED_POLICY_DOCUMENT,
                    DEPENDENCY_TIMEOUT,
                    INVALID_ARN,
                    UNSUPPORTED_OPERATION,
                    LIMIT_EXCEEDED,
                    TAG,
                    CUSTOM_KEY_STORE_INVALID_STATE,
                    CLOUD_HSM_CLUSTER_INVALID_CONFIGURATION,
                    XKS_KEY_INVALID_CONFIGURATION,
                    XKS_KEY_ALREADY_IN_USE,
                    XKS_KEY_NOT_FOUND)),
    DESCRIBE_KEY(
            reads("DescribeKey", DescribeKeyRequest::builder, "KeyId"), body(DescribeKeyResponse::builder), LOOKUP),
    LIST_KEYS(
            reads("ListKeys", ListKeysRequest::builder, ""),
            body(ListKeysResponse::builder),
            plus(SERVER, INVALID_MARKER)),
    ENABLE_KEY(
            changes("EnableKey", EnableKeyRequest::builder, "KeyId"),
            noBody(EnableKeyResponse::builder),
            plus(KEY, LIMIT_EXCEEDED)),
    DISABLE_KEY(changes("DisableKey", DisableKeyRequest::builder, "KeyId"), noBody(DisableKeyResponse::builder), KEY),
    UPDATE_KEY_DESCRIPTION(
            changes("UpdateKeyDescription", UpdateKeyDescriptionRequest::builder, "KeyId Description"),
            noBody(UpdateKeyDescriptionResponse::builder),
            KEY),
    SCHEDULE_KEY_DELETION(
            changes("ScheduleKeyDeletion", ScheduleKeyDeletionRequest::builder, "KeyId"),
            body(ScheduleKeyDeletionResponse::builder),
            KEY),
    CANCEL_KEY_DELETION(
            changes("CancelKeyDeletion", CancelKeyDeletionRequest::builder, "KeyId"),
            body(CancelKeyDeletionResponse::builder),
            KEY),
    GET_PUBLIC_KEY(
            reads("GetPublicKey", GetPublicKeyRequest::builder, "KeyId"),
            body(GetPublicKeyResponse::builder),
            plus(KEY, DISABLED, KEY_UNAVAILABLE, UNSUPPORTED_OPERATION, INVALID_GRANT_TOKEN, INVALID_KEY_USAGE)),
    GET_KEY_LAST_USAGE(
            reads("GetKeyLastUsage", GetKeyLastUsageRequest::builder, "KeyId"),
            body(GetKeyLastUsageResponse::builder),
            LOOKUP),
    REPLICATE_KEY(
            changes("ReplicateKey", ReplicateKeyRequest::builder, "KeyId ReplicaRegion"),
            body(ReplicateKeyResponse::builder),
            plus(
                    STATE,
                    ALREADY_EXISTS,
                    DISABLED,
                    LIMIT_EXCEEDED,
                    MALFORMED_POLICY_DOCUMENT,
                    TAG,
                    UNSUPPORTED_OPERATION)),
    UPDATE_PRIMARY_REGION(
            changes("UpdatePrimaryRegion", UpdatePrimaryRegionRequest::builder, "KeyId PrimaryRegion"),
            noBody(UpdatePrimaryRegionResponse::builder),
            plus(STATE, DISABLED, UNSUPPORTED_OPERATION)),
    // Encryption and data keys
    ENCRYPT(reads("Encrypt", EncryptRequest::builder, "KeyId Plaintext"), body(EncryptResponse::builder), USE),
    DECRYPT(
            reads("Decrypt", DecryptRequest::builder, ""),
            body(DecryptResponse::builder),
            plus(USE, INVALID_CIPHERTEXT, INCORRECT_KEY)),
    RE_ENCRYPT(
            reads("ReEncrypt", ReEncryptRequest::builder, "DestinationKeyId"),
            body(ReEncryptResponse::builder),
            plus(USE, INVALID_CIPHERTEXT, INCORRECT_KEY)),
    GENERATE_DATA_KEY(
            reads("GenerateDataKey", GenerateDataKeyRequest::builder, "KeyId"),
            body(GenerateDataKeyResponse::builder),
            USE),
    GENERATE_DATA_KEY_WITHOUT_PLAINTEXT(
            reads("GenerateDataKeyWithoutPlaintext", GenerateDataKeyWithoutPlaintextRequest::builder, "KeyId"),
            body(GenerateDataKeyWithoutPlaintextResponse::builder),
            USE),
    GENERATE_DATA_KEY_PAIR(
            reads("GenerateDataKeyPair", GenerateDataKeyPairRequest::builder, "KeyId KeyPairSpec"),
            body(GenerateDataKeyPairResponse::builder),
            plus(USE, UNSUPPORTED_OPERATION)),
    GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT(
            reads(
                    "GenerateDataKeyPairWithoutPlaintext",
                    GenerateDataKeyPairWithoutPlaintextRequest::builder,
                    "KeyId KeyPairSpec"),
            body(GenerateDataKeyPairWithoutPlaintextResponse::builder),
            plus(USE, UNSUPPORTED_OPERATION)),
    // Signatures, MACs, agreement, encapsulation, randomness
    SIGN(reads("Sign", SignRequest::builder, "KeyId Message SigningAlgorithm"), body(SignResponse::builder), USE),
    VERIFY(
            reads("Verify", VerifyRequest::builder, "KeyId Message Signature SigningAlgorithm"),
            body(VerifyResponse::builder),
            plus(USE, KMS_INVALID_SIGNATURE)),
    GENERATE_MAC(
            reads("GenerateMac", GenerateMacRequest::builder, "Message KeyId MacAlgorithm"),
            body(GenerateMacResponse::builder),
            MAC),
    VERIFY_MAC(
            reads("VerifyMac", VerifyMacRequest::builder, "Message KeyId MacAlgorithm Mac"),
            body(VerifyMacResponse::builder),
            plus(MAC, KMS_INVALID_MAC)),
    DERIVE_SHARED_SECRET(
            reads("DeriveSharedSecret", DeriveSharedSecretRequest::builder, "KeyId KeyAgreementAlgorithm PublicKey"),
            body(DeriveSharedSecretResponse::builder),
            USE),
    ENCAPSULATE(
            reads("Encapsulate", EncapsulateRequest::builder, "KeyId EncapsulationAlgorithm"),
            body(EncapsulateResponse::builder),
            USE),
    DECAPSULATE(
            reads(
                    "Decapsulate",
                    DecapsulateRequest::builder,
                    "KeyId SharedSecretCiphertextBlob EncapsulationAlgorithm"),
            body(DecapsulateResponse::builder),
            plus(USE, INVALID_CIPHERTEXT)),
    GENERATE_RANDOM(
            reads("GenerateRandom", GenerateRandomRequest::builder, ""),
            body(GenerateRandomResponse::builder),
            plus(STORE, DEPENDENCY_TIMEOUT, UNSUPPORTED_OPERATION, CUSTOM_KEY_STORE_INVALID_STATE)),
    // Aliases
    CREATE_ALIAS(
            changes("CreateAlias", CreateAliasRequest::builder, "AliasName TargetKeyId"),
            noBody(CreateAliasResponse::builder),
            plus(ALIAS, ALREADY_EXISTS, INVALID_ALIAS_NAME, LIMIT_EXCEEDED)),
    UPDATE_ALIAS(
            changes("UpdateAlias", UpdateAliasRequest::builder, "AliasName TargetKeyId"),
            noBody(UpdateAliasResponse::builder),
            plus(ALIAS, LIMIT_EXCEEDED)),
    DELETE_ALIAS(
            changes("DeleteAlias", DeleteAliasRequest::builder, "AliasName"),
            noBody(DeleteAliasResponse::builder),
            ALIAS),
    LIST_ALIASES(
            reads("ListAliases", ListAliasesRequest::builder, ""),
            body(ListAliasesResponse::builder),
            plus(LOOKUP, INVALID_MARKER)),
    // Key policies and tags
    GET_KEY_POLICY(
            reads("GetKeyPolicy", GetKeyPolicyRequest::builder, "KeyId"), body(GetKeyPolicyResponse::builder), KEY),
    PUT_KEY_POLICY(
            changes("PutKeyPolicy", PutKeyPolicyRequest::builder, "KeyId Policy"),
            noBody(PutKeyPolicyResponse::builder),
            plus(KEY, MALFORMED_POLICY_DOCUMENT, UNSUPPORTED_OPERATION, LIMIT_EXCEEDED)),
    LIST_KEY_POLICIES(
            reads("ListKeyPolicies", ListKeyPoliciesRequest::builder, "KeyId"),
            body(ListKeyPoliciesResponse::builder),
            KEY),
    TAG_RESOURCE(
            changes("TagResource", TagResourceRequest::builder, "KeyId Tags"),
            noBody(TagResourceResponse::builder),
            plus(STATE, LIMIT_EXCEEDED, TAG)),
    UNTAG_RESOURCE(
            changes("UntagResource", UntagResourceRequest::builder, "KeyId TagKeys"),
            noBody(UntagResourceResponse::builder),
            plus(STATE, TAG)),
    LIST_RESOURCE_TAGS(
            reads("ListResourceTags", ListResourceTagsRequest::builder, "KeyId"),
            body(ListResourceTagsResponse::builder),
            plus(RECORD, INVALID_MARKER)),
    // Grants
    CREATE_GRANT(
            changes("CreateGrant", CreateGrantRequest::builder, "KeyId Operations"),
            body(CreateGrantResponse::builder),
            plus(KEY, DISABLED, INVALID_GRANT_TOKEN, LIMIT_EXCEEDED, DRY_RUN_OPERATION)),
    LIST_GRANTS(
            reads("ListGrants", ListGrantsRequest::builder, "KeyId"),
            body(ListGrantsResponse::builder),
            plus(KEY, INVALID_MARKER, INVALID_GRANT_ID)),
    LIST_RETIRABLE_GRANTS(
            reads("ListRetirableGrants", ListRetirableGrantsRequest::builder, ""),
            body(ListRetirableGrantsResponse::builder),
            plus(LOOKUP, INVALID_MARKER)),
    RETIRE_GRANT(
            changes("RetireGrant", RetireGrantRequest::builder, ""),
            noBody(RetireGrantResponse::builder),
            plus(KEY, INVALID_GRANT_TOKEN, INVALID_GRANT_ID, DRY_RUN_OPERATION)),
    REVOKE_GRANT(
            changes("RevokeGrant", RevokeGrantRequest::builder, "KeyId GrantId"),
            noBody(RevokeGrantResponse::builder),
            plus(KEY, INVALID_GRANT_ID, DRY_RUN_OPERATION)),
    // Rotation
    ENABLE_KEY_ROTATION(
            changes("EnableKeyRotation", EnableKeyRotationRequest::builder, "KeyId"),
            noBody(EnableKeyRotationResponse::builder),
            plus(KEY, DISABLED, UNSUPPORTED_OPERATION)),
    DISABLE_KEY_ROTATION(
            changes("DisableKeyRotation", DisableKeyRotationRequest::builder, "KeyId"),
            noBody(DisableKeyRotationResponse::builder),
            plus(KEY, DISABLED, UNSUPPORTED_OPERATION)),
    GET_KEY_ROTATION_STATUS(
            reads("GetKeyRotationStatus", GetKeyRotationStatusRequest::builder, "KeyId"),
            body(GetKeyRotationStatusResponse::builder),
            plus(KEY, UNSUPPORTED_OPERATION)),
    ROTATE_KEY_ON_DEMAND(
            changes("RotateKeyOnDemand", RotateKeyOnDemandRequest::builder, "KeyId"),
            body(RotateKeyOnDemandResponse::builder),
            plus(KEY, DISABLED, UNSUPPORTED_OPERATION, LIMIT_EXCEEDED, CONFLICT)),
    LIST_KEY_ROTATIONS(
            reads("ListKeyRotations", ListKeyRotationsRequest::builder, "KeyId"),
            body(ListKeyRotationsResponse::builder),
            plus(STATE, INVALID_MARKER, UNSUPPORTED_OPERATION)),
    // Imported key material
    GET_PARAMETERS_FOR_IMPORT(
            reads(
                    "GetParametersForImport",
                    GetParametersForImportRequest::builder,
                    "KeyId WrappingAlgorithm WrappingKeySpec"),
            body(GetParametersForImportResponse::builder),
            plus(KEY, UNSUPPORTED_OPERATION)),
    IMPORT_KEY_MATERIAL(
            changes("ImportKeyMaterial", ImportKeyMaterialRequest::builder, "KeyId ImportToken EncryptedKeyMaterial"),
            body(ImportKeyMaterialResponse::builder),
            plus(
                    KEY,
                    UNSUPPORTED_OPERATION,
                    INVALID_CIPHERTEXT,
                    INCORRECT_KEY_MATERIAL,
                    EXPIRED_IMPORT_TOKEN,
                    INVALID_IMPORT_TOKEN)),
    DELETE_IMPORTED_KEY_MATERIAL(
            changes("DeleteImportedKeyMaterial", DeleteImportedKeyMaterialRequest::builder, "KeyId"),
            body(DeleteImportedKeyMaterialResponse::builder),
            plus(KEY, UNSUPPORTED_OPERATION)),
    // Custom key stores
    CREATE_CUSTOM_KEY_STORE(
            changes("CreateCustomKeyStore", CreateCustomKeyStoreRequest::builder, "CustomKeyStoreName"),
            body(CreateCustomKeyStoreResponse::builder),
            plus(CONNECTION, CLOUD_HSM_CLUSTER_IN_USE, INCORRECT_TRUST_ANCHOR, LIMIT_EXCEEDED)),
    DESCRIBE_CUSTOM_KEY_STORES(
            reads("DescribeCustomKeyStores", DescribeCustomKeyStoresRequest::builder, ""),
            body(DescribeCustomKeyStoresResponse::builder),
            plus(STORE, INVALID_MARKER)),
    UPDATE_CUSTOM_KEY_STORE(
            changes("UpdateCustomKeyStore", UpdateCustomKeyStoreRequest::builder, "CustomKeyStoreId"),
            emptyObject(UpdateCustomKeyStoreResponse::builder),
            plus(
                    CONNECTION,
                    CUSTOM_KEY_STORE_NOT_FOUND,
                    CLOUD_HSM_CLUSTER_NOT_RELATED,
                    CUSTOM_KEY_STORE_INVALID_STATE)),
    DELETE_CUSTOM_KEY_STORE(
            changes("DeleteCustomKeyStore", DeleteCustomKeyStoreRequest::builder, "CustomKeyStoreId"),
            emptyObject(DeleteCustomKeyStoreResponse::builder),
            plus(STORE, CUSTOM_KEY_STORE_HAS_CMKS, CUSTOM_KEY_STORE_INVALID_STATE)),
    CONNECT_CUSTOM_KEY_STORE(
            changes("ConnectCustomKeyStore", ConnectCustomKeyStoreRequest::builder, "CustomKeyStoreId"),
            emptyObject(ConnectCustomKeyStoreResponse::builder),
            plus(
                    STORE,
                    CLOUD_HSM_CLUSTER_NOT_ACTIVE,
                    CUSTOM_KEY_STORE_INVALID_STATE,
                    CLOUD_HSM_CLUSTER_INVALID_CONFIGURATION)),
    DISCONNECT_CUSTOM_KEY_STORE(
            changes("DisconnectCustomKeyStore", DisconnectCustomKeyStoreRequest::builder, "CustomKeyStoreId"),
            emptyObject(DisconnectCustomKeyStoreResponse::builder),
            plus(STORE, CUSTOM_KEY_STORE_INVALID_STATE));

    /** What the body of a successful answer is. */
    public enum OutputForm {
        /** A JSON object with members. */
        BODY,
        /** No byte at all: the model has no output shape. */
        EMPTY_BODY,
        /** The two bytes <code>{}</code>: the output shape has no members. */
        EMPTY_OBJECT
    }

    private record Input(
            String wireName, boolean readOnly, Supplier<? extends SdkPojo> builder, Set<String> required) {}

    private record Output(OutputForm form, Supplier<? extends SdkPojo> builder) {}

    private static final Map<String, Operation> BY_WIRE_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Operation::wireName, Function.identity()));

    private final Input input;
    private final Output output;
    private final Set<KmsError> declaredErrors;

    Operation(Input input, Output output, Set<KmsError> declaredErrors) {
        this.input = input;
        this.output = output;
        this.declaredErrors = declaredErrors;
    }

    private static Input reads(String wireName, Supplier<? extends SdkPojo> builder, String required) {
        return new Input(wireName, true, builder, names(required));
    }

    private static Input changes(String wireName, Supplier<? extends SdkPojo> builder, String required) {
        return new Input(wireName, false, builder, names(required));
    }

    private static Set<String> names(String spaced) {
        return spaced.isEmpty() ? Set.of() : Set.of(spaced.split(" "));
    }

    private static Output body(Supplier<? extends SdkPojo> builder) {
        return new Output(OutputForm.BODY, builder);
    }

    private static Output noBody(Supplier<? extends SdkPojo> builder) {
        return new Output(OutputForm.EMPTY_BODY, builder);
    }

    private static Output emptyObject(Supplier<? extends SdkPojo> builder) {
        return new Output(OutputForm.EMPTY_OBJECT, builder);
    }

    /** The operation that {@code X-Amz-Target} names after {@code TrentService.}; case matters. */
    public static Optional<Operation> find(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }

    public String wireName() {
        return input.wireName;
    }

    /** True if it leaves every record as it was: any use of a key, any listing. CloudTrail draws the same line. */
    public boolean readOnly() {
        return input.readOnly;
    }

    /** A fresh, empty builder of the request; {@code Buildable} as well. */
    public SdkPojo newRequestBuilder() {
        return input.builder.get();
    }

    /** A fresh, empty builder of the response; {@code Buildable} as well. */
    public SdkPojo newResponseBuilder() {
        return output.builder.get();
    }

    /** Wire names of the top-level members without which the shape check fails. */
    public Set<String> required() {
        return input.required;
    }

    /** The modelled errors it may answer with; the common ones (not {@link KmsError#isModelled()}) are always possible. */
    public Set<KmsError> declaredErrors() {
        return declaredErrors;
    }

    public OutputForm output() {
        return output.form;
    }
}
