package dev.strongroom.conformance.scenario;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

/**
 * What somebody does who has the public key and no KMS: the JDK's own providers where they know the algorithm, Bouncy Castle
 * for secp256k1, Ed25519ph and the post-quantum ones.
 */
final class Offline {

    static final BouncyCastleProvider BOUNCY_CASTLE = new BouncyCastleProvider();

    private Offline() {}

    static PublicKey publicKey(KeySpec spec, byte[] spki) throws GeneralSecurityException {
        var encoded = new X509EncodedKeySpec(spki);
        return switch (spec) {
            case RSA_2048, RSA_3072, RSA_4096 -> KeyFactory.getInstance("RSA").generatePublic(encoded);
            case ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521 ->
                KeyFactory.getInstance("EC").generatePublic(encoded);
            case ECC_SECG_P256_K1, SM2 ->
                KeyFactory.getInstance("EC", BOUNCY_CASTLE).generatePublic(encoded);
            case ECC_NIST_EDWARDS25519 -> KeyFactory.getInstance("Ed25519").generatePublic(encoded);
            case ML_DSA_44, ML_DSA_65, ML_DSA_87 ->
                KeyFactory.getInstance("ML-DSA", BOUNCY_CASTLE).generatePublic(encoded);
            case ML_KEM_512, ML_KEM_768, ML_KEM_1024 ->
                KeyFactory.getInstance("ML-KEM", BOUNCY_CASTLE).generatePublic(encoded);
            default -> throw new IllegalArgumentException(spec + " has no public key");
        };
    }

    static boolean verifies(KeySpec spec, SigningAlgorithmSpec algorithm, byte[] spki, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        if (algorithm == SigningAlgorithmSpec.ED25519_PH_SHA_512) {
            // What was signed is the digest, which Ed25519ph hashes again.
            return verifiesPreHashed(spki, message, signature);
        }
        var verifier = verifier(spec, algorithm);
        verifier.initVerify(publicKey(spec, spki));
        verifier.update(message);
        return verifier.verify(signature);
    }

    private static Signature verifier(KeySpec spec, SigningAlgorithmSpec algorithm) throws GeneralSecurityException {
        var hash = algorithm.toString().replaceAll(".*_SHA_", "");
        return switch (algorithm) {
            case RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PKCS1_V1_5_SHA_384, RSASSA_PKCS1_V1_5_SHA_512 ->
                Signature.getInstance("SHA" + hash + "withRSA");
            case RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512 -> {
                var pss = Signature.getInstance("RSASSA-PSS");
                var digest = "SHA-" + hash;
                pss.setParameter(new PSSParameterSpec(
                        digest, "MGF1", new MGF1ParameterSpec(digest), Integer.parseInt(hash) / 8, 1));
                yield pss;
            }
            case ECDSA_SHA_256, ECDSA_SHA_384, ECDSA_SHA_512 ->
                spec == KeySpec.ECC_SECG_P256_K1
                        ? Signature.getInstance("SHA256withECDSA", BOUNCY_CASTLE)
                        : Signature.getInstance("SHA" + hash + "withECDSA");
            case ED25519_SHA_512 -> Signature.getInstance("Ed25519");
            case ML_DSA_SHAKE_256 -> Signature.getInstance("ML-DSA", BOUNCY_CASTLE);
            case SM2_DSA -> Signature.getInstance("SM3withSM2", BOUNCY_CASTLE);
            default -> throw new IllegalArgumentException(algorithm.toString());
        };
    }

    private static boolean verifiesPreHashed(byte[] spki, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        var verifier = Signature.getInstance("Ed25519");
        verifier.setParameter(new java.security.spec.EdDSAParameterSpec(true));
        verifier.initVerify(publicKey(KeySpec.ECC_NIST_EDWARDS25519, spki));
        verifier.update(message);
        return verifier.verify(signature);
    }

    static byte[] digest(SigningAlgorithmSpec algorithm, byte[] message) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-" + algorithm.toString().replaceAll(".*_SHA_", ""))
                .digest(message);
    }
}
