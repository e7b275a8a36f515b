package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.crypto.KeyAgreement;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;

/** ECDSA (FIPS 186-5, section 6) and ECDH (SP 800-56A, 5.7.1.2) on P-256, P-384, P-521 and secp256k1. */
final class EcKey implements AsymmetricKey {

    private final Curve curve;
    private final ProviderSuite suite;
    private final Provider provider;
    private final SecureRandom random;
    private final PrivateKey privateKey;
    private final EcPublicHalf publicHalf;

    EcKey(Curve curve, ECPrivateKeyParameters key, byte[] pkcs8, ProviderSuite suite, SecureRandom random) {
        this.curve = curve;
        this.suite = suite;
        this.provider = suite.curve(curve);
        this.random = random;
        this.publicHalf = new EcPublicHalf(curve, EcEncoding.publicKey(key), suite);
        try {
            this.privateKey = KeyFactory.getInstance("EC", provider).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a provider does not take a key on " + curve + " that was checked", e);
        }
    }

    @Override
    public Bytes publicKey() {
        return publicHalf.spki();
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        var digest = publicHalf.hash(algorithm).digest(type, message);
        try {
            var signer = Signature.getInstance(EcPublicHalf.ECDSA, provider);
            signer.initSign(privateKey, random);
            signer.update(digest);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ECDSA refused a digest", e);
        }
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        return publicHalf.verify(algorithm, type, message, signature);
    }

    @Override
    public byte[] agree(byte[] peer) throws InvalidPublicKeyException {
        // The provider gets our own encoding of a point that was checked here, not the caller's bytes.
        var checked = new EcPublicHalf(curve, EcEncoding.parsePublic(curve, peer), suite);
        try {
            var agreement = KeyAgreement.getInstance("ECDH", provider);
            agreement.init(privateKey, random);
            var unused = agreement.doPhase(checked.key(), true);
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
