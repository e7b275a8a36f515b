package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;

/**
 * A private key with its public half, prepared for use. What a family of keys cannot do is an {@link
 * IllegalArgumentException}: whoever calls has checked the usage before.
 *
 * <p>Safe for concurrent use: what computes is made for each call, what is kept is not changed.
 */
sealed interface AsymmetricKey permits RsaKey, EcKey, EdwardsKey, MlDsaKey, MlKemKey, Sm2Key {

    /** The public half, SubjectPublicKeyInfo in DER. */
    Bytes publicKey();

    default byte[] sign(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        throw unfit("sign by " + algorithm);
    }

    /** False for anything that is not a signature by this key, well-formed or not. */
    default boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        throw unfit("verify by " + algorithm);
    }

    default byte[] encrypt(EncryptionAlgorithm algorithm, byte[] plaintext) {
        throw unfit("encrypt by " + algorithm);
    }

    default byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) throws InvalidCiphertextException {
        throw unfit("decrypt by " + algorithm);
    }

    default byte[] agree(byte[] peer) throws InvalidPublicKeyException {
        throw unfit("agree on a secret");
    }

    default Encapsulation encapsulate() {
        throw unfit("encapsulate");
    }

    default byte[] decapsulate(byte[] blob) throws InvalidCiphertextException {
        throw unfit("decapsulate");
    }

    private IllegalArgumentException unfit(String use) {
        return new IllegalArgumentException("this key cannot " + use);
    }
}
