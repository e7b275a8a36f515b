package dev.strongroom.conformance.audit;

import static dev.strongroom.conformance.audit.Things.CONTEXT;

import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.kms.model.AlgorithmSpec;
import software.amazon.awssdk.services.kms.model.DataKeyPairSpec;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.EncapsulationAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KeyAgreementAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.kms.model.WrappingKeySpec;

/** Every operation that is built, in an order in which each succeeds (AWS KMS developer guide, "Examples of AWS KMS log entries"). */
final class LoggedCalls {

    private LoggedCalls() {}

    static List<LoggedCall> all() {
        return Stream.of(uses(), pairs(), looks(), changes(), grants(), lives())
                .flatMap(List::stream)
                .toList();
    }

    private static List<LoggedCall> uses() {
        return List.of(
                LoggedCall.of(
                                "Encrypt",
                                "keyId encryptionContext encryptionAlgorithm",
                                (kms, it) -> kms.encrypt(r -> r.keyId(it.text("key"))
                                        .plaintext(it.bytes("secret"))
                                        .encryptionContext(CONTEXT)))
                        .adds("keyMaterialId"),
                LoggedCall.of(
                                "Decrypt",
                                "keyId encryptionContext encryptionAlgorithm",
                                (kms, it) -> kms.decrypt(r -> r.keyId(it.text("key"))
                                        .ciphertextBlob(it.bytes("blob"))
                                        .encryptionContext(CONTEXT)))
                        .adds("keyMaterialId"),
                LoggedCall.of(
                                "ReEncrypt",
                                "destinationKeyId sourceEncryptionContext sourceEncryptionAlgorithm"
                                        + " destinationEncryptionAlgorithm",
                                (kms, it) -> kms.reEncrypt(r -> r.destinationKeyId(it.text("spare"))
                                        .ciphertextBlob(it.bytes("blob"))
                                        .sourceEncryptionContext(CONTEXT)))
                        .about(2, 1)
                        .adds("sourceKeyMaterialId destinationKeyMaterialId"),
                LoggedCall.of(
                                "GenerateDataKey",
                                "keyId keySpec encryptionContext",
                                (kms, it) -> kms.generateDataKey(r -> r.keyId(it.text("key"))
                                        .keySpec(DataKeySpec.AES_256)
                                        .encryptionContext(CONTEXT)))
                        .adds("keyMaterialId"),
                LoggedCall.of(
                                "GenerateDataKeyWithoutPlaintext",
                                "keyId numberOfBytes",
                                (kms, it) -> kms.generateDataKeyWithoutPlaintext(
                                        r -> r.keyId(it.text("key")).numberOfBytes(16)))
                        .adds("keyMaterialId"),
                LoggedCall.of(
                                "GenerateDataKeyPair",
                                "keyId keyPairSpec",
                                (kms, it) -> kms.generateDataKeyPair(
                                        r -> r.keyId(it.text("key")).keyPairSpec(DataKeyPairSpec.ECC_NIST_P256)))
                        .adds("keyMaterialId"),
                LoggedCall.of(
                                "GenerateDataKeyPairWithoutPlaintext",
                                "keyId keyPairSpec",
                                (kms, it) -> kms.generateDataKeyPairWithoutPlaintext(
                                        r -> r.keyId(it.text("key")).keyPairSpec(DataKeyPairSpec.ECC_NIST_P256)))
                        .adds("keyMaterialId"),
                LoggedCall.of(
                                "GenerateRandom",
                                "numberOfBytes",
                                (kms, it) -> kms.generateRandom(r -> r.numberOfBytes(it.count())))
                        .about(0));
    }

    private static List<LoggedCall> pairs() {
        return List.of(
                LoggedCall.of(
                        "Sign",
                        "keyId messageType signingAlgorithm",
                        (kms, it) -> kms.sign(r -> r.keyId(it.text("signing"))
                                .message(it.bytes("secret"))
                                .messageType(MessageType.RAW)
                                .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256))),
                LoggedCall.of(
                        "Verify",
                        "keyId signingAlgorithm",
                        (kms, it) -> kms.verify(r -> r.keyId(it.text("signing"))
                                .message(it.bytes("secret"))
                                .signature(it.bytes("signature"))
                                .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256))),
                LoggedCall.of(
                        "GenerateMac",
                        "keyId macAlgorithm",
                        (kms, it) -> kms.generateMac(r -> r.keyId(it.text("mac"))
                                .message(it.bytes("secret"))
                                .macAlgorithm(MacAlgorithmSpec.HMAC_SHA_256))),
                LoggedCall.of(
                        "VerifyMac",
                        "keyId macAlgorithm",
                        (kms, it) -> kms.verifyMac(r -> r.keyId(it.text("mac"))
                                .message(it.bytes("secret"))
                                .mac(it.bytes("tag"))
                                .macAlgorithm(MacAlgorithmSpec.HMAC_SHA_256))),
                LoggedCall.of(
                        "DeriveSharedSecret",
                        "keyId keyAgreementAlgorithm",
                        (kms, it) -> kms.deriveSharedSecret(r -> r.keyId(it.text("agreement"))
                                .publicKey(it.bytes("peer"))
                                .keyAgreementAlgorithm(KeyAgreementAlgorithmSpec.ECDH))),
                LoggedCall.of(
                        "Encapsulate",
                        "keyId encapsulationAlgorithm",
                        (kms, it) -> kms.encapsulate(r ->
                                r.keyId(it.text("kem")).encapsulationAlgorithm(EncapsulationAlgorithmSpec.ML_KEM))),
                LoggedCall.of(
                        "Decapsulate",
                        "keyId encapsulationAlgorithm",
                        (kms, it) -> kms.decapsulate(r -> r.keyId(it.text("kem"))
                                .sharedSecretCiphertextBlob(it.bytes("capsule"))
                                .encapsulationAlgorithm(EncapsulationAlgorithmSpec.ML_KEM))),
                LoggedCall.of(
                        "GetPublicKey", "keyId", (kms, it) -> kms.getPublicKey(r -> r.keyId(it.text("signing")))));
    }

    private static List<LoggedCall> looks() {
        return List.of(
                LoggedCall.of("DescribeKey", "keyId", (kms, it) -> kms.describeKey(r -> r.keyId(it.text("key")))),
                LoggedCall.of("GetKeyPolicy", "keyId", (kms, it) -> kms.getKeyPolicy(r -> r.keyId(it.text("key")))),
                LoggedCall.of(
                        "GetKeyRotationStatus",
                        "keyId",
                        (kms, it) -> kms.getKeyRotationStatus(r -> r.keyId(it.text("key")))),
                LoggedCall.of(
                        "GetKeyLastUsage", "keyId", (kms, it) -> kms.getKeyLastUsage(r -> r.keyId(it.text("key")))),
                LoggedCall.of("ListKeys", "limit", (kms, it) -> kms.listKeys(r -> r.limit(it.count())))
                        .about(0),
                LoggedCall.of("ListAliases", "limit", (kms, it) -> kms.listAliases(r -> r.limit(it.count())))
                        .about(0),
                LoggedCall.of(
                        "ListKeyPolicies", "keyId", (kms, it) -> kms.listKeyPolicies(r -> r.keyId(it.text("key")))),
                LoggedCall.of(
                        "ListResourceTags", "keyId", (kms, it) -> kms.listResourceTags(r -> r.keyId(it.text("key")))),
                LoggedCall.of(
                        "ListKeyRotations", "keyId", (kms, it) -> kms.listKeyRotations(r -> r.keyId(it.text("key")))),
                LoggedCall.of(
                        "ListGrants",
                        "keyId grantId",
                        (kms, it) -> kms.listGrants(r -> r.keyId(it.text("key")).grantId(it.text("retired")))),
                LoggedCall.of(
                                "ListRetirableGrants",
                                "retiringPrincipal limit",
                                (kms, it) -> kms.listRetirableGrants(r ->
                                        r.retiringPrincipal(it.text("root")).limit(it.count())))
                        .about(0));
    }

    private static List<LoggedCall> changes() {
        return List.of(
                LoggedCall.of(
                                "CreateKey",
                                "description tags",
                                (kms, it) -> kms.createKey(r -> r.description(it.description())
                                        .tags(Tag.builder()
                                                .tagKey("team")
                                                .tagValue("red")
                                                .build())))
                        .answers("keyMetadata"),
                LoggedCall.of(
                                "UpdateKeyDescription",
                                "keyId description",
                                (kms, it) -> kms.updateKeyDescription(
                                        r -> r.keyId(it.text("key")).description("yours")))
                        .answers("keyId"),
                LoggedCall.of(
                                "TagResource",
                                "keyId tags",
                                (kms, it) -> kms.tagResource(r -> r.keyId(it.text("key"))
                                        .tags(Tag.builder()
                                                .tagKey("team")
                                                .tagValue("blue")
                                                .build())))
                        .answers("keyId"),
                LoggedCall.of(
                                "UntagResource",
                                "keyId tagKeys",
                                (kms, it) -> kms.untagResource(
                                        r -> r.keyId(it.text("key")).tagKeys("team")))
                        .answers("keyId"),
                LoggedCall.of(
                                "PutKeyPolicy",
                                "keyId policy",
                                (kms, it) -> kms.putKeyPolicy(r -> r.keyId(it.text("key"))
                                        .policy(
                                                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":"
                                                        + "\"*\",\"Action\":\"kms:*\",\"Resource\":\"*\"}}")))
                        .answers("keyId"),
                LoggedCall.of(
                                "CreateAlias",
                                "aliasName targetKeyId",
                                (kms, it) -> kms.createAlias(
                                        r -> r.aliasName("alias/new").targetKeyId(it.text("key"))))
                        .answers("keyId"),
                LoggedCall.of(
                                "UpdateAlias",
                                "aliasName targetKeyId",
                                (kms, it) -> kms.updateAlias(
                                        r -> r.aliasName(it.text("alias")).targetKeyId(it.text("spare"))))
                        .about(2),
                LoggedCall.of(
                                "DeleteAlias",
                                "aliasName",
                                (kms, it) -> kms.deleteAlias(r -> r.aliasName(it.text("alias"))))
                        .answers("keyId"),
                LoggedCall.of(
                                "EnableKeyRotation",
                                "keyId rotationPeriodInDays",
                                (kms, it) -> kms.enableKeyRotation(
                                        r -> r.keyId(it.text("key")).rotationPeriodInDays(100)))
                        .answers("keyId"),
                LoggedCall.of(
                                "DisableKeyRotation",
                                "keyId",
                                (kms, it) -> kms.disableKeyRotation(r -> r.keyId(it.text("key"))))
                        .answers("keyId"),
                LoggedCall.of(
                                "RotateKeyOnDemand",
                                "keyId",
                                (kms, it) -> kms.rotateKeyOnDemand(r -> r.keyId(it.text("key"))))
                        .answers("keyId"),
                LoggedCall.of(
                                "ReplicateKey",
                                "keyId replicaRegion",
                                (kms, it) -> kms.replicateKey(
                                        r -> r.keyId(it.text("multi")).replicaRegion("eu-central-1")))
                        .answers("replicaKeyMetadata replicaPolicy"),
                LoggedCall.of(
                                "UpdatePrimaryRegion",
                                "keyId primaryRegion",
                                (kms, it) -> kms.updatePrimaryRegion(
                                        r -> r.keyId(it.text("multi")).primaryRegion("eu-central-1")))
                        .about(2));
    }

    private static List<LoggedCall> grants() {
        return List.of(
                LoggedCall.of(
                                "CreateGrant",
                                "keyId granteePrincipal operations constraints",
                                (kms, it) -> kms.createGrant(r -> r.keyId(it.text("key"))
                                        .granteePrincipal(it.text("root"))
                                        .grantTokens(it.text("token of revoked"))
                                        .constraints(c -> c.encryptionContextSubset(CONTEXT))
                                        .operations(GrantOperation.ENCRYPT)))
                        .answers("grantId"),
                LoggedCall.of(
                                "RetireGrant",
                                "keyId grantId",
                                (kms, it) -> kms.retireGrant(
                                        r -> r.keyId(it.text("key arn")).grantId(it.text("retired"))))
                        .answers("keyId")
                        .adds("grantId"),
                LoggedCall.of(
                                "RevokeGrant",
                                "keyId grantId",
                                (kms, it) -> kms.revokeGrant(
                                        r -> r.keyId(it.text("key")).grantId(it.text("revoked"))))
                        .answers("keyId"));
    }

    private static List<LoggedCall> lives() {
        return List.of(
                LoggedCall.of(
                        "GetParametersForImport",
                        "keyId wrappingAlgorithm wrappingKeySpec",
                        (kms, it) -> kms.getParametersForImport(r -> r.keyId(it.text("external"))
                                .wrappingAlgorithm(AlgorithmSpec.RSAES_OAEP_SHA_256)
                                .wrappingKeySpec(WrappingKeySpec.RSA_2048))),
                LoggedCall.of(
                                "ImportKeyMaterial",
                                "keyId expirationModel",
                                (kms, it) -> kms.importKeyMaterial(r -> r.keyId(it.text("external"))
                                        .importToken(it.bytes("import token"))
                                        .encryptedKeyMaterial(it.bytes("wrapped"))
                                        .expirationModel(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE)))
                        .answers("keyId keyMaterialId"),
                LoggedCall.of(
                                "DeleteImportedKeyMaterial",
                                "keyId",
                                (kms, it) -> kms.deleteImportedKeyMaterial(r -> r.keyId(it.text("external"))))
                        .answers("keyId keyMaterialId"),
                LoggedCall.of("DisableKey", "keyId", (kms, it) -> kms.disableKey(r -> r.keyId(it.text("spare"))))
                        .answers("keyId"),
                LoggedCall.of("EnableKey", "keyId", (kms, it) -> kms.enableKey(r -> r.keyId(it.text("spare"))))
                        .answers("keyId"),
                LoggedCall.of(
                                "ScheduleKeyDeletion",
                                "keyId pendingWindowInDays",
                                (kms, it) -> kms.scheduleKeyDeletion(
                                        r -> r.keyId(it.text("spare")).pendingWindowInDays(7)))
                        .answers("keyId deletionDate keyState pendingWindowInDays"),
                LoggedCall.of(
                                "CancelKeyDeletion",
                                "keyId",
                                (kms, it) -> kms.cancelKeyDeletion(r -> r.keyId(it.text("spare"))))
                        .answers("keyId"));
    }
}
