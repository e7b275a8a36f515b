package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.security.SecureRandom;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.engines.SM2Engine;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.util.BigIntegers;

/**
 * SM2 (GM/T 0003, GB/T 32918): signatures in DER over SM3 with the default user id {@code 1234567812345678}, encryption in
 * the ASN.1 form of GM/T 0009, and the x-coordinate of a plain Diffie-Hellman point. A DIGEST is the value that is
 * signed, SM3 over Z and message; the caller has mixed Z in.
 */
final class Sm2Key implements AsymmetricKey {

    private static final int DIGEST_BYTES = 32;

    private final ECPrivateKeyParameters privateKey;
    private final ECPublicKeyParameters publicKey;
    private final SecureRandom random;
    private final Bytes spki;

    Sm2Key(ECPrivateKeyParameters key, SecureRandom random) {
        this.privateKey = key;
        this.publicKey = EcEncoding.publicKey(key);
        this.random = random;
        this.spki = PrivateKeys.spki(publicKey);
    }

    @Override
    public Bytes publicKey() {
        return spki;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        var signer = new SM2Signer(digest(algorithm, type, message));
        signer.init(true, new ParametersWithRandom(privateKey, random));
        signer.update(message, 0, message.length);
        try {
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new IllegalStateException("SM2 refused a digest", e);
        }
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        var verifier = new SM2Signer(digest(algorithm, type, message));
        verifier.init(false, publicKey);
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }

    private static Digest digest(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        if (algorithm == SigningAlgorithm.SM2DSA) {
            if (type == MessageType.RAW) {
                return new SM3Digest();
            }
            if (type == MessageType.DIGEST && message.length == DIGEST_BYTES) {
                return new GivenDigest(message);
            }
        }
        throw new IllegalArgumentException(algorithm + " on SM2 does not sign " + type + " of this length");
    }

    @Override
    public byte[] encrypt(EncryptionAlgorithm algorithm, byte[] plaintext) {
        requireSm2(algorithm);
        var engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
        engine.init(true, new ParametersWithRandom(publicKey, random));
        try {
            return Sm2Ciphertext.encode(engine.processBlock(plaintext, 0, plaintext.length));
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("SM2 refused to encrypt", e);
        }
    }

    @Override
    public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) throws InvalidCiphertextException {
        requireSm2(algorithm);
        var joined = Sm2Ciphertext.decode(ciphertext);
        var engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
        engine.init(false, privateKey);
        try {
            return engine.processBlock(joined, 0, joined.length);
        } catch (InvalidCipherTextException | RuntimeException e) {
            // A point that is not on the curve is a runtime exception of the library; outside it is all the same.
            throw new InvalidCiphertextException();
        }
    }

    @Override
    public byte[] agree(byte[] peer) throws InvalidPublicKeyException {
        var point = EcEncoding.parsePublic(Curve.SM2, peer);
        var agreement = new ECDHBasicAgreement();
        agreement.init(privateKey);
        return BigIntegers.asUnsignedByteArray(Curve.SM2.fieldBytes(), agreement.calculateAgreement(point));
    }

    private static void requireSm2(EncryptionAlgorithm algorithm) {
        if (algorithm != EncryptionAlgorithm.SM2PKE) {
            throw new IllegalArgumentException(algorithm + " is not SM2");
        }
    }

    /** A digest that was computed elsewhere: whatever goes in, this comes out. */
    private static final class GivenDigest implements Digest {

        private final byte[] given;

        GivenDigest(byte[] given) {
            this.given = given;
        }

        @Override
        public String getAlgorithmName() {
            return "given";
        }

        @Override
        public int getDigestSize() {
            return given.length;
        }

        @Override
        public void update(byte in) {
            // Already hashed.
        }

        @Override
        public void update(byte[] in, int offset, int length) {
            // Already hashed.
        }

        @Override
        public int doFinal(byte[] out, int offset) {
            System.arraycopy(given, 0, out, offset, given.length);
            return given.length;
        }

        @Override
        public void reset() {
            // Nothing was taken in.
        }
    }
}
