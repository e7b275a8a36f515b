package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.WrappingAlgorithm;
import dev.strongroom.hsm.protocol.WrappingKeySpec;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.engines.RFC5649WrapEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * How key material comes in from outside: a wrapping key pair for a caller, and what the caller wrapped with it.
 *
 * <p>Wrapped material is one of three: RSAES-OAEP of the material (RFC 8017), RSA_AES_KEY_WRAP, which is RSAES-OAEP of an
 * AES-256 key followed by AES key wrap with padding of the material (RFC 5649; the mechanism of PKCS#11
 * {@code CKM_RSA_AES_KEY_WRAP}), or SM2 encryption of the material.
 *
 * <p>Safe for concurrent use.
 */
public final class ImportWrapping {

    private static final int AES_KEY_BYTES = 32;

    private final Entropy entropy;
    private final KeyGeneration generation;

    public ImportWrapping(Entropy entropy) {
        this.entropy = entropy;
        this.generation = new KeyGeneration(entropy);
    }

    /** A new wrapping key pair, PKCS#8; the caller closes it. Its public half is {@link #publicKey}. */
    public KeyMaterial generate(WrappingKeySpec spec) {
        return generation.generate(keySpec(spec));
    }

    /**
     * The public half of a wrapping key pair, SubjectPublicKeyInfo in DER.
     *
     * @throws UnsealException if {@code wrappingKey} is not one of {@code spec}
     */
    public Bytes publicKey(WrappingKeySpec spec, KeyMaterial wrappingKey) throws UnsealException {
        try (var pair = KeyPair.open(keySpec(spec), wrappingKey, entropy)) {
            return pair.publicKey();
        }
    }

    /**
     * Unwraps; the caller wipes the result, which can be anything: {@link ImportedMaterial} says whether it is a key.
     *
     * @throws InvalidCiphertextException if it was not wrapped by {@code algorithm} with the public half, for whatever
     *     reason
     * @throws UnsealException if {@code wrappingKey} is not one of {@code spec}
     * @throws IllegalArgumentException if the algorithm is not for a key of {@code spec}
     */
    public byte[] unwrap(WrappingAlgorithm algorithm, WrappingKeySpec spec, KeyMaterial wrappingKey, byte[] wrapped)
            throws InvalidCiphertextException, UnsealException {
        if ((spec == WrappingKeySpec.SM2) != (algorithm == WrappingAlgorithm.SM2PKE)) {
            throw new IllegalArgumentException(algorithm + " is not for " + spec);
        }
        try (var pair = KeyPair.open(keySpec(spec), wrappingKey, entropy)) {
            return switch (algorithm) {
                case RSAES_OAEP_SHA_1 -> pair.decrypt(EncryptionAlgorithm.RSAES_OAEP_SHA_1, wrapped);
                case RSAES_OAEP_SHA_256 -> pair.decrypt(EncryptionAlgorithm.RSAES_OAEP_SHA_256, wrapped);
                case RSA_AES_KEY_WRAP_SHA_1 -> unwrapTwice(pair, EncryptionAlgorithm.RSAES_OAEP_SHA_1, spec, wrapped);
                case RSA_AES_KEY_WRAP_SHA_256 ->
                    unwrapTwice(pair, EncryptionAlgorithm.RSAES_OAEP_SHA_256, spec, wrapped);
                case SM2PKE -> pair.decrypt(EncryptionAlgorithm.SM2PKE, wrapped);
            };
        }
    }

    private static byte[] unwrapTwice(KeyPair pair, EncryptionAlgorithm algorithm, WrappingKeySpec spec, byte[] wrapped)
            throws InvalidCiphertextException {
        int modulusBytes = RsaEncoding.bits(keySpec(spec)) / 8;
        if (wrapped.length <= modulusBytes) {
            throw new InvalidCiphertextException();
        }
        var aesKey = pair.decrypt(algorithm, Arrays.copyOf(wrapped, modulusBytes));
        try {
            if (aesKey.length != AES_KEY_BYTES) {
                throw new InvalidCiphertextException();
            }
            return unwrapPadded(aesKey, Arrays.copyOfRange(wrapped, modulusBytes, wrapped.length));
        } finally {
            Arrays.fill(aesKey, (byte) 0);
        }
    }

    /** AES key wrap with padding (RFC 5649, SP 800-38F KWP). */
    static byte[] unwrapPadded(byte[] aesKey, byte[] wrapped) throws InvalidCiphertextException {
        var engine = new RFC5649WrapEngine(AESEngine.newInstance());
        engine.init(false, new KeyParameter(aesKey));
        try {
            return engine.unwrap(wrapped, 0, wrapped.length);
        } catch (InvalidCipherTextException | RuntimeException e) {
            throw new InvalidCiphertextException();
        }
    }

    private static KeySpec keySpec(WrappingKeySpec spec) {
        return switch (spec) {
            case RSA_2048 -> KeySpec.RSA_2048;
            case RSA_3072 -> KeySpec.RSA_3072;
            case RSA_4096 -> KeySpec.RSA_4096;
            case SM2 -> KeySpec.SM2;
        };
    }
}
