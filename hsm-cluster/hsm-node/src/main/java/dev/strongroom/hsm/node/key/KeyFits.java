package dev.strongroom.hsm.node.key;

import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.util.EnumSet;
import java.util.Set;

/**
 * What fits what, for a node that does not take its gateway's word for it. The gateway's own table is {@code KeySpecs} of
 * the API model, which names things for callers; a conformance test compares the two entry by entry.
 */
public final class KeyFits {

    private static final Set<KeyUsage> SIGNS = EnumSet.of(KeyUsage.SIGN_VERIFY);
    private static final Set<KeyUsage> SIGNS_OR_AGREES = EnumSet.of(KeyUsage.SIGN_VERIFY, KeyUsage.KEY_AGREEMENT);

    private KeyFits() {}

    /** What keys of that spec can be made for; each key for one of it. */
    public static Set<KeyUsage> usages(KeySpec spec) {
        return switch (spec) {
            case SYMMETRIC_DEFAULT -> EnumSet.of(KeyUsage.ENCRYPT_DECRYPT);
            case RSA_2048, RSA_3072, RSA_4096 -> EnumSet.of(KeyUsage.ENCRYPT_DECRYPT, KeyUsage.SIGN_VERIFY);
            case ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521 -> SIGNS_OR_AGREES;
            case ECC_SECG_P256K1, ECC_NIST_EDWARDS25519, ML_DSA_44, ML_DSA_65, ML_DSA_87 -> SIGNS;
            case HMAC_224, HMAC_256, HMAC_384, HMAC_512 -> EnumSet.of(KeyUsage.GENERATE_VERIFY_MAC);
            case SM2 -> EnumSet.of(KeyUsage.ENCRYPT_DECRYPT, KeyUsage.SIGN_VERIFY, KeyUsage.KEY_AGREEMENT);
            case ML_KEM_512, ML_KEM_768, ML_KEM_1024 -> EnumSet.of(KeyUsage.ENCAPSULATE_DECAPSULATE);
        };
    }

    /** Whether a key of that spec, made for encryption, encrypts so. */
    public static boolean encrypts(KeySpec spec, EncryptionAlgorithm algorithm) {
        return switch (algorithm) {
            case SYMMETRIC_DEFAULT -> spec == KeySpec.SYMMETRIC_DEFAULT;
            case RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256 -> isRsa(spec);
            case SM2PKE -> spec == KeySpec.SM2;
        };
    }

    /** Whether a key of that spec, made for signatures, signs so. */
    public static boolean signs(KeySpec spec, SigningAlgorithm algorithm) {
        return switch (algorithm) {
            case RSASSA_PKCS1_V1_5_SHA_256,
                    RSASSA_PKCS1_V1_5_SHA_384,
                    RSASSA_PKCS1_V1_5_SHA_512,
                    RSASSA_PSS_SHA_256,
                    RSASSA_PSS_SHA_384,
                    RSASSA_PSS_SHA_512 -> isRsa(spec);
            case ECDSA_SHA_256 -> spec == KeySpec.ECC_NIST_P256 || spec == KeySpec.ECC_SECG_P256K1;
            case ECDSA_SHA_384 -> spec == KeySpec.ECC_NIST_P384;
            case ECDSA_SHA_512 -> spec == KeySpec.ECC_NIST_P521;
            case ED25519_SHA_512, ED25519_PH_SHA_512 -> spec == KeySpec.ECC_NIST_EDWARDS25519;
            case ML_DSA_SHAKE_256 ->
                spec == KeySpec.ML_DSA_44 || spec == KeySpec.ML_DSA_65 || spec == KeySpec.ML_DSA_87;
            case SM2DSA -> spec == KeySpec.SM2;
        };
    }

    /** Whether the algorithm signs messages of that type. */
    public static boolean takes(SigningAlgorithm algorithm, MessageType type) {
        return switch (algorithm) {
            case ED25519_SHA_512 -> type == MessageType.RAW;
            case ED25519_PH_SHA_512 -> type == MessageType.DIGEST;
            case ML_DSA_SHAKE_256 -> type != MessageType.DIGEST;
            default -> type != MessageType.EXTERNAL_MU;
        };
    }

    /** Exact length in bytes of a message that is a digest or a mu. */
    public static int digestBytes(SigningAlgorithm algorithm) {
        return switch (algorithm) {
            case RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PSS_SHA_256, ECDSA_SHA_256, SM2DSA -> 32;
            case RSASSA_PKCS1_V1_5_SHA_384, RSASSA_PSS_SHA_384, ECDSA_SHA_384 -> 48;
            case RSASSA_PKCS1_V1_5_SHA_512,
                    RSASSA_PSS_SHA_512,
                    ECDSA_SHA_512,
                    ED25519_SHA_512,
                    ED25519_PH_SHA_512,
                    ML_DSA_SHAKE_256 -> 64;
        };
    }

    /** Longest plaintext in bytes. */
    public static int maxPlaintextBytes(KeySpec spec, EncryptionAlgorithm algorithm) {
        return switch (algorithm) {
            case SYMMETRIC_DEFAULT -> 4_096;
            // Modulus, less two hashes and two bytes (RFC 8017, 7.1.1).
            case RSAES_OAEP_SHA_1 -> modulusBytes(spec) - 2 * 20 - 2;
            case RSAES_OAEP_SHA_256 -> modulusBytes(spec) - 2 * 32 - 2;
            case SM2PKE -> 1_024;
        };
    }

    /** Whether keys of that spec are pairs. */
    public static boolean isPair(KeySpec spec) {
        return switch (spec) {
            case SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512 -> false;
            default -> true;
        };
    }

    /** Whether pairs of that spec are made for callers to take away. */
    public static boolean isDataKeyPair(KeySpec spec) {
        return switch (spec) {
            case ML_DSA_44, ML_DSA_65, ML_DSA_87 -> false;
            default -> isPair(spec);
        };
    }

    private static boolean isRsa(KeySpec spec) {
        return spec == KeySpec.RSA_2048 || spec == KeySpec.RSA_3072 || spec == KeySpec.RSA_4096;
    }

    private static int modulusBytes(KeySpec spec) {
        return switch (spec) {
            case RSA_2048 -> 256;
            case RSA_3072 -> 384;
            case RSA_4096 -> 512;
            default -> throw new IllegalArgumentException(spec + " has no modulus");
        };
    }
}
