package dev.strongroom.conformance.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import javax.crypto.KeyGenerator;
import org.bouncycastle.jcajce.SecretKeyWithEncapsulation;
import org.bouncycastle.jcajce.spec.KEMExtractSpec;
import org.bouncycastle.jcajce.spec.KEMGenerateSpec;
import software.amazon.awssdk.services.kms.model.KeySpec;

/** Whether a private and a public key that came out of KMS belong together. */
final class LocalPair {

    private static final byte[] MESSAGE = {1, 2, 3};

    private LocalPair() {}

    static void require(KeySpec spec, PrivateKey secret, byte[] spki) throws GeneralSecurityException {
        if (spec.toString().startsWith("ML_KEM")) {
            requireEncapsulates(spec, secret, spki);
            return;
        }
        var algorithm = switch (spec) {
            case RSA_2048, RSA_3072, RSA_4096 -> "SHA256withRSA";
            case ECC_NIST_EDWARDS25519 -> "Ed25519";
            default -> "SHA256withECDSA";
        };
        boolean isBouncyCastles = algorithm.endsWith("ECDSA");
        var signer = isBouncyCastles
                ? Signature.getInstance(algorithm, Offline.BOUNCY_CASTLE)
                : Signature.getInstance(algorithm);
        signer.initSign(secret);
        signer.update(MESSAGE);
        var signature = signer.sign();
        var verifier = isBouncyCastles
                ? Signature.getInstance(algorithm, Offline.BOUNCY_CASTLE)
                : Signature.getInstance(algorithm);
        verifier.initVerify(Offline.publicKey(spec, spki));
        verifier.update(MESSAGE);
        assertTrue(verifier.verify(signature), spec + ": a signature by the one is good for the other");
    }

    private static void requireEncapsulates(KeySpec spec, PrivateKey secret, byte[] spki)
            throws GeneralSecurityException {
        var generator = KeyGenerator.getInstance("ML-KEM", Offline.BOUNCY_CASTLE);
        generator.init(new KEMGenerateSpec.Builder(Offline.publicKey(spec, spki), "AES", 256)
                .withNoKdf()
                .build());
        var made = (SecretKeyWithEncapsulation) generator.generateKey();
        generator.init(new KEMExtractSpec.Builder(secret, made.getEncapsulation(), "AES", 256)
                .withNoKdf()
                .build());
        var told = (SecretKeyWithEncapsulation) generator.generateKey();
        assertArrayEquals(made.getEncoded(), told.getEncoded());
    }
}
