package dev.strongroom.gateway.operation;

import static dev.strongroom.api.KeySpecs.SYMMETRIC_DEFAULT;

import dev.strongroom.api.EncryptionContext;
import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CiphertextBlob;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.kms.model.EncryptResponse;
import software.amazon.awssdk.services.kms.model.GenerateRandomRequest;
import software.amazon.awssdk.services.kms.model.GenerateRandomResponse;
import software.amazon.awssdk.services.kms.model.ReEncryptRequest;
import software.amazon.awssdk.services.kms.model.ReEncryptResponse;

/** Encrypt, Decrypt, ReEncrypt and GenerateRandom. */
final class CryptoOperations {

    private static final String IGNORE_CIPHERTEXT = "IGNORE_CIPHERTEXT";

    private CryptoOperations() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        var rows = new EnumMap<Operation, OperationRow<?, ?>>(Operation.class);
        rows.put(
                Operation.GENERATE_RANDOM,
                OperationRow.keyless(RequestKeys::generateRandom, CryptoOperations::generateRandom));
        rows.put(
                Operation.ENCRYPT,
                new OperationRow<EncryptRequest, EncryptResponse>(
                        (request, context) -> List.of(KeyNeeds.any(request.keyId(), "kms:Encrypt", context)),
                        OperationRow.eachKey(RequestKeys::encrypt),
                        CryptoOperations::encrypt,
                        Freshness.LOCAL,
                        request -> Boolean.TRUE.equals(request.dryRun())));
        rows.put(
                Operation.DECRYPT,
                new OperationRow<>(
                        CryptoOperations::decryptNeeds,
                        OperationRow.eachKey(RequestKeys::decrypt),
                        CryptoOperations::decrypt,
                        Freshness.LOCAL,
                        request -> Boolean.TRUE.equals(request.dryRun())));
        rows.put(
                Operation.RE_ENCRYPT,
                new OperationRow<>(
                        CryptoOperations::reEncryptNeeds,
                        RequestKeys::reEncrypt,
                        CryptoOperations::reEncrypt,
                        Freshness.LOCAL,
                        request -> Boolean.TRUE.equals(request.dryRun())));
        return rows;
    }

    private static Plan<EncryptResponse> encrypt(
            EncryptRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var key = found.key();
        var algorithm = algorithm(request.encryptionAlgorithmAsString());
        requireEncryptsWith(key, algorithm, "Encrypt");
        KeyChecks.requireNoContextUnlessSymmetric(key, request.encryptionContext());
        KeyChecks.requireFits(key, algorithm, request.plaintext().asByteArrayUnsafe().length);
        // A copy: the HSM wipes what it is given, and a stale record makes this be planned a second time.
        var plaintext = Plaintext.wrap(request.plaintext().asByteArray());
        var aad = aad(algorithm, request.encryptionContext());
        return new Plan.Ask<>(
                new UseCommand.Encrypt(
                        context.authority(found), EncryptionAlgorithm.valueOf(algorithm), plaintext, aad),
                encrypted -> EncryptResponse.builder()
                        .keyId(KeyChecks.arn(key))
                        .ciphertextBlob(bytes(encrypted.blob()))
                        .encryptionAlgorithm(algorithm)
                        .build());
    }

    private static List<KeyNeed> decryptNeeds(DecryptRequest request, RequestContext context) {
        var algorithm = algorithm(request.encryptionAlgorithmAsString());
        boolean ignored = ignoresCiphertext(request.dryRun(), request.dryRunModifiersAsStrings());
        return List.of(
                source(request.keyId(), request.ciphertextBlob(), algorithm, ignored, "keyId", "kms:Decrypt", context));
    }

    private static Plan<DecryptResponse> decrypt(
            DecryptRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var found = keys.get(0);
        var key = found.key();
        var algorithm = algorithm(request.encryptionAlgorithmAsString());
        if (ignoresCiphertext(request.dryRun(), request.dryRunModifiersAsStrings())) {
            requireEncryptsWith(key, algorithm, "Decrypt");
            requireNoRecipient(request);
            return new Plan.Answer<>(DecryptResponse.builder().build());
        }
        requireOpens(key, request.ciphertextBlob(), algorithm, "Decrypt");
        KeyChecks.requireNoContextUnlessSymmetric(key, request.encryptionContext());
        var recipient = EnclaveRecipient.of(request.recipient());
        var command = new UseCommand.Decrypt(
                context.authority(found),
                EncryptionAlgorithm.valueOf(algorithm),
                Bytes.wrap(request.ciphertextBlob().asByteArrayUnsafe()),
                aad(algorithm, request.encryptionContext()),
                recipient);
        return new Plan.Ask<>(
                command,
                decrypted -> DecryptResponse.builder()
                        .keyId(KeyChecks.arn(key))
                        .plaintext(EnclaveRecipient.open(recipient, decrypted.plaintext()))
                        .ciphertextForRecipient(EnclaveRecipient.sealed(recipient, decrypted.envelope()))
                        .encryptionAlgorithm(algorithm)
                        .keyMaterialId(materialId(algorithm, decrypted.materialId()))
                        .build());
    }

    /**
     * Such a dry run asks no node, and only a node can tell whether a document is good, so nobody could say that the run
     * would have succeeded. What the service does is not known.
     */
    private static void requireNoRecipient(DecryptRequest request) {
        if (request.recipient() != null) {
            throw KmsException.of(
                    KmsError.VALIDATION, "Recipient cannot be specified when DryRunModifiers has IGNORE_CIPHERTEXT.");
        }
    }

    private static List<KeyNeed> reEncryptNeeds(ReEncryptRequest request, RequestContext context) {
        var algorithm = algorithm(request.sourceEncryptionAlgorithmAsString());
        boolean ignored = ignoresCiphertext(request.dryRun(), request.dryRunModifiersAsStrings());
        return List.of(
                source(
                        request.sourceKeyId(),
                        request.ciphertextBlob(),
                        algorithm,
                        ignored,
                        "sourceKeyId",
                        "kms:ReEncryptFrom",
                        context),
                KeyNeeds.any(request.destinationKeyId(), "kms:ReEncryptTo", context));
    }

    private static Plan<ReEncryptResponse> reEncrypt(
            ReEncryptRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var source = keys.get(0);
        var destination = keys.get(1);
        var sourceAlgorithm = algorithm(request.sourceEncryptionAlgorithmAsString());
        var destinationAlgorithm = algorithm(request.destinationEncryptionAlgorithmAsString());
        if (ignoresCiphertext(request.dryRun(), request.dryRunModifiersAsStrings())) {
            requireEncryptsWith(source.key(), sourceAlgorithm, "ReEncrypt");
            requireEncryptsWith(destination.key(), destinationAlgorithm, "ReEncrypt");
            return new Plan.Answer<>(ReEncryptResponse.builder().build());
        }
        requireOpens(source.key(), request.ciphertextBlob(), sourceAlgorithm, "ReEncrypt");
        KeyChecks.requireNoContextUnlessSymmetric(source.key(), request.sourceEncryptionContext());
        requireEncryptsWith(destination.key(), destinationAlgorithm, "ReEncrypt");
        KeyChecks.requireNoContextUnlessSymmetric(destination.key(), request.destinationEncryptionContext());
        var command = new UseCommand.ReEncrypt(
                side(source, sourceAlgorithm, request.sourceEncryptionContext(), context),
                Bytes.wrap(request.ciphertextBlob().asByteArrayUnsafe()),
                side(destination, destinationAlgorithm, request.destinationEncryptionContext(), context));
        return new Plan.Ask<>(
                command,
                done -> ReEncryptResponse.builder()
                        .ciphertextBlob(bytes(done.blob()))
                        .sourceKeyId(KeyChecks.arn(source.key()))
                        .keyId(KeyChecks.arn(destination.key()))
                        .sourceEncryptionAlgorithm(sourceAlgorithm)
                        .destinationEncryptionAlgorithm(destinationAlgorithm)
                        .sourceKeyMaterialId(materialId(sourceAlgorithm, done.sourceMaterialId()))
                        .destinationKeyMaterialId(materialId(destinationAlgorithm, done.destinationMaterialId()))
                        .build(),
                refused -> refused.refusal() == Refusal.PLAINTEXT_TOO_LONG
                        ? Optional.of(KeyChecks.tooLong(destination.key(), destinationAlgorithm))
                        : Optional.empty());
    }

    private static UseCommand.Side side(
            Reply.FoundKey found, String algorithm, Map<String, String> encryptionContext, RequestContext context) {
        return new UseCommand.Side(
                context.authority(found), EncryptionAlgorithm.valueOf(algorithm), aad(algorithm, encryptionContext));
    }

    /** Only symmetric keys show which material they used. */
    private static @Nullable String materialId(String algorithm, String materialId) {
        return algorithm.equals(SYMMETRIC_DEFAULT) ? materialId : null;
    }

    private static Plan<GenerateRandomResponse> generateRandom(
            GenerateRandomRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        if (request.customKeyStoreId() != null) {
            throw KmsException.of(KmsError.CUSTOM_KEY_STORE_NOT_FOUND);
        }
        var length = request.numberOfBytes();
        if (length == null) {
            throw KmsException.of(KmsError.VALIDATION, "NumberOfBytes is required.");
        }
        var recipient = EnclaveRecipient.of(request.recipient());
        return new Plan.Ask<>(
                new UseCommand.GenerateRandom(length, context.authority(), recipient),
                random -> GenerateRandomResponse.builder()
                        .plaintext(EnclaveRecipient.open(recipient, random.octets()))
                        .ciphertextForRecipient(EnclaveRecipient.sealed(recipient, random.envelope()))
                        .build());
    }

    /** The key that a ciphertext is to be opened with: the one named, or for a symmetric blob the one it names itself. */
    private static KeyNeed source(
            @Nullable String keyId,
            @Nullable SdkBytes blob,
            String algorithm,
            boolean ignored,
            String member,
            String action,
            RequestContext context) {
        if (!ignored && blob == null) {
            throw missing("ciphertextBlob");
        }
        if (keyId != null) {
            return KeyNeeds.any(keyId, action, context);
        }
        if (ignored || blob == null || !algorithm.equals(SYMMETRIC_DEFAULT)) {
            throw missing(member);
        }
        return KeyNeeds.ofBlob(backingKey(blob), action, context);
    }

    /** Order as measured: blob form, then whose it is, then the key's state. */
    private static void requireOpens(KeyRecord key, SdkBytes blob, String algorithm, String operation) {
        if (!algorithm.equals(SYMMETRIC_DEFAULT)) {
            requireEncryptsWith(key, algorithm, operation);
            return;
        }
        var id = backingKey(blob);
        if (key.backingKeys().stream().noneMatch(backing -> backing.id().equals(id))) {
            throw KmsException.of(
                    KmsError.INCORRECT_KEY,
                    "The key ID in the request does not identify a CMK that can perform this operation.");
        }
        if (key.attributes().spec() != KeySpec.SYMMETRIC_DEFAULT) {
            // Ids of backing keys are no secret, so that of an RSA key can be written into a blob; nothing ever made
            // it.
            throw KmsException.of(KmsError.INVALID_CIPHERTEXT);
        }
        KeyChecks.requireUsable(key);
    }

    private static void requireEncryptsWith(KeyRecord key, String algorithm, String operation) {
        KeyChecks.requireUse(key, KeyUsage.ENCRYPT_DECRYPT, algorithm, operation);
    }

    private static boolean ignoresCiphertext(@Nullable Boolean dryRun, List<String> modifiers) {
        if (modifiers.contains(IGNORE_CIPHERTEXT) && !Boolean.TRUE.equals(dryRun)) {
            throw KmsException.of(KmsError.VALIDATION, "DryRunModifiers can only be specified when DryRun is true.");
        }
        return modifiers.contains(IGNORE_CIPHERTEXT);
    }

    private static Bytes backingKey(SdkBytes blob) {
        return CiphertextBlob.backingKeyId(blob.asByteArrayUnsafe())
                .orElseThrow(() -> KmsException.of(KmsError.INVALID_CIPHERTEXT));
    }

    static KmsException missing(String member) {
        return KmsException.of(
                KmsError.VALIDATION,
                "1 validation error detected: Value null at '" + member
                        + "' failed to satisfy constraint: Member must not be null");
    }

    private static String algorithm(@Nullable String requested) {
        return Optional.ofNullable(requested).orElse(SYMMETRIC_DEFAULT);
    }

    /** Key pairs take no context, which was checked before. */
    private static Bytes aad(String algorithm, Map<String, String> context) {
        return algorithm.equals(SYMMETRIC_DEFAULT) ? aad(context) : Bytes.empty();
    }

    static Bytes aad(Map<String, String> context) {
        return Bytes.wrap(EncryptionContext.canonical(context));
    }

    static SdkBytes bytes(Bytes octets) {
        return SdkBytes.fromByteArrayUnsafe(octets.readOnlyArray());
    }
}
