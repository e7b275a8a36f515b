package dev.strongroom.gateway.authz;

import java.util.Set;

/**
 * What can be done with a key of another account (KMS API reference, "Cross-account use" of each operation). A key policy
 * may allow more; it has no effect.
 */
final class CrossAccount {

    private static final Set<String> ACTIONS = Set.of(
            "kms:DescribeKey",
            "kms:GetPublicKey",
            "kms:GetKeyRotationStatus",
            "kms:Encrypt",
            "kms:Decrypt",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:GenerateDataKeyPair",
            "kms:GenerateDataKeyPairWithoutPlaintext",
            "kms:Sign",
            "kms:Verify",
            "kms:GenerateMac",
            "kms:VerifyMac",
            "kms:DeriveSharedSecret",
            "kms:Encapsulate",
            "kms:Decapsulate",
            "kms:CreateGrant",
            "kms:ListGrants",
            "kms:RetireGrant",
            "kms:RevokeGrant");

    private CrossAccount() {}

    static boolean allows(String action) {
        return ACTIONS.contains(action);
    }
}
