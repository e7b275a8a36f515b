package dev.strongroom.gateway.operation;

import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DecapsulateRequest;
import software.amazon.awssdk.services.kms.model.DecapsulateResponse;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretRequest;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretResponse;
import software.amazon.awssdk.services.kms.model.EncapsulateRequest;
import software.amazon.awssdk.services.kms.model.EncapsulateResponse;

/** DeriveSharedSecret, Encapsulate and Decapsulate: secrets that two sides come to share. */
final class SharedSecretOperations {

    private SharedSecretOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.DERIVE_SHARED_SECRET,
                OperationRow.use(
                        "kms:DeriveSharedSecret",
                        DeriveSharedSecretRequest::keyId,
                        RequestKeys::deriveSharedSecret,
                        request -> Boolean.TRUE.equals(request.dryRun()),
                        SharedSecretOperations::deriveSharedSecret),
                Operation.ENCAPSULATE,
                OperationRow.use(
                        "kms:Encapsulate",
                        EncapsulateRequest::keyId,
                        (plain, request) -> plain,
                        request -> Boolean.TRUE.equals(request.dryRun()),
                        SharedSecretOperations::encapsulate),
                Operation.DECAPSULATE,
                OperationRow.use(
                        "kms:Decapsulate",
                        DecapsulateRequest::keyId,
                        (plain, request) -> plain,
                        request -> Boolean.TRUE.equals(request.dryRun()),
                        SharedSecretOperations::decapsulate));
    }

    private static Plan<DeriveSharedSecretResponse> deriveSharedSecret(
            DeriveSharedSecretRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var algorithm = request.keyAgreementAlgorithmAsString();
        KeyChecks.requireUse(found.key(), KeyUsage.KEY_AGREEMENT, algorithm, "DeriveSharedSecret");
        var peer = Bytes.wrap(request.publicKey().asByteArrayUnsafe());
        var recipient = EnclaveRecipient.of(request.recipient());
        return new Plan.Ask<>(
                new UseCommand.DeriveSharedSecret(context.authority(found), peer, recipient),
                derived -> DeriveSharedSecretResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .sharedSecret(EnclaveRecipient.open(recipient, derived.octets()))
                        .ciphertextForRecipient(EnclaveRecipient.sealed(recipient, derived.envelope()))
                        .keyAgreementAlgorithm(algorithm)
                        .keyOrigin(found.key().attributes().origin().name())
                        .build());
    }

    private static Plan<EncapsulateResponse> encapsulate(
            EncapsulateRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var algorithm = request.encapsulationAlgorithmAsString();
        KeyChecks.requireUse(found.key(), KeyUsage.ENCAPSULATE_DECAPSULATE, algorithm, "Encapsulate");
        return new Plan.Ask<>(
                new UseCommand.Encapsulate(context.authority(found)),
                made -> EncapsulateResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .sharedSecret(made.octets().use(SdkBytes::fromByteArrayUnsafe))
                        .sharedSecretCiphertextBlob(CryptoOperations.bytes(made.blob()))
                        .encapsulationAlgorithm(algorithm)
                        .build());
    }

    /** A blob of another length is an error; every other one gives a secret, if not the one that was meant (FIPS 203). */
    private static Plan<DecapsulateResponse> decapsulate(
            DecapsulateRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var algorithm = request.encapsulationAlgorithmAsString();
        KeyChecks.requireUse(found.key(), KeyUsage.ENCAPSULATE_DECAPSULATE, algorithm, "Decapsulate");
        var blob = Bytes.wrap(request.sharedSecretCiphertextBlob().asByteArrayUnsafe());
        return new Plan.Ask<>(
                new UseCommand.Decapsulate(context.authority(found), blob),
                opened -> DecapsulateResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .sharedSecret(opened.octets().use(SdkBytes::fromByteArrayUnsafe))
                        .encapsulationAlgorithm(algorithm)
                        .build());
    }
}
