package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.util.Arrays;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.jspecify.annotations.Nullable;

/**
 * A key pair that is ready for use: read and checked once, with its keys prepared for the provider that is best at the
 * algorithm. Opening one costs from 0.05 ms (P-256) to some milliseconds (RSA); it is meant to be kept.
 *
 * <p>Every use can throw {@link IllegalArgumentException} when it does not fit the spec or a length was not checked before:
 * a fault of the caller's, not of the request. After {@link #close} every use is an {@link IllegalStateException}; a use
 * that has begun ends as if there had been no close. Numbers of private keys stay on the heap until the collector
 * overwrites them: Java has no other place for them (see SECURITY.md).
 *
 * <p>Safe for concurrent use.
 */
public final class KeyPair implements AutoCloseable {

    private final Bytes publicKey;
    private volatile @Nullable AsymmetricKey key;

    private KeyPair(AsymmetricKey key) {
        this.key = key;
        this.publicKey = key.publicKey();
    }

    /**
     * Opens the private key in {@code material}, which stays the caller's.
     *
     * @param spec a key pair's
     * @throws UnsealException if the material is not a key of {@code spec} in canonical form (see {@link PrivateKeys})
     */
    public static KeyPair open(KeySpec spec, KeyMaterial material, Entropy entropy) throws UnsealException {
        return open(spec, material, entropy, ProviderSuite.best(entropy));
    }

    static KeyPair open(KeySpec spec, KeyMaterial material, Entropy entropy, ProviderSuite suite)
            throws UnsealException {
        var pkcs8 = new byte[material.length()];
        try {
            material.read(0, pkcs8, pkcs8.length);
            material.requireOpen();
            var parsed = PrivateKeys.parse(spec, pkcs8);
            requireCanonical(spec, parsed, pkcs8);
            return new KeyPair(prepare(spec, parsed, pkcs8, entropy, suite));
        } catch (InvalidKeyMaterialException e) {
            throw new UnsealException("a sealed key is not a " + spec + ": " + e.getMessage());
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    private static void requireCanonical(KeySpec spec, AsymmetricKeyParameter parsed, byte[] pkcs8)
            throws UnsealException {
        var canonical = PrivateKeys.encode(parsed);
        try {
            if (!Arrays.equals(canonical, pkcs8)) {
                throw new UnsealException("a sealed " + spec + " is not in canonical form");
            }
        } finally {
            Arrays.fill(canonical, (byte) 0);
        }
    }

    private static AsymmetricKey prepare(
            KeySpec spec, AsymmetricKeyParameter key, byte[] pkcs8, Entropy entropy, ProviderSuite suite) {
        var random = entropy.asSecureRandom();
        if (key instanceof RSAPrivateCrtKeyParameters rsa) {
            return new RsaKey(rsa, pkcs8, suite, random);
        }
        if (key instanceof Ed25519PrivateKeyParameters edwards) {
            return new EdwardsKey(edwards);
        }
        if (key instanceof MLDSAPrivateKeyParameters mlDsa) {
            return new MlDsaKey(mlDsa, random);
        }
        if (key instanceof MLKEMPrivateKeyParameters mlKem) {
            return new MlKemKey(mlKem, random);
        }
        var ec = (ECPrivateKeyParameters) key;
        return spec == KeySpec.SM2 ? new Sm2Key(ec, random) : new EcKey(Curve.of(spec), ec, pkcs8, suite, random);
    }

    /** The public key, SubjectPublicKeyInfo in DER; also after {@link #close}. */
    public Bytes publicKey() {
        return publicKey;
    }

    /**
     * Signs.
     *
     * @param message the message, its digest (as long as the algorithm's hash, 64 bytes for ED25519_PH_SHA_512, SM3 over Z
     *     and message for SM2DSA) or ML-DSA's mu (64 bytes), as {@code type} says
     */
    public byte[] sign(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        return open().sign(algorithm, type, message);
    }

    /** Whether {@code signature} is one by this key; malformed ones are not. */
    public boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        return open().verify(algorithm, type, message, signature);
    }

    public byte[] encrypt(EncryptionAlgorithm algorithm, byte[] plaintext) {
        return open().encrypt(algorithm, plaintext);
    }

    /**
     * Decrypts what was encrypted with the public key, here or elsewhere; the caller wipes the plaintext.
     *
     * @throws InvalidCiphertextException if it does not decrypt, for whatever reason
     */
    public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) throws InvalidCiphertextException {
        return open().decrypt(algorithm, ciphertext);
    }

    /**
     * Diffie-Hellman: the x-coordinate of the shared point, as long as the field (32, 48 or 66 bytes). The caller wipes it.
     *
     * @param peerSpki the peer's public key, SubjectPublicKeyInfo in DER
     * @throws InvalidPublicKeyException if that is not a point on the same curve
     */
    public byte[] agree(byte[] peerSpki) throws InvalidPublicKeyException {
        return open().agree(peerSpki);
    }

    /** A fresh secret and the blob that {@link #decapsulate} turns into it. */
    public Encapsulation encapsulate() {
        return open().encapsulate();
    }

    /**
     * The 32-byte secret of a blob; the caller wipes it. A blob that was not made for this key gives a secret that nobody
     * else knows (FIPS 203, implicit rejection).
     *
     * @throws InvalidCiphertextException if the blob has another length than the spec's
     */
    public byte[] decapsulate(byte[] blob) throws InvalidCiphertextException {
        return open().decapsulate(blob);
    }

    private AsymmetricKey open() {
        var current = key;
        if (current == null) {
            throw new IllegalStateException("this key pair is closed");
        }
        return current;
    }

    /** Forgets the private key. */
    @Override
    public void close() {
        key = null;
    }

    /** Nothing of the private key. */
    @Override
    public String toString() {
        return "KeyPair[" + publicKey + "]";
    }
}
