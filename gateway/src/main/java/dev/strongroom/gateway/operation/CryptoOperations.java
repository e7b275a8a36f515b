package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.GenerateRandomRequest;
import software.amazon.awssdk.services.kms.model.GenerateRandomResponse;

/** Encryption, data keys and random bytes. */
final class CryptoOperations {

    private CryptoOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(Operation.GENERATE_RANDOM, OperationRow.keyless(CryptoOperations::generateRandom));
    }

    private static Plan<GenerateRandomResponse> generateRandom(
            GenerateRandomRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var length = request.numberOfBytes();
        if (length == null) {
            throw KmsException.of(KmsError.VALIDATION, "NumberOfBytes is required.");
        }
        return new Plan.Ask<>(
                new Command.GenerateRandom(length),
                random -> GenerateRandomResponse.builder()
                        .plaintext(random.octets().use(SdkBytes::fromByteArrayUnsafe))
                        .build());
    }
}
