package dev.strongroom.gateway.operation;

import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import dev.strongroom.hsm.protocol.UseCommand.DataKeyForm;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairWithoutPlaintextResponse;

/**
 * Data key pairs: made in the HSM like data keys, the private key sealed under a symmetric KMS key. Its ciphertext is an
 * ordinary blob that Decrypt opens.
 */
final class DataKeyPairOperations {

    private DataKeyPairOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.GENERATE_DATA_KEY_PAIR,
                OperationRow.use(
                        "kms:GenerateDataKeyPair",
                        GenerateDataKeyPairRequest::keyId,
                        RequestKeys::generateDataKeyPair,
                        request -> Boolean.TRUE.equals(request.dryRun()),
                        DataKeyPairOperations::generateDataKeyPair),
                Operation.GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT,
                OperationRow.use(
                        "kms:GenerateDataKeyPairWithoutPlaintext",
                        GenerateDataKeyPairWithoutPlaintextRequest::keyId,
                        RequestKeys::generateDataKeyPairWithoutPlaintext,
                        request -> Boolean.TRUE.equals(request.dryRun()),
                        DataKeyPairOperations::generateDataKeyPairWithoutPlaintext));
    }

    private static Plan<GenerateDataKeyPairResponse> generateDataKeyPair(
            GenerateDataKeyPairRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        DataKeyOperations.requireSymmetric(found.key(), "GenerateDataKeyPair");
        var spec = request.keyPairSpecAsString();
        var recipient = EnclaveRecipient.of(request.recipient());
        var command = new UseCommand.GenerateDataKeyPair(
                context.authority(found),
                KeySpec.valueOf(spec),
                CryptoOperations.aad(request.encryptionContext()),
                DataKeyForm.PLAINTEXT_AND_CIPHERTEXT,
                recipient);
        return new Plan.Ask<>(
                command,
                made -> GenerateDataKeyPairResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .keyPairSpec(spec)
                        .publicKey(CryptoOperations.bytes(made.publicKey()))
                        .privateKeyPlaintext(EnclaveRecipient.open(recipient, made.privateKey()))
                        .ciphertextForRecipient(EnclaveRecipient.sealed(recipient, made.envelope()))
                        .privateKeyCiphertextBlob(CryptoOperations.bytes(made.blob()))
                        .keyMaterialId(made.materialId())
                        .build());
    }

    private static Plan<GenerateDataKeyPairWithoutPlaintextResponse> generateDataKeyPairWithoutPlaintext(
            GenerateDataKeyPairWithoutPlaintextRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        DataKeyOperations.requireSymmetric(found.key(), "GenerateDataKeyPairWithoutPlaintext");
        var spec = request.keyPairSpecAsString();
        var command = new UseCommand.GenerateDataKeyPair(
                context.authority(found),
                KeySpec.valueOf(spec),
                CryptoOperations.aad(request.encryptionContext()),
                DataKeyForm.CIPHERTEXT_ONLY);
        return new Plan.Ask<>(
                command,
                made -> GenerateDataKeyPairWithoutPlaintextResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .keyPairSpec(spec)
                        .publicKey(CryptoOperations.bytes(made.publicKey()))
                        .privateKeyCiphertextBlob(CryptoOperations.bytes(made.blob()))
                        .keyMaterialId(made.materialId())
                        .build());
    }
}
