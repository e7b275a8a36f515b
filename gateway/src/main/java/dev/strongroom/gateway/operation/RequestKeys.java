package dev.strongroom.gateway.operation;

import static dev.strongroom.api.KeySpecs.SYMMETRIC_DEFAULT;

import dev.strongroom.api.KeySpecs;
import dev.strongroom.gateway.authz.ConditionKeys;
import dev.strongroom.gateway.authz.Resource;
import dev.strongroom.hsm.protocol.KeyRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretRequest;
import software.amazon.awssdk.services.kms.model.EnableKeyRotationRequest;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateMacRequest;
import software.amazon.awssdk.services.kms.model.GenerateRandomRequest;
import software.amazon.awssdk.services.kms.model.GetParametersForImportRequest;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialRequest;
import software.amazon.awssdk.services.kms.model.PutKeyPolicyRequest;
import software.amazon.awssdk.services.kms.model.ReEncryptRequest;
import software.amazon.awssdk.services.kms.model.ReplicateKeyRequest;
import software.amazon.awssdk.services.kms.model.ScheduleKeyDeletionRequest;
import software.amazon.awssdk.services.kms.model.SignRequest;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.kms.model.TagResourceRequest;
import software.amazon.awssdk.services.kms.model.UntagResourceRequest;
import software.amazon.awssdk.services.kms.model.UpdatePrimaryRegionRequest;
import software.amazon.awssdk.services.kms.model.VerifyMacRequest;
import software.amazon.awssdk.services.kms.model.VerifyRequest;

/**
 * What policies can ask about the members of each request (developer guide, "Condition keys for AWS KMS"). A member that was
 * left out has the value that it stands for then: a policy that forbids SYMMETRIC_DEFAULT means those who do not write it,
 * too. What is known of the key, the caller and the connection is not here.
 */
final class RequestKeys {

    private static final String REQUEST_TAG = "aws:requesttag/";

    private RequestKeys() {}

    // ---- use of keys

    static Permission encrypt(Permission plain, EncryptRequest request) {
        return plain.with(request.encryptionContext(), encryptionAlgorithm(request.encryptionAlgorithmAsString()));
    }

    static Permission decrypt(Permission plain, DecryptRequest request) {
        return plain.with(
                request.encryptionContext(),
                encryptionAlgorithm(request.encryptionAlgorithmAsString()).or(EnclaveRecipient.conditions(request)));
    }

    static List<Permission> reEncrypt(ReEncryptRequest request, List<NamedKey> keys, RequestContext context) {
        var source = keys.get(0);
        var destination = keys.get(1);
        var isSame = one("kms:reencryptonsamekey", Boolean.toString(source.isSameAs(destination)));
        return List.of(
                source.permission()
                        .with(
                                request.sourceEncryptionContext(),
                                encryptionAlgorithm(request.sourceEncryptionAlgorithmAsString())
                                        .or(isSame)),
                destination
                        .permission()
                        .with(
                                request.destinationEncryptionContext(),
                                encryptionAlgorithm(request.destinationEncryptionAlgorithmAsString())
                                        .or(isSame)));
    }

    static Permission generateDataKey(Permission plain, GenerateDataKeyRequest request) {
        return plain.with(
                request.encryptionContext(), encryptionAlgorithm(null).or(EnclaveRecipient.conditions(request)));
    }

    static Permission generateDataKeyWithoutPlaintext(
            Permission plain, GenerateDataKeyWithoutPlaintextRequest request) {
        return plain.with(request.encryptionContext(), encryptionAlgorithm(null));
    }

    static Permission generateDataKeyPair(Permission plain, GenerateDataKeyPairRequest request) {
        return plain.with(
                request.encryptionContext(),
                pair(request.keyPairSpecAsString()).or(EnclaveRecipient.conditions(request)));
    }

    static Permission generateDataKeyPairWithoutPlaintext(
            Permission plain, GenerateDataKeyPairWithoutPlaintextRequest request) {
        return plain.with(request.encryptionContext(), pair(request.keyPairSpecAsString()));
    }

    private static ConditionKeys pair(String spec) {
        return encryptionAlgorithm(null).or(one("kms:datakeypairspec", spec));
    }

    private static ConditionKeys encryptionAlgorithm(@Nullable String named) {
        return one("kms:encryptionalgorithm", named == null ? SYMMETRIC_DEFAULT : named);
    }

    static Permission sign(Permission plain, SignRequest request) {
        return plain.with(signing(request.signingAlgorithmAsString(), request.messageTypeAsString()));
    }

    static Permission verify(Permission plain, VerifyRequest request) {
        return plain.with(signing(request.signingAlgorithmAsString(), request.messageTypeAsString()));
    }

    private static ConditionKeys signing(String algorithm, @Nullable String type) {
        return one("kms:signingalgorithm", algorithm).or(one("kms:messagetype", type == null ? "RAW" : type));
    }

    static Permission generateMac(Permission plain, GenerateMacRequest request) {
        return plain.with(one("kms:macalgorithm", request.macAlgorithmAsString()));
    }

    static Permission verifyMac(Permission plain, VerifyMacRequest request) {
        return plain.with(one("kms:macalgorithm", request.macAlgorithmAsString()));
    }

    static Permission deriveSharedSecret(Permission plain, DeriveSharedSecretRequest request) {
        return plain.with(one("kms:keyagreementalgorithm", request.keyAgreementAlgorithmAsString())
                .or(EnclaveRecipient.conditions(request)));
    }

    static List<Permission> generateRandom(GenerateRandomRequest request, List<NamedKey> keys, RequestContext context) {
        var anything = new Resource.Any(context.scope().accountId());
        return List.of(Permission.on(anything, "kms:GenerateRandom").with(EnclaveRecipient.conditions(request)));
    }

    // ---- life of keys

    @SuppressWarnings("deprecation") // Older clients say CustomerMasterKeySpec.
    static ConditionKeys createKey(CreateKeyRequest request) {
        var named =
                request.keySpecAsString() == null ? request.customerMasterKeySpecAsString() : request.keySpecAsString();
        var spec = named == null ? SYMMETRIC_DEFAULT : named;
        var origin = request.originAsString() == null ? KeySpecs.AWS_KMS : request.originAsString();
        var type = Boolean.TRUE.equals(request.multiRegion()) ? Optional.of("PRIMARY") : Optional.<String>empty();
        return newKey(spec, usage(request, spec), origin, type)
                .or(bypass(request.bypassPolicyLockoutSafetyCheck()))
                .or(tags(request.tags()));
    }

    /** Of a key that does not exist yet what is known of others by their records. */
    private static ConditionKeys newKey(
            String spec, Optional<String> usage, String origin, Optional<String> multiRegionKeyType) {
        return name -> switch (name) {
            case "kms:keyspec", "kms:customermasterkeyspec" -> List.of(spec);
            case "kms:keyusage", "kms:customermasterkeyusage" -> list(usage);
            case "kms:keyorigin" -> List.of(origin);
            case "kms:multiregion" -> List.of(Boolean.toString(multiRegionKeyType.isPresent()));
            case "kms:multiregionkeytype" -> list(multiRegionKeyType);
            default -> List.of();
        };
    }

    private static Optional<String> usage(CreateKeyRequest request, String spec) {
        return Optional.ofNullable(request.keyUsageAsString()).or(() -> KeySpecs.defaultUsage(spec));
    }

    static Permission putKeyPolicy(Permission plain, PutKeyPolicyRequest request) {
        return plain.with(bypass(request.bypassPolicyLockoutSafetyCheck()));
    }

    static ConditionKeys replicateKey(ReplicateKeyRequest request) {
        return one("kms:replicaregion", request.replicaRegion())
                .or(bypass(request.bypassPolicyLockoutSafetyCheck()))
                .or(tags(request.tags()));
    }

    /** Of the replica of a key. */
    static ConditionKeys replica(KeyRecord primary) {
        var attributes = primary.attributes();
        return newKey(
                attributes.spec().name(),
                Optional.of(attributes.usage().name()),
                attributes.origin().name(),
                Optional.of("REPLICA"));
    }

    static Permission updatePrimaryRegion(Permission plain, UpdatePrimaryRegionRequest request) {
        return plain.with(one("kms:primaryregion", request.primaryRegion()));
    }

    static Permission scheduleKeyDeletion(Permission plain, ScheduleKeyDeletionRequest request) {
        return plain.with(one(
                "kms:schedulekeydeletionpendingwindowindays",
                Integer.toString(KeyOperations.window(request.pendingWindowInDays()))));
    }

    static Permission enableKeyRotation(Permission plain, EnableKeyRotationRequest request) {
        return plain.with(one(
                "kms:rotationperiodindays",
                Integer.toString(RotationOperations.period(request.rotationPeriodInDays()))));
    }

    static Permission getParametersForImport(Permission plain, GetParametersForImportRequest request) {
        return plain.with(one("kms:wrappingalgorithm", request.wrappingAlgorithmAsString())
                .or(one("kms:wrappingkeyspec", request.wrappingKeySpecAsString())));
    }

    static Permission importKeyMaterial(Permission plain, ImportKeyMaterialRequest request) {
        var model = request.expirationModelAsString();
        return plain.with(one("kms:expirationmodel", model == null ? ImportOperations.EXPIRES : model)
                .or(validTo(request.validTo())));
    }

    private static ConditionKeys validTo(@Nullable Instant time) {
        return time == null
                ? ConditionKeys.NONE
                : one("kms:validto", time.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    static Permission tagResource(Permission plain, TagResourceRequest request) {
        return plain.with(tags(request.tags()));
    }

    static Permission untagResource(Permission plain, UntagResourceRequest request) {
        return plain.with(name -> name.equals("aws:tagkeys") ? request.tagKeys() : List.of());
    }

    private static ConditionKeys bypass(@Nullable Boolean asked) {
        return one("kms:bypasspolicylockoutsafetycheck", Boolean.toString(Boolean.TRUE.equals(asked)));
    }

    /** The tags that a request wants to set. */
    static ConditionKeys tags(List<Tag> tags) {
        return name -> {
            if (name.equals("aws:tagkeys")) {
                return tags.stream().map(Tag::tagKey).toList();
            }
            if (!name.startsWith(REQUEST_TAG)) {
                return List.of();
            }
            var key = name.substring(REQUEST_TAG.length());
            return tags.stream()
                    .filter(tag -> tag.tagKey().equalsIgnoreCase(key))
                    .map(Tag::tagValue)
                    .toList();
        };
    }

    private static ConditionKeys one(String key, String value) {
        return name -> name.equals(key) ? List.of(value) : List.of();
    }

    private static List<String> list(Optional<String> value) {
        return value.map(List::of).orElse(List.of());
    }
}
