package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;

/**
 * RSA (RFC 8017): signatures PSS and PKCS#1 v1.5, encryption OAEP. The provider blinds the private power and checks it
 * against faults; the paddings of signatures are those of {@link RsaPublicHalf}.
 */
final class RsaKey implements AsymmetricKey {

    private static final String OAEP = "RSA/ECB/OAEPPadding";

    private final ProviderSuite suite;
    private final SecureRandom random;
    private final PrivateKey privateKey;
    private final RsaPublicHalf publicHalf;

    RsaKey(RSAPrivateCrtKeyParameters key, byte[] pkcs8, ProviderSuite suite, SecureRandom random) {
        this.suite = suite;
        this.random = random;
        this.publicHalf = new RsaPublicHalf(key.getModulus(), key.getPublicExponent(), suite, random);
        try {
            this.privateKey =
                    KeyFactory.getInstance("RSA", suite.rsa()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a provider does not take an RSA key that was checked", e);
        }
    }

    @Override
    public Bytes publicKey() {
        return publicHalf.spki();
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        boolean pss = RsaPublicHalf.pss(algorithm);
        var hash = SignatureHash.of(algorithm);
        var digest = hash.digest(type, message);
        if (!pss) {
            return publicHalf.power(privateKey, publicHalf.pkcs1Block(hash, digest));
        }
        try {
            var signer = publicHalf.pssSigner(hash, privateKey, true);
            signer.update(digest, 0, digest.length);
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new IllegalStateException("PSS refused a digest", e);
        }
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        return publicHalf.verify(algorithm, type, message, signature);
    }

    /** @throws IllegalArgumentException if the plaintext does not fit into the modulus */
    @Override
    public byte[] encrypt(EncryptionAlgorithm algorithm, byte[] plaintext) {
        try {
            var cipher = oaep(algorithm, Cipher.ENCRYPT_MODE, publicHalf.key());
            return cipher.doFinal(plaintext);
        } catch (IllegalBlockSizeException | BadPaddingException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a plaintext of " + plaintext.length + " bytes does not fit", e);
        }
    }

    @Override
    public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) throws InvalidCiphertextException {
        var cipher = oaep(algorithm, Cipher.DECRYPT_MODE, privateKey);
        if (ciphertext.length != publicHalf.modulusBytes()) {
            throw new InvalidCiphertextException();
        }
        try {
            return cipher.doFinal(ciphertext);
        } catch (IllegalBlockSizeException | BadPaddingException | RuntimeException e) {
            // Providers differ in what they throw at a number beyond the modulus; a caller learns no difference.
            throw new InvalidCiphertextException();
        }
    }

    private Cipher oaep(EncryptionAlgorithm algorithm, int mode, Key key) {
        var parameters = switch (algorithm) {
            case RSAES_OAEP_SHA_1 -> oaep("SHA-1", MGF1ParameterSpec.SHA1);
            case RSAES_OAEP_SHA_256 -> oaep("SHA-256", MGF1ParameterSpec.SHA256);
            case SYMMETRIC_DEFAULT, SM2PKE -> throw new IllegalArgumentException(algorithm + " is not RSA");
        };
        try {
            var cipher = Cipher.getInstance(OAEP, suite.rsa());
            cipher.init(mode, key, parameters, random);
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "no " + OAEP + " from " + suite.rsa().getName(), e);
        }
    }

    private static OAEPParameterSpec oaep(String hash, MGF1ParameterSpec mask) {
        return new OAEPParameterSpec(hash, "MGF1", mask, PSource.PSpecified.DEFAULT);
    }
}
