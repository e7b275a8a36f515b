package dev.strongroom.gateway.operation;

import java.util.Arrays;
import java.util.List;

/**
 * One kind of KMS key: what it is and what it is for, in the words of the KMS developer guide ("Key spec reference"). Written
 * down here once more so that the tables of the code are tested against something.
 */
public record KeyKind(String spec, String usage, List<String> algorithms) {

    private static final String RSA_SIGNING = "RSASSA_PKCS1_V1_5_SHA_256,RSASSA_PKCS1_V1_5_SHA_384,"
            + "RSASSA_PKCS1_V1_5_SHA_512,RSASSA_PSS_SHA_256,RSASSA_PSS_SHA_384,RSASSA_PSS_SHA_512";

    private static final String TABLE = """
            SYMMETRIC_DEFAULT     ENCRYPT_DECRYPT         SYMMETRIC_DEFAULT
            RSA_2048              ENCRYPT_DECRYPT         RSAES_OAEP_SHA_1,RSAES_OAEP_SHA_256
            RSA_3072              ENCRYPT_DECRYPT         RSAES_OAEP_SHA_1,RSAES_OAEP_SHA_256
            RSA_4096              ENCRYPT_DECRYPT         RSAES_OAEP_SHA_1,RSAES_OAEP_SHA_256
            SM2                   ENCRYPT_DECRYPT         SM2PKE
            RSA_2048              SIGN_VERIFY             <rsa>
            RSA_3072              SIGN_VERIFY             <rsa>
            RSA_4096              SIGN_VERIFY             <rsa>
            ECC_NIST_P256         SIGN_VERIFY             ECDSA_SHA_256
            ECC_NIST_P384         SIGN_VERIFY             ECDSA_SHA_384
            ECC_NIST_P521         SIGN_VERIFY             ECDSA_SHA_512
            ECC_SECG_P256K1       SIGN_VERIFY             ECDSA_SHA_256
            ECC_NIST_EDWARDS25519 SIGN_VERIFY             ED25519_SHA_512,ED25519_PH_SHA_512
            ML_DSA_44             SIGN_VERIFY             ML_DSA_SHAKE_256
            ML_DSA_65             SIGN_VERIFY             ML_DSA_SHAKE_256
            ML_DSA_87             SIGN_VERIFY             ML_DSA_SHAKE_256
            SM2                   SIGN_VERIFY             SM2DSA
            HMAC_224              GENERATE_VERIFY_MAC     HMAC_SHA_224
            HMAC_256              GENERATE_VERIFY_MAC     HMAC_SHA_256
            HMAC_384              GENERATE_VERIFY_MAC     HMAC_SHA_384
            HMAC_512              GENERATE_VERIFY_MAC     HMAC_SHA_512
            ECC_NIST_P256         KEY_AGREEMENT           ECDH
            ECC_NIST_P384         KEY_AGREEMENT           ECDH
            ECC_NIST_P521         KEY_AGREEMENT           ECDH
            SM2                   KEY_AGREEMENT           ECDH
            ML_KEM_512            ENCAPSULATE_DECAPSULATE ML_KEM
            ML_KEM_768            ENCAPSULATE_DECAPSULATE ML_KEM
            ML_KEM_1024           ENCAPSULATE_DECAPSULATE ML_KEM
            """;

    /** All 28. */
    public static List<KeyKind> all() {
        return TABLE.lines()
                .map(line -> line.split(" +", 3))
                .map(words -> new KeyKind(
                        words[0],
                        words[1],
                        Arrays.asList(words[2].replace("<rsa>", RSA_SIGNING).split(",", -1))))
                .toList();
    }

    boolean isSymmetric() {
        return spec.equals("SYMMETRIC_DEFAULT");
    }

    boolean isPair() {
        return !isSymmetric() && !spec.startsWith("HMAC");
    }

    @Override
    public String toString() {
        return spec + " " + usage;
    }
}
