package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeySpecs;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.kms.model.GetPublicKeyRequest;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;

/**
 * GetPublicKey: the public key stands in the key's record, so this is a lookup and nothing else. A disabled key shows it,
 * as measured on the service and against the developer guide's table.
 */
final class PublicKeys {

    private PublicKeys() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.GET_PUBLIC_KEY,
                new OperationRow<GetPublicKeyRequest, GetPublicKeyResponse>(
                        (request, context) -> List.of(KeyNeeds.any(request.keyId(), "kms:GetPublicKey", context)),
                        PublicKeys::getPublicKey,
                        Freshness.QUORUM,
                        request -> false));
    }

    // The deprecated CustomerMasterKeySpec is still what older clients read.
    @SuppressWarnings("deprecation")
    private static Plan<GetPublicKeyResponse> getPublicKey(
            GetPublicKeyRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var key = keys.get(0).key();
        KeyChecks.requireNotPendingDeletion(key);
        KeyChecks.requireNot(key, KeyState.PENDING_IMPORT, KeyState.CREATING, KeyState.UNAVAILABLE);
        var publicKey = key.material().publicKey().orElseThrow(() -> KmsException.of(KmsError.UNSUPPORTED_OPERATION));
        var spec = key.attributes().spec().name();
        var usage = key.attributes().usage();
        var algorithms = KeySpecs.algorithms(spec, usage.name());
        var response = GetPublicKeyResponse.builder()
                .keyId(KeyChecks.arn(key))
                .publicKey(CryptoOperations.bytes(publicKey))
                .customerMasterKeySpec(spec)
                .keySpec(spec)
                .keyUsage(usage.name());
        switch (usage) {
            case ENCRYPT_DECRYPT -> response.encryptionAlgorithmsWithStrings(algorithms);
            case SIGN_VERIFY -> response.signingAlgorithmsWithStrings(algorithms);
            case KEY_AGREEMENT -> response.keyAgreementAlgorithmsWithStrings(algorithms);
            case ENCAPSULATE_DECAPSULATE -> response.encapsulationAlgorithmsWithStrings(algorithms);
            case GENERATE_VERIFY_MAC -> throw new IllegalStateException("an HMAC key has no public key");
        }
        return new Plan.Answer<>(response.build());
    }
}
