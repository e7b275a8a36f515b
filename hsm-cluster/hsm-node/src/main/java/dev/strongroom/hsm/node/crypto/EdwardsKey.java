package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519phSigner;

/**
 * Ed25519 and Ed25519ph with an empty context (RFC 8032, section 5.1). The digest that a caller gives for Ed25519ph is
 * the message of the algorithm, which hashes it once more, as KMS does.
 */
final class EdwardsKey implements AsymmetricKey {

    private static final int SIGNATURE_BYTES = 64;
    private static final int DIGEST_BYTES = 64;
    private static final byte[] NO_CONTEXT = new byte[0];

    private final ProviderSuite suite;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    private final Ed25519PrivateKeyParameters numbers;
    private final Ed25519PublicKeyParameters publicNumbers;
    private final Bytes spki;

    EdwardsKey(Ed25519PrivateKeyParameters key, byte[] pkcs8, ProviderSuite suite) {
        this.suite = suite;
        this.numbers = key;
        this.publicNumbers = key.generatePublicKey();
        this.spki = PrivateKeys.spki(publicNumbers);
        try {
            var factory = KeyFactory.getInstance("Ed25519", suite.ed25519());
            this.privateKey = factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            this.publicKey = factory.generatePublic(new X509EncodedKeySpec(spki.readOnlyArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a provider does not take an Ed25519 key that was checked", e);
        }
    }

    @Override
    public Bytes publicKey() {
        return spki;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        try {
            if (prehashed(algorithm, type, message)) {
                return signPrehashed(message);
            }
            var signer = Signature.getInstance("Ed25519", suite.ed25519());
            signer.initSign(privateKey);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 refused a message", e);
        }
    }

    private byte[] signPrehashed(byte[] message) {
        Signer signer = new Ed25519phSigner(NO_CONTEXT);
        signer.init(true, numbers);
        signer.update(message, 0, message.length);
        try {
            return signer.generateSignature();
        } catch (org.bouncycastle.crypto.CryptoException e) {
            throw new IllegalStateException("Ed25519ph refused a digest", e);
        }
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        boolean prehashed = prehashed(algorithm, type, message);
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            if (prehashed) {
                var verifier = new Ed25519phSigner(NO_CONTEXT);
                verifier.init(false, publicNumbers);
                verifier.update(message, 0, message.length);
                return verifier.verifySignature(signature);
            }
            var verifier = Signature.getInstance("Ed25519", suite.ed25519());
            verifier.initVerify(publicKey);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean prehashed(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        if (algorithm == SigningAlgorithm.ED25519_SHA_512 && type == MessageType.RAW) {
            return false;
        }
        if (algorithm == SigningAlgorithm.ED25519_PH_SHA_512
                && type == MessageType.DIGEST
                && message.length == DIGEST_BYTES) {
            return true;
        }
        throw new IllegalArgumentException(algorithm + " does not sign " + type + " of " + message.length + " bytes");
    }
}
