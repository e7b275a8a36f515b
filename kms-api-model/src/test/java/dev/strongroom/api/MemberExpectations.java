package dev.strongroom.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What each request member takes, written down a second time, from the API reference and recorded answers.
 *
 * <p>Columns: name; kind (S text, I integer, B blob, E one of, - anything), with ! if it is sensitive; least; most; a good
 * value, in which {x} stands for any number of x; expression or values as texts show them.
 */
final class MemberExpectations {

    private static final String TABLE = """
            KeyId; S; 1; 2048; k{k}; ^\\p{ASCII}+$
            TargetKeyId; S; 1; 2048; k{k}; ^\\p{ASCII}+$
            SourceKeyId; S; 1; 2048; k{k}; ^\\p{ASCII}+$
            DestinationKeyId; S; 1; 2048; k{k}; ^\\p{ASCII}+$
            AliasName; S; 1; 256; a{a}; ^[a-zA-Z0-9:/_-]+$
            Plaintext; B!; 1; 4096;;
            Message; B!; 1; 4096;;
            CiphertextBlob; B; 1; 6144;;
            Signature; B; 1; 6144;;
            Mac; B; 1; 6144;;
            ImportToken; B; 1; 6144;;
            EncryptedKeyMaterial; B; 1; 6144;;
            SharedSecretCiphertextBlob; B; 1; 6144;;
            PublicKey; B; 1; 8192;;
            AttestationDocument; B; 1; 262144;;
            GrantToken; S; 1; 8192; t{t};
            NumberOfBytes; I; 1; 1024;;
            Limit; I; 1; 1000;;
            PendingWindowInDays; I; 1; 365;;
            RotationPeriodInDays; I; 90; 2560;;
            Description; S; 0; 8192; {d};
            Policy; S; 1; 131072; p{ÿ}; [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+
            PolicyName; S; 1; 128; p{_}; [\\w]+
            TagKey; S; 1; 128; k{é};
            TagValue; S; 0; 256; {é};
            Marker; S; 1; 1024; m{ }; [\\u0020-\\u00FF]*
            GrantId; S; 1; 128; g{é};
            Name; S; 1; 256; n{:}; ^[a-zA-Z0-9:/_-]+$
            GranteePrincipal; S; 1; 256; p{@}; ^[\\w+=,.@:/-]+$
            RetiringPrincipal; S; 1; 256; p{=}; ^[\\w+=,.@:/-]+$
            GranteeServicePrincipal; S; 1; 128; a.b.c{d.}e; ^([A-Za-z0-9\\-]+)\\.([A-Za-z0-9\\-]+)(\\.[A-Za-z0-9\\-]+)+$
            RetiringServicePrincipal; S; 1; 128; a.b.c{-}; ^([A-Za-z0-9\\-]+)\\.([A-Za-z0-9\\-]+)(\\.[A-Za-z0-9\\-]+)+$
            SourceArn; S; 20; 512; arn:aws:s3::111122223333:{x}y; ^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$
            KeyMaterialId; S; 64; 64; {0}f; ^[a-f0-9]+$
            KeyMaterialDescription; S; 0; 256; d{ }; ^[a-zA-Z0-9:/_\\s.-]+$
            ReplicaRegion; S; 1; 32; a-b-{0}1; ^([a-z]+-){2,3}\\d+$
            PrimaryRegion; S; 1; 32; a-{b}b-c-1; ^([a-z]+-){2,3}\\d+$
            CustomKeyStoreId; S; 1; 64; c{é};
            CustomKeyStoreName; S; 1; 256; c{é};
            NewCustomKeyStoreName; S; 1; 256; c{é};
            CloudHsmClusterId; S; 19; 24; cluster-{2}z; cluster-[2-7a-zA-Z]{11,16}
            KeyStorePassword; S!; 7; 32; p{é};
            TrustAnchorCertificate; S; 1; 5000; c{é};
            XksKeyId; S; 1; 128; x{.}; ^[a-zA-Z0-9-_.]+$
            XksProxyUriEndpoint; S; 10; 128; https://{a}.b; ^https://[a-zA-Z0-9.-]+$
            XksProxyUriPath; S; 10; 128; /{a}b/kms/xks/v1; ^(/[a-zA-Z0-9\\/_-]+/kms/xks/v\\d{1,2})$|^(/kms/xks/v\\d{1,2})$
            XksProxyVpcEndpointServiceName; S; 20; 64; com.amazonaws.vpce.a-b-1.vpce-svc-{0}1; \
            ^(com|eu)\\.amazonaws\\.vpce\\.([a-z]+-){2,3}\\d+\\.vpce-svc-[0-9a-z]+$
            XksProxyVpcEndpointServiceOwner; S; 12; 12; 1{2}; [0-9]{12}
            AccessKeyId; S!; 20; 30; A{2}; ^[A-Z2-7]+$
            RawSecretAccessKey; S!; 43; 64; a{/}; ^[a-zA-Z0-9\\/+=]+$
            KeySpec; E; 0; 0; RSA_2048; RSA_2048, ECC_NIST_P384, ECC_NIST_P256, ECC_NIST_P521, HMAC_384, RSA_3072, \
            ECC_SECG_P256K1, RSA_4096, SYMMETRIC_DEFAULT, HMAC_256, HMAC_224, HMAC_512, SM2, ML_DSA_44, ML_DSA_65, \
            ML_DSA_87, ECC_NIST_EDWARDS25519, ML_KEM_512, ML_KEM_768, ML_KEM_1024
            DataKeySpec; E; 0; 0; AES_256; RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, \
            ECC_SECG_P256K1, ECC_NIST_EDWARDS25519, SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512, SM2, \
            ML_DSA_44, ML_DSA_65, ML_DSA_87
            CustomerMasterKeySpec; E; 0; 0; SM2; RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, \
            ECC_NIST_P521, ECC_SECG_P256K1, SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512, SM2
            KeyUsage; E; 0; 0; KEY_AGREEMENT; \
            ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC, KEY_AGREEMENT, ENCAPSULATE_DECAPSULATE
            Origin; E; 0; 0; AWS_KMS; EXTERNAL, AWS_CLOUDHSM, AWS_KMS, EXTERNAL_KEY_STORE
            EncryptionAlgorithm; E; 0; 0; SM2PKE; RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE, SYMMETRIC_DEFAULT
            SourceEncryptionAlgorithm; E; 0; 0; SM2PKE; RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE, SYMMETRIC_DEFAULT
            DestinationEncryptionAlgorithm; E; 0; 0; SM2PKE; \
            RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE, SYMMETRIC_DEFAULT
            KeyPairSpec; E; 0; 0; SM2; RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, \
            ECC_SECG_P256K1, SM2, ECC_NIST_EDWARDS25519, ML_KEM_512, ML_KEM_768, ML_KEM_1024
            DryRunModifier; E; 0; 0; IGNORE_CIPHERTEXT; IGNORE_CIPHERTEXT
            KeyEncryptionAlgorithm; E; 0; 0; RSAES_OAEP_SHA_256; RSAES_OAEP_SHA_256
            MessageType; E; 0; 0; DIGEST; RAW, DIGEST, EXTERNAL_MU
            SigningAlgorithm; E; 0; 0; SM2DSA; RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512, \
            RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PKCS1_V1_5_SHA_384, RSASSA_PKCS1_V1_5_SHA_512, ECDSA_SHA_256, \
            ECDSA_SHA_384, ECDSA_SHA_512, ED25519_SHA_512, ED25519_PH_SHA_512, SM2DSA, ML_DSA_SHAKE_256
            MacAlgorithm; E; 0; 0; HMAC_SHA_224; HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512
            KeyAgreementAlgorithm; E; 0; 0; ECDH; ECDH
            EncapsulationAlgorithm; E; 0; 0; ML_KEM; ML_KEM
            GrantOperation; E; 0; 0; Decapsulate; Decrypt, Encrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, \
            ReEncryptFrom, ReEncryptTo, Sign, Verify, GetPublicKey, CreateGrant, RetireGrant, DescribeKey, \
            GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext, GenerateMac, VerifyMac, DeriveSharedSecret, \
            Encapsulate, Decapsulate
            IncludeKeyMaterial; E; 0; 0; ROTATIONS_ONLY; ALL_KEY_MATERIAL, ROTATIONS_ONLY
            WrappingAlgorithm; E; 0; 0; SM2PKE; RSAES_PKCS1_V1_5, RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, \
            RSA_AES_KEY_WRAP_SHA_1, RSA_AES_KEY_WRAP_SHA_256, SM2PKE
            WrappingKeySpec; E; 0; 0; SM2; RSA_2048, RSA_3072, RSA_4096, SM2
            ExpirationModel; E; 0; 0; KEY_MATERIAL_EXPIRES; KEY_MATERIAL_DOES_NOT_EXPIRE, KEY_MATERIAL_EXPIRES
            ImportType; E; 0; 0; NEW_KEY_MATERIAL; NEW_KEY_MATERIAL, EXISTING_KEY_MATERIAL
            CustomKeyStoreType; E; 0; 0; AWS_CLOUDHSM; AWS_CLOUDHSM, EXTERNAL_KEY_STORE
            XksProxyConnectivity; E; 0; 0; PUBLIC_ENDPOINT; PUBLIC_ENDPOINT, VPC_ENDPOINT_SERVICE
            DryRun; -;;;;
            MultiRegion; -;;;;
            BypassPolicyLockoutSafetyCheck; -;;;;
            ValidTo; -;;;;
            EncryptionContext; -;;;;
            SourceEncryptionContext; -;;;;
            DestinationEncryptionContext; -;;;;
            EncryptionContextSubset; -;;;;
            EncryptionContextEquals; -;;;;
            """;

    /** Lists and structures, and what they consist of; a list of structures has [] behind it. */
    static final Map<String, List<String>> PARTS = Map.of(
            "Tags[]", List.of("TagKey", "TagValue"),
            "Recipient", List.of("KeyEncryptionAlgorithm", "AttestationDocument"),
            "Constraints", List.of("EncryptionContextSubset", "EncryptionContextEquals", "SourceArn"),
            "XksProxyAuthenticationCredential", List.of("AccessKeyId", "RawSecretAccessKey"));

    /** Lists of plain values, and the row that their elements follow. */
    static final Map<String, String> ELEMENTS = Map.of(
            "GrantTokens", "GrantToken",
            "TagKeys", "TagKey",
            "Operations", "GrantOperation",
            "DryRunModifiers", "DryRunModifier");

    private static final Map<String, MemberExpectations> ROWS = TABLE.lines()
            .map(line -> line.split("; ?", 6))
            .collect(Collectors.toMap(columns -> columns[0], MemberExpectations::new, (a, b) -> a, LinkedHashMap::new));

    final String kind;
    final boolean sensitive;
    final int min;
    final int max;
    final String shown;
    private final String good;

    private MemberExpectations(String[] columns) {
        kind = columns[1].substring(0, 1);
        sensitive = columns[1].endsWith("!");
        min = kind.equals("-") ? 0 : Integer.parseInt(columns[2]);
        max = kind.equals("-") ? 0 : Integer.parseInt(columns[3]);
        good = columns[4];
        shown = columns[5];
    }

    static MemberExpectations of(Operation operation, String member) {
        var special = member.equals("KeySpec") && operation != Operation.CREATE_KEY ? "DataKeySpec" : member;
        var row = ROWS.get(special);
        if (row == null) {
            throw new AssertionError("no expectation for " + member);
        }
        return row;
    }

    static java.util.Set<String> names() {
        return ROWS.keySet();
    }

    boolean hasPattern() {
        return kind.equals("S") && !shown.isEmpty();
    }

    boolean matches(String text) {
        return Pattern.matches(shown, text);
    }

    /** A good value of about that length: cut off if it cannot be so short. */
    String text(int length) {
        var open = good.indexOf('{');
        if (open < 0) {
            return good;
        }
        var close = good.indexOf('}');
        var rest = length - (good.length() - (close - open + 1));
        if (rest < 0) {
            return (good.substring(0, open) + good.substring(close + 1)).substring(0, length);
        }
        var unit = good.substring(open + 1, close);
        return good.substring(0, open) + unit.repeat(rest).substring(0, rest) + good.substring(close + 1);
    }
}
