package dev.strongroom.gateway.operation;

import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.GenerateMacRequest;
import software.amazon.awssdk.services.kms.model.GenerateMacResponse;
import software.amazon.awssdk.services.kms.model.VerifyMacRequest;
import software.amazon.awssdk.services.kms.model.VerifyMacResponse;

/** GenerateMac and VerifyMac. A key has one algorithm, so the HSM is not told which. */
final class MacOperations {

    private MacOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.GENERATE_MAC,
                OperationRow.use(
                        "kms:GenerateMac",
                        GenerateMacRequest::keyId,
                        RequestKeys::generateMac,
                        request -> Boolean.TRUE.equals(request.dryRun()),
                        MacOperations::generateMac),
                Operation.VERIFY_MAC,
                OperationRow.use(
                        "kms:VerifyMac",
                        VerifyMacRequest::keyId,
                        RequestKeys::verifyMac,
                        request -> Boolean.TRUE.equals(request.dryRun()),
                        MacOperations::verifyMac));
    }

    private static Plan<GenerateMacResponse> generateMac(
            GenerateMacRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var algorithm = request.macAlgorithmAsString();
        KeyChecks.requireUse(found.key(), KeyUsage.GENERATE_VERIFY_MAC, algorithm, "GenerateMac");
        // A copy: the HSM wipes what it is given, and a stale record makes this be planned a second time.
        var message = Plaintext.wrap(request.message().asByteArray());
        return new Plan.Ask<>(
                new UseCommand.GenerateMac(context.authority(found), message),
                made -> GenerateMacResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .mac(made.tag().use(SdkBytes::fromByteArrayUnsafe))
                        .macAlgorithm(algorithm)
                        .build());
    }

    /** A MAC that is not the right one is an error; there is no answer that says no. */
    private static Plan<VerifyMacResponse> verifyMac(
            VerifyMacRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var algorithm = request.macAlgorithmAsString();
        KeyChecks.requireUse(found.key(), KeyUsage.GENERATE_VERIFY_MAC, algorithm, "VerifyMac");
        var message = Plaintext.wrap(request.message().asByteArray());
        var mac = Bytes.wrap(request.mac().asByteArrayUnsafe());
        return new Plan.Ask<>(
                new UseCommand.VerifyMac(context.authority(found), message, mac),
                good -> VerifyMacResponse.builder()
                        .keyId(KeyChecks.arn(found.key()))
                        .macValid(true)
                        .macAlgorithm(algorithm)
                        .build());
    }
}
