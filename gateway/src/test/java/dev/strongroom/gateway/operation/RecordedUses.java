package dev.strongroom.gateway.operation;

import java.util.stream.Stream;

/** More records for {@link RecordedTextsTest}: keys of every kind and their uses. */
final class RecordedUses {

    private static final String TABLE = """
            17 | Sign | {'KeyId':'<SIGN>','SigningAlgorithm':'RSASSA_PSS_SHA_256'} | ValidationException: 1 validation error detected: Value at 'message' failed to satisfy constraint: Member must not be null
            17 | GenerateMac | {'KeyId':'<HMAC>','MacAlgorithm':'HMAC_SHA_256','Message':'<4097 bytes>'} | ValidationException: 1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length less than or equal to 4096
            20 | Verify | {'KeyId':'<SIGN>','SigningAlgorithm':'RSASSA_PSS_SHA_256','Message':'YQ=='} | ValidationException: 1 validation error detected: Value null at 'signature' failed to satisfy constraint: Member must not be null
            20 | Verify | {'KeyId':'<SIGN>','SigningAlgorithm':'RSASSA_PSS_SHA_256','Message':'YQ==','Signature':'<6145 bytes>'} | ValidationException: 1 validation error detected: Value at 'signature' failed to satisfy constraint: Member must have length less than or equal to 6144
            21 | VerifyMac | {'KeyId':'<HMAC>','MacAlgorithm':'HMAC_SHA_256','Message':'YQ=='} | ValidationException: 1 validation error detected: Value null at 'mac' failed to satisfy constraint: Member must not be null
            21 | VerifyMac | {'KeyId':'<HMAC>','MacAlgorithm':'HMAC_SHA_256','Message':'YQ==','Mac':''} | ValidationException: 1 validation error detected: Value at 'mac' failed to satisfy constraint: Member must have length greater than or equal to 1
            22 | Sign | {'KeyId':'<SIGN>','Message':'YQ=='} | ValidationException: 1 validation error detected: Value null at 'signingAlgorithm' failed to satisfy constraint: Member must not be null
            23 | Sign | {'KeyId':'<SIGN>','Message':'YQ==','SigningAlgorithm':'FOO'} | ValidationException: 1 validation error detected: Value 'FOO' at 'signingAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512, RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PKCS1_V1_5_SHA_384, RSASSA_PKCS1_V1_5_SHA_512, ECDSA_SHA_256, ECDSA_SHA_384, ECDSA_SHA_512, ED25519_SHA_512, ED25519_PH_SHA_512, SM2DSA, ML_DSA_SHAKE_256]
            23 | Sign | {'KeyId':'<SIGN>','Message':'YQ==','SigningAlgorithm':'SYMMETRIC_DEFAULT'} | InvalidKeyUsageException: Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.
            24 | Sign | {'KeyId':'<SIGN>','Message':'YQ==','SigningAlgorithm':'RSASSA_PSS_SHA_256','MessageType':'FOO'} | ValidationException: 1 validation error detected: Value 'FOO' at 'messageType' failed to satisfy constraint: Member must satisfy enum value set: [RAW, DIGEST, EXTERNAL_MU]
            26 | GenerateMac | {'KeyId':'<HMAC>','Message':'YQ==','MacAlgorithm':'INVALID'} | ValidationException: 1 validation error detected: Value 'INVALID' at 'macAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]
            27 | DeriveSharedSecret | {'KeyId':'<AGREE>','PublicKey':'YQ==','KeyAgreementAlgorithm':'INVALID'} | ValidationException: 1 validation error detected: Value 'INVALID' at 'keyAgreementAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [ECDH]
            28 | CreateKey | {'KeySpec':'HMAC_random','KeyUsage':'GENERATE_VERIFY_MAC'} | ValidationException: 1 validation error detected: Value 'HMAC_random' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [RSA_2048, ECC_NIST_P384, ECC_NIST_P256, ECC_NIST_P521, HMAC_384, RSA_3072, ECC_SECG_P256K1, RSA_4096, SYMMETRIC_DEFAULT, HMAC_256, HMAC_224, HMAC_512, …
            29 | CreateKey | {'KeySpec':'HMAC_256','KeyUsage':'RANDOM'} | ValidationException: 1 validation error detected: Value 'RANDOM' at 'keyUsage' failed to satisfy constraint: Member must satisfy enum value set: [ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC, …
            30 | GenerateDataKey | {'KeyId':'<ID>','KeySpec':'FOO'} | ValidationException: 1 validation error detected: Value 'FOO' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ECC_SECG_P256K1, ECC_NIST_EDWARDS25519, SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512, SM2, ML_DSA_44, ML_DSA_65, ML_DSA_87]
            30 | GenerateDataKey | {'KeyId':'<ID>','KeySpec':'RSA_2048'} | ValidationException: 1 validation error detected: Value 'RSA_2048' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ECC_SECG_P256K1, ECC_NIST_EDWARDS25519, SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512, SM2, ML_DSA_44, ML_DSA_65, ML_DSA_87]
            40 | GenerateMac | {'KeyId':'<ID>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256'} | InvalidKeyUsageException: <ID.arn> key usage is ENCRYPT_DECRYPT which is not valid for GenerateMac.
            40 | VerifyMac | {'KeyId':'<SIGN>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256','Mac':'YQ=='} | InvalidKeyUsageException: <SIGN.arn> key usage is SIGN_VERIFY which is not valid for VerifyMac.
            40 | Sign | {'KeyId':'<AGREE>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256'} | InvalidKeyUsageException: <AGREE.arn> key usage is KEY_AGREEMENT which is not valid for Sign.
            40 | Verify | {'KeyId':'<HMAC>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_256','Signature':'YQ=='} | InvalidKeyUsageException: <HMAC.arn> key usage is GENERATE_VERIFY_MAC which is not valid for Verify.
            40 | DeriveSharedSecret | {'KeyId':'<P256>','PublicKey':'YQ==','KeyAgreementAlgorithm':'ECDH'} | InvalidKeyUsageException: <P256.arn> key usage is SIGN_VERIFY which is not valid for DeriveSharedSecret.
            40 | Encapsulate | {'KeyId':'<P256>','EncapsulationAlgorithm':'ML_KEM'} | InvalidKeyUsageException: <P256.arn> key usage is SIGN_VERIFY which is not valid for Encapsulate.
            40 | Decapsulate | {'KeyId':'<ID>','EncapsulationAlgorithm':'ML_KEM','SharedSecretCiphertextBlob':'YQ=='} | InvalidKeyUsageException: <ID.arn> key usage is ENCRYPT_DECRYPT which is not valid for Decapsulate.
            40 | GenerateDataKeyPair | {'KeyId':'<KEM>','KeyPairSpec':'RSA_2048'} | InvalidKeyUsageException: <KEM.arn> key usage is ENCAPSULATE_DECAPSULATE which is not valid for GenerateDataKeyPair.
            41 | GenerateMac | {'KeyId':'<HMAC_224>','Message':'YQ==','MacAlgorithm':'HMAC_SHA_256'} | InvalidKeyUsageException: Algorithm HMAC_SHA_256 is incompatible with key spec HMAC_224.
            41 | Sign | {'KeyId':'<P256>','Message':'YQ==','SigningAlgorithm':'ECDSA_SHA_384'} | InvalidKeyUsageException: Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.
            44 | Sign | {'KeyId':'<SIGN>','Message':'<31 bytes>','MessageType':'DIGEST','SigningAlgorithm':'RSASSA_PSS_SHA_256'} | ValidationException: Digest is invalid length for algorithm RSASSA_PSS_SHA_256.
            44 | Sign | {'KeyId':'<ED>','Message':'<63 bytes>','MessageType':'DIGEST','SigningAlgorithm':'ED25519_PH_SHA_512'} | ValidationException: Digest is invalid length for algorithm ED25519_PH_SHA_512.
            45 | Sign | {'KeyId':'<ED>','Message':'<64 bytes>','MessageType':'DIGEST','SigningAlgorithm':'ED25519_SHA_512'} | ValidationException: Message type DIGEST is incompatible with algorithm ED25519_SHA_512.
            45 | Verify | {'KeyId':'<ED>','Message':'<64 bytes>','MessageType':'RAW','SigningAlgorithm':'ED25519_PH_SHA_512','Signature':'YQ=='} | ValidationException: Message type RAW is incompatible with algorithm ED25519_PH_SHA_512.
            46 | Sign | {'KeyId':'<MLDSA>','Message':'<64 bytes>','MessageType':'DIGEST','SigningAlgorithm':'ML_DSA_SHAKE_256'} | ValidationException: Message type DIGEST is incompatible with key spec ML_DSA_44.
            61 | GetPublicKey | {'KeyId':'<ID>'} | UnsupportedOperationException
            61 | GetPublicKey | {'KeyId':'<HMAC>'} | UnsupportedOperationException
            """;

    private RecordedUses() {}

    static Stream<Object[]> records() {
        return RecordedTextsTest.parse(TABLE);
    }
}
