package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeySpecs;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.UseCommand.DataKeyForm;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextResponse;

/** Data keys: made in the HSM, given out sealed under a KMS key, and in the clear to callers who asked for that. */
final class DataKeyOperations {

    private DataKeyOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.GENERATE_DATA_KEY,
                new OperationRow<GenerateDataKeyRequest, GenerateDataKeyResponse>(
                        (request, context) -> List.of(KeyNeeds.any(request.keyId(), "kms:GenerateDataKey", context)),
                        OperationRow.eachKey(RequestKeys::generateDataKey),
                        DataKeyOperations::generateDataKey,
                        Freshness.LOCAL,
                        request -> Boolean.TRUE.equals(request.dryRun())),
                Operation.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT,
                new OperationRow<GenerateDataKeyWithoutPlaintextRequest, GenerateDataKeyWithoutPlaintextResponse>(
                        (request, context) ->
                                List.of(KeyNeeds.any(request.keyId(), "kms:GenerateDataKeyWithoutPlaintext", context)),
                        OperationRow.eachKey(RequestKeys::generateDataKeyWithoutPlaintext),
                        DataKeyOperations::generateDataKeyWithoutPlaintext,
                        Freshness.LOCAL,
                        request -> Boolean.TRUE.equals(request.dryRun())));
    }

    private static Plan<GenerateDataKeyResponse> generateDataKey(
            GenerateDataKeyRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        int length = length(request.keySpecAsString(), request.numberOfBytes());
        requireSymmetric(found.key(), "GenerateDataKey");
        var recipient = EnclaveRecipient.of(request.recipient());
        var command = new UseCommand.GenerateDataKey(
                context.authority(found),
                length,
                CryptoOperations.aad(request.encryptionContext()),
                DataKeyForm.PLAINTEXT_AND_CIPHERTEXT,
                recipient);
        return new Plan.Ask<>(
                command,
                made -> GenerateDataKeyResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .plaintext(EnclaveRecipient.open(recipient, made.plaintext()))
                        .ciphertextForRecipient(EnclaveRecipient.sealed(recipient, made.envelope()))
                        .ciphertextBlob(CryptoOperations.bytes(made.blob()))
                        .keyMaterialId(made.materialId())
                        .build());
    }

    private static Plan<GenerateDataKeyWithoutPlaintextResponse> generateDataKeyWithoutPlaintext(
            GenerateDataKeyWithoutPlaintextRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        int length = length(request.keySpecAsString(), request.numberOfBytes());
        requireSymmetric(found.key(), "GenerateDataKeyWithoutPlaintext");
        var command = new UseCommand.GenerateDataKey(
                context.authority(found),
                length,
                CryptoOperations.aad(request.encryptionContext()),
                DataKeyForm.CIPHERTEXT_ONLY);
        return new Plan.Ask<>(
                command,
                made -> GenerateDataKeyWithoutPlaintextResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .ciphertextBlob(CryptoOperations.bytes(made.blob()))
                        .keyMaterialId(made.materialId())
                        .build());
    }

    private static int length(@Nullable String keySpec, @Nullable Integer numberOfBytes) {
        if ((keySpec == null) == (numberOfBytes == null)) {
            throw KmsException.of(KmsError.VALIDATION, "Please specify either number of bytes or key spec.");
        }
        return numberOfBytes != null
                ? numberOfBytes
                : KeySpecs.dataKeyBytes(String.valueOf(keySpec)).orElseThrow();
    }

    /** Order as measured: usage, state, spec. */
    static void requireSymmetric(KeyRecord key, String operation) {
        KeyChecks.requireUsage(key, KeyUsage.ENCRYPT_DECRYPT, operation);
        KeyChecks.requireUsable(key);
        if (key.attributes().spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KmsException.of(KmsError.INVALID_KEY_USAGE, "You cannot generate a data key with an asymmetric CMK");
        }
    }
}
