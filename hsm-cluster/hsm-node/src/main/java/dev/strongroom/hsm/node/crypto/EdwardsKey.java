package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.Ed25519phSigner;

/**
 * Ed25519 and Ed25519ph with an empty context (RFC 8032, section 5.1). The digest that a caller gives for Ed25519ph is
 * the message of the algorithm, which hashes it once more, as KMS does.
 */
final class EdwardsKey implements AsymmetricKey {

    private static final int SIGNATURE_BYTES = 64;
    private static final int DIGEST_BYTES = 64;
    private static final byte[] NO_CONTEXT = new byte[0];

    private final Ed25519PrivateKeyParameters privateKey;
    private final Ed25519PublicKeyParameters publicKey;
    private final Bytes spki;

    EdwardsKey(Ed25519PrivateKeyParameters key) {
        this.privateKey = key;
        this.publicKey = key.generatePublicKey();
        this.spki = PrivateKeys.spki(publicKey);
    }

    @Override
    public Bytes publicKey() {
        return spki;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        var signer = signer(algorithm, type, message);
        signer.init(true, privateKey);
        signer.update(message, 0, message.length);
        try {
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new IllegalStateException("Ed25519 refused a message", e);
        }
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        return verify(publicKey, algorithm, type, message, signature);
    }

    static boolean verify(
            Ed25519PublicKeyParameters publicKey,
            SigningAlgorithm algorithm,
            MessageType type,
            byte[] message,
            byte[] signature) {
        var verifier = signer(algorithm, type, message);
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        verifier.init(false, publicKey);
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }

    private static Signer signer(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        if (algorithm == SigningAlgorithm.ED25519_SHA_512 && type == MessageType.RAW) {
            return new Ed25519Signer();
        }
        if (algorithm == SigningAlgorithm.ED25519_PH_SHA_512
                && type == MessageType.DIGEST
                && message.length == DIGEST_BYTES) {
            return new Ed25519phSigner(NO_CONTEXT);
        }
        throw new IllegalArgumentException(algorithm + " does not sign " + type + " of " + message.length + " bytes");
    }
}
