package dev.strongroom.gateway.operation;

import dev.strongroom.api.KeySpecs;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.SignRequest;
import software.amazon.awssdk.services.kms.model.SignResponse;
import software.amazon.awssdk.services.kms.model.VerifyRequest;
import software.amazon.awssdk.services.kms.model.VerifyResponse;

/**
 * Sign and Verify. The message type is looked at after the algorithm: a type that no algorithm of the key takes is the
 * key spec's fault, one that only this algorithm does not take is the algorithm's. (Two of the texts were recorded; the
 * rule that joins them, and the text for a mu of the wrong length, are inferred.)
 */
final class SigningOperations {

    private SigningOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.SIGN,
                OperationRow.use(
                        "kms:Sign",
                        SignRequest::keyId,
                        RequestKeys::sign,
                        request -> Boolean.TRUE.equals(request.dryRun()),
                        SigningOperations::sign),
                Operation.VERIFY,
                OperationRow.use(
                        "kms:Verify",
                        VerifyRequest::keyId,
                        RequestKeys::verify,
                        request -> Boolean.TRUE.equals(request.dryRun()),
                        SigningOperations::verify));
    }

    private static Plan<SignResponse> sign(SignRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var algorithm = request.signingAlgorithmAsString();
        var type = type(request.messageTypeAsString());
        // A copy: the HSM wipes what it is given, and a stale record makes this be planned a second time.
        var length = request.message().asByteArrayUnsafe().length;
        requireSigns(found.key(), algorithm, type, length, "Sign");
        var command = new UseCommand.Sign(
                context.authority(found),
                SigningAlgorithm.valueOf(algorithm),
                type,
                Plaintext.wrap(request.message().asByteArray()));
        return new Plan.Ask<>(
                command,
                signed -> SignResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .signature(CryptoOperations.bytes(signed.signature()))
                        .signingAlgorithm(algorithm)
                        .build());
    }

    /** A bad signature is an error, whatever is bad about it; there is no answer that says no. */
    private static Plan<VerifyResponse> verify(
            VerifyRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var algorithm = request.signingAlgorithmAsString();
        var type = type(request.messageTypeAsString());
        var length = request.message().asByteArrayUnsafe().length;
        requireSigns(found.key(), algorithm, type, length, "Verify");
        var command = new UseCommand.Verify(
                context.authority(found),
                SigningAlgorithm.valueOf(algorithm),
                type,
                Plaintext.wrap(request.message().asByteArray()),
                Bytes.wrap(request.signature().asByteArrayUnsafe()));
        return new Plan.Ask<>(
                command,
                good -> VerifyResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .signatureValid(true)
                        .signingAlgorithm(algorithm)
                        .build());
    }

    private static MessageType type(@Nullable String requested) {
        return Optional.ofNullable(requested).map(MessageType::valueOf).orElse(MessageType.RAW);
    }

    private static void requireSigns(
            KeyRecord key, String algorithm, MessageType type, int messageBytes, String operation) {
        KeyChecks.requireUse(key, KeyUsage.SIGN_VERIFY, algorithm, operation);
        if (!KeySpecs.messageTypes(algorithm).contains(type.name())) {
            throw incompatible(key, algorithm, type);
        }
        if (type != MessageType.RAW
                && messageBytes != KeySpecs.digestBytes(algorithm).orElseThrow()) {
            throw KmsException.of(KmsError.VALIDATION, "Digest is invalid length for algorithm " + algorithm + ".");
        }
    }

    private static KmsException incompatible(KeyRecord key, String algorithm, MessageType type) {
        var attributes = key.attributes();
        boolean fitsAnother = KeySpecs.algorithms(
                        attributes.spec().name(), attributes.usage().name())
                .stream()
                .anyMatch(other -> KeySpecs.messageTypes(other).contains(type.name()));
        return KmsException.of(
                KmsError.VALIDATION,
                "Message type " + type + " is incompatible with "
                        + (fitsAnother ? "algorithm " + algorithm : "key spec " + attributes.spec()) + ".");
    }
}
