package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.util.BigIntegers;

/** Whether the halves of a new key pair belong together, shown by every use that the spec allows. */
final class PairwiseTest {

    private static final byte[] MESSAGE = "strongroom pairwise test".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGEST = new byte[64];

    private final KeySpec spec;
    private final KeyPair pair;
    private final Supplier<ECPrivateKeyParameters> peers;

    /** @param peers draws another private key on the same curve */
    PairwiseTest(KeySpec spec, KeyPair pair, Supplier<ECPrivateKeyParameters> peers) {
        this.spec = spec;
        this.pair = pair;
        this.peers = peers;
    }

    /** @throws IllegalStateException if they do not */
    void run() {
        switch (spec) {
            case RSA_2048, RSA_3072, RSA_4096 -> {
                signs(SigningAlgorithm.RSASSA_PSS_SHA_256, MessageType.RAW, MESSAGE);
                decrypts(EncryptionAlgorithm.RSAES_OAEP_SHA_256);
            }
            case ECC_NIST_P256 -> {
                signs(SigningAlgorithm.ECDSA_SHA_256, MessageType.RAW, MESSAGE);
                agrees();
            }
            case ECC_NIST_P384 -> {
                signs(SigningAlgorithm.ECDSA_SHA_384, MessageType.RAW, MESSAGE);
                agrees();
            }
            case ECC_NIST_P521 -> {
                signs(SigningAlgorithm.ECDSA_SHA_512, MessageType.RAW, MESSAGE);
                agrees();
            }
            case ECC_SECG_P256K1 -> signs(SigningAlgorithm.ECDSA_SHA_256, MessageType.RAW, MESSAGE);
            case ECC_NIST_EDWARDS25519 -> {
                signs(SigningAlgorithm.ED25519_SHA_512, MessageType.RAW, MESSAGE);
                signs(SigningAlgorithm.ED25519_PH_SHA_512, MessageType.DIGEST, DIGEST);
            }
            case ML_DSA_44, ML_DSA_65, ML_DSA_87 -> signs(SigningAlgorithm.ML_DSA_SHAKE_256, MessageType.RAW, MESSAGE);
            case ML_KEM_512, ML_KEM_768, ML_KEM_1024 -> encapsulates();
            case SM2 -> {
                signs(SigningAlgorithm.SM2DSA, MessageType.RAW, MESSAGE);
                decrypts(EncryptionAlgorithm.SM2PKE);
                agrees();
            }
            case SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512 -> throw PrivateKeys.notAPair(spec);
        }
    }

    private void signs(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        require(pair.verify(algorithm, type, message, pair.sign(algorithm, type, message)));
    }

    private void decrypts(EncryptionAlgorithm algorithm) {
        var ciphertext = pair.encrypt(algorithm, MESSAGE);
        require(!Arrays.equals(MESSAGE, ciphertext));
        try {
            require(Arrays.equals(MESSAGE, pair.decrypt(algorithm, ciphertext)));
        } catch (InvalidCiphertextException e) {
            throw new IllegalStateException("what was encrypted does not decrypt", e);
        }
    }

    /** With a peer that computes by another implementation. */
    private void agrees() {
        var curve = Curve.of(spec);
        var peer = peers.get();
        var own = new ECDHBasicAgreement();
        own.init(peer);
        try {
            var expected = BigIntegers.asUnsignedByteArray(
                    curve.fieldBytes(),
                    own.calculateAgreement(
                            EcEncoding.parsePublic(curve, pair.publicKey().readOnlyArray())));
            require(Arrays.equals(
                    expected,
                    pair.agree(PrivateKeys.spki(EcEncoding.publicKey(peer)).readOnlyArray())));
        } catch (InvalidPublicKeyException e) {
            throw new IllegalStateException("a new public key is not on its curve", e);
        }
    }

    private void encapsulates() {
        var made = pair.encapsulate();
        try {
            require(Arrays.equals(made.secret(), pair.decapsulate(made.blob())));
        } catch (InvalidCiphertextException e) {
            throw new IllegalStateException("what was encapsulated is of another length", e);
        }
    }

    private static void require(boolean consistent) {
        if (!consistent) {
            throw new IllegalStateException("the halves of a key pair do not belong together");
        }
    }
}
