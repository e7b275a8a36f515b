package dev.strongroom.api;

import static dev.strongroom.api.KeySpecs.ENCAPSULATE_DECAPSULATE;
import static dev.strongroom.api.KeySpecs.ENCRYPT_DECRYPT;
import static dev.strongroom.api.KeySpecs.GENERATE_VERIFY_MAC;
import static dev.strongroom.api.KeySpecs.KEY_AGREEMENT;
import static dev.strongroom.api.KeySpecs.SIGN_VERIFY;

import java.util.Arrays;
import java.util.List;

/**
 * The table behind {@link KeySpecs}. A constant's name is the wire name of its key spec. The size, in bytes, is that of
 * the modulus (RSA), the coordinate (elliptic curves), the MAC (HMAC), the ciphertext (ML-KEM) or the key (the others).
 */
// The checker does not see that the lists are unmodifiable.
@SuppressWarnings("ImmutableEnumChecker")
enum KeySpecRow {
    RSA_2048(256, 256, Fits.RSA_ENCRYPTION, Fits.RSA_SIGNING),
    RSA_3072(384, 384, Fits.RSA_ENCRYPTION, Fits.RSA_SIGNING),
    RSA_4096(512, 512, Fits.RSA_ENCRYPTION, Fits.RSA_SIGNING),
    ECC_NIST_P256(32, 72, fit(SIGN_VERIFY, "ECDSA_SHA_256"), Fits.ECDH),
    ECC_NIST_P384(48, 104, fit(SIGN_VERIFY, "ECDSA_SHA_384"), Fits.ECDH),
    ECC_NIST_P521(66, 139, fit(SIGN_VERIFY, "ECDSA_SHA_512"), Fits.ECDH),
    ECC_SECG_P256K1(32, 72, fit(SIGN_VERIFY, "ECDSA_SHA_256")),
    SYMMETRIC_DEFAULT(32, 0, fit(ENCRYPT_DECRYPT, KeySpecs.SYMMETRIC_DEFAULT)),
    HMAC_224(28, 0, fit(GENERATE_VERIFY_MAC, "HMAC_SHA_224")),
    HMAC_256(32, 0, fit(GENERATE_VERIFY_MAC, "HMAC_SHA_256")),
    HMAC_384(48, 0, fit(GENERATE_VERIFY_MAC, "HMAC_SHA_384")),
    HMAC_512(64, 0, fit(GENERATE_VERIFY_MAC, "HMAC_SHA_512")),
    SM2(32, 72, fit(ENCRYPT_DECRYPT, "SM2PKE"), fit(SIGN_VERIFY, "SM2DSA"), Fits.ECDH),
    ML_DSA_44(32, 2420, Fits.ML_DSA),
    ML_DSA_65(32, 3309, Fits.ML_DSA),
    ML_DSA_87(32, 4627, Fits.ML_DSA),
    ECC_NIST_EDWARDS25519(32, 64, fit(SIGN_VERIFY, "ED25519_SHA_512", "ED25519_PH_SHA_512")),
    ML_KEM_512(768, 0, Fits.ML_KEM),
    ML_KEM_768(1088, 0, Fits.ML_KEM),
    ML_KEM_1024(1568, 0, Fits.ML_KEM);

    /** A usage and what it can be done with. */
    private record Fit(String usage, List<String> algorithms) {}

    /** The fits that several specs share. */
    private static final class Fits {
        static final Fit RSA_ENCRYPTION = fit(ENCRYPT_DECRYPT, "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256");
        static final Fit RSA_SIGNING = fit(
                SIGN_VERIFY,
                "RSASSA_PKCS1_V1_5_SHA_256",
                "RSASSA_PKCS1_V1_5_SHA_384",
                "RSASSA_PKCS1_V1_5_SHA_512",
                "RSASSA_PSS_SHA_256",
                "RSASSA_PSS_SHA_384",
                "RSASSA_PSS_SHA_512");
        static final Fit ECDH = fit(KEY_AGREEMENT, "ECDH");
        static final Fit ML_DSA = fit(SIGN_VERIFY, "ML_DSA_SHAKE_256");
        static final Fit ML_KEM = fit(ENCAPSULATE_DECAPSULATE, "ML_KEM");
    }

    final int size;
    final int signatureBytes;
    final List<String> usages;
    private final List<Fit> fits;

    KeySpecRow(int size, int signatureBytes, Fit... fits) {
        this.size = size;
        this.signatureBytes = signatureBytes;
        this.fits = List.of(fits);
        this.usages = Arrays.stream(fits).map(Fit::usage).toList();
    }

    private static Fit fit(String usage, String... algorithms) {
        return new Fit(usage, List.of(algorithms));
    }

    /** Empty if the usage does not fit. */
    List<String> algorithms(String usage) {
        for (var fit : fits) {
            if (fit.usage.equals(usage)) {
                return fit.algorithms;
            }
        }
        return List.of();
    }
}
