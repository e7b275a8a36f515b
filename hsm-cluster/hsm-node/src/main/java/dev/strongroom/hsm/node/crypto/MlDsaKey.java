package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.security.SecureRandom;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * ML-DSA (FIPS 204), hedged, with an empty context. RAW is the pure version; EXTERNAL_MU is its second half, for callers
 * who computed mu themselves (section 6.2 and algorithm 7, step 6): both give the same kind of signature.
 */
final class MlDsaKey implements AsymmetricKey {

    private static final int MU_BYTES = 64;

    private final MLDSAPrivateKeyParameters privateKey;
    private final MLDSAPublicKeyParameters publicKey;
    private final SecureRandom random;
    private final Bytes spki;

    MlDsaKey(MLDSAPrivateKeyParameters key, SecureRandom random) {
        this.privateKey = key;
        this.publicKey = key.getPublicKeyParameters();
        this.random = random;
        this.spki = PrivateKeys.spki(publicKey);
    }

    @Override
    public Bytes publicKey() {
        return spki;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        boolean external = external(algorithm, type, message);
        var signer = new MLDSASigner();
        signer.init(true, new ParametersWithRandom(privateKey, random));
        try {
            if (external) {
                return signer.generateMuSignature(message);
            }
            signer.update(message, 0, message.length);
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new IllegalStateException("ML-DSA refused a message", e);
        }
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        boolean external = external(algorithm, type, message);
        var verifier = new MLDSASigner();
        verifier.init(false, publicKey);
        if (external) {
            return verifier.verifyMuSignature(message, signature);
        }
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }

    private static boolean external(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        if (algorithm == SigningAlgorithm.ML_DSA_SHAKE_256) {
            if (type == MessageType.RAW) {
                return false;
            }
            if (type == MessageType.EXTERNAL_MU && message.length == MU_BYTES) {
                return true;
            }
        }
        throw new IllegalArgumentException(algorithm + " on ML-DSA does not sign " + type + " of this length");
    }
}
