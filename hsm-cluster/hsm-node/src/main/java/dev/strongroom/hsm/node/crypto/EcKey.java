package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.KeyAgreement;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/** ECDSA (FIPS 186-5, section 6) and ECDH (SP 800-56A, 5.7.1.2) on P-256, P-384, P-521 and secp256k1. */
final class EcKey implements AsymmetricKey {

    private static final String ECDSA = "NONEwithECDSA";

    private final Curve curve;
    private final Provider provider;
    private final SecureRandom random;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    private final Bytes spki;

    EcKey(Curve curve, ECPrivateKeyParameters key, byte[] pkcs8, ProviderSuite suite, SecureRandom random) {
        this.curve = curve;
        this.provider = curve == Curve.SECP256K1 ? suite.secp256k1() : suite.nistCurves();
        this.random = random;
        this.spki = PrivateKeys.spki(EcEncoding.publicKey(key));
        try {
            var factory = KeyFactory.getInstance("EC", provider);
            this.privateKey = factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            this.publicKey = factory.generatePublic(new X509EncodedKeySpec(spki.readOnlyArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a provider does not take a key on " + curve + " that was checked", e);
        }
    }

    @Override
    public Bytes publicKey() {
        return spki;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        var digest = hash(algorithm).digest(type, message);
        try {
            var signer = Signature.getInstance(ECDSA, provider);
            signer.initSign(privateKey, random);
            signer.update(digest);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ECDSA refused a digest", e);
        }
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        var digest = hash(algorithm).digest(type, message);
        if (!wellFormed(signature)) {
            return false;
        }
        try {
            var verifier = Signature.getInstance(ECDSA, provider);
            verifier.initVerify(publicKey);
            verifier.update(digest);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Looked at before any provider does: strict DER, two numbers from 1 to the order less one. */
    private boolean wellFormed(byte[] signature) {
        try {
            return StandardDSAEncoding.INSTANCE.decode(curve.order(), signature).length == 2;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private SignatureHash hash(SigningAlgorithm algorithm) {
        var fitting = switch (curve) {
            case P256, SECP256K1 -> SigningAlgorithm.ECDSA_SHA_256;
            case P384 -> SigningAlgorithm.ECDSA_SHA_384;
            case P521 -> SigningAlgorithm.ECDSA_SHA_512;
            case SM2 -> throw new IllegalStateException("SM2 keys are of another class");
        };
        if (algorithm != fitting) {
            throw new IllegalArgumentException(algorithm + " is not for " + curve);
        }
        return SignatureHash.of(algorithm);
    }

    @Override
    public byte[] agree(byte[] peer) throws InvalidPublicKeyException {
        // The provider gets our own encoding of a point that was checked here, not the caller's bytes.
        var checked = PrivateKeys.spki(EcEncoding.parsePublic(curve, peer));
        try {
            var factory = KeyFactory.getInstance("EC", provider);
            var agreement = KeyAgreement.getInstance("ECDH", provider);
            agreement.init(privateKey, random);
            var unused =
                    agreement.doPhase(factory.generatePublic(new X509EncodedKeySpec(checked.readOnlyArray())), true);
            var secret = agreement.generateSecret();
            if (secret.length != curve.fieldBytes()) {
                throw new IllegalStateException(provider.getName() + " gives " + secret.length + " bytes");
            }
            return secret;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ECDH refused a point that was checked", e);
        }
    }
}
