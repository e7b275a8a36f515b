package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.EncryptionAlgorithm;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.signers.PSSSigner;

/**
 * RSA (RFC 8017): signatures PSS and PKCS#1 v1.5, encryption OAEP.
 *
 * <p>A signature is made in two steps: the block is padded here, so that a message and its digest take one path whatever
 * the provider, and the provider computes the bare power, blinded and checked against faults. A PKCS#1 v1.5 signature is
 * verified by building the block anew and comparing, which leaves nothing to parse and so nothing to forge by odd
 * paddings.
 */
final class RsaKey implements AsymmetricKey {

    private static final String RAW = "RSA/ECB/NoPadding";
    private static final String OAEP = "RSA/ECB/OAEPPadding";
    private static final byte PSS_TRAILER = (byte) 0xbc;

    private final ProviderSuite suite;
    private final SecureRandom random;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    private final RSAKeyParameters numbers;
    private final int modulusBytes;
    private final Bytes spki;

    RsaKey(RSAPrivateCrtKeyParameters key, byte[] pkcs8, ProviderSuite suite, SecureRandom random) {
        this.suite = suite;
        this.random = random;
        this.numbers = new RSAKeyParameters(false, key.getModulus(), key.getPublicExponent());
        this.modulusBytes = (key.getModulus().bitLength() + 7) / 8;
        this.spki = PrivateKeys.spki(numbers);
        try {
            var factory = KeyFactory.getInstance("RSA", suite.rsa());
            this.privateKey = factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            this.publicKey = factory.generatePublic(new X509EncodedKeySpec(spki.readOnlyArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a provider does not take an RSA key that was checked", e);
        }
    }

    @Override
    public Bytes publicKey() {
        return spki;
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, MessageType type, byte[] message) {
        boolean pss = pss(algorithm);
        var hash = SignatureHash.of(algorithm);
        var digest = hash.digest(type, message);
        if (!pss) {
            return power(privateKey, pkcs1Block(hash, digest));
        }
        try {
            var signer = pssSigner(hash, privateKey, true);
            signer.update(digest, 0, digest.length);
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new IllegalStateException("PSS refused a digest", e);
        }
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        boolean pss = pss(algorithm);
        var hash = SignatureHash.of(algorithm);
        var digest = hash.digest(type, message);
        if (signature.length != modulusBytes || new BigInteger(1, signature).compareTo(numbers.getModulus()) >= 0) {
            return false;
        }
        if (!pss) {
            return MessageDigest.isEqual(power(publicKey, signature), pkcs1Block(hash, digest));
        }
        var signer = pssSigner(hash, publicKey, false);
        signer.update(digest, 0, digest.length);
        return signer.verifySignature(signature);
    }

    /** @throws IllegalArgumentException if the plaintext does not fit into the modulus */
    @Override
    public byte[] encrypt(EncryptionAlgorithm algorithm, byte[] plaintext) {
        try {
            var cipher = oaep(algorithm, Cipher.ENCRYPT_MODE, publicKey);
            return cipher.doFinal(plaintext);
        } catch (IllegalBlockSizeException | BadPaddingException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a plaintext of " + plaintext.length + " bytes does not fit", e);
        }
    }

    @Override
    public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) throws InvalidCiphertextException {
        var cipher = oaep(algorithm, Cipher.DECRYPT_MODE, privateKey);
        if (ciphertext.length != modulusBytes) {
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

    /** EMSA-PKCS1-v1_5 (RFC 8017, 9.2). */
    private byte[] pkcs1Block(SignatureHash hash, byte[] digest) {
        try {
            var named = new DigestInfo(new AlgorithmIdentifier(hash.oid(), DERNull.INSTANCE), digest)
                    .getEncoded(ASN1Encoding.DER);
            var block = new byte[modulusBytes];
            Arrays.fill(block, (byte) 0xff);
            block[0] = 0;
            block[1] = 1;
            block[modulusBytes - named.length - 1] = 0;
            System.arraycopy(named, 0, block, modulusBytes - named.length, named.length);
            return block;
        } catch (IOException e) {
            throw new IllegalStateException("a digest has an encoding", e);
        }
    }

    private PSSSigner pssSigner(SignatureHash hash, Key key, boolean signing) {
        var signer = PSSSigner.createRawSigner(
                new Power(key), hash.forPadding(), hash.forPadding(), hash.length(), PSS_TRAILER);
        signer.init(signing, new ParametersWithRandom(numbers, random));
        return signer;
    }

    private static boolean pss(SigningAlgorithm algorithm) {
        return switch (algorithm) {
            case RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512 -> true;
            case RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PKCS1_V1_5_SHA_384, RSASSA_PKCS1_V1_5_SHA_512 -> false;
            default -> throw new IllegalArgumentException(algorithm + " is not RSA");
        };
    }

    /** The bare RSA function, as long as the modulus. {@code block} is a number below it. */
    private byte[] power(Key key, byte[] block) {
        try {
            // "Encrypting" is, for either half of the key, the direction that keeps leading zeros.
            var cipher = Cipher.getInstance(RAW, suite.rsa());
            cipher.init(Cipher.ENCRYPT_MODE, key, random);
            var result = cipher.doFinal(block);
            if (result.length != modulusBytes) {
                throw new IllegalStateException(suite.rsa().getName() + " gives " + result.length + " bytes");
            }
            return result;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no " + RAW + " from " + suite.rsa().getName(), e);
        }
    }

    /** {@link #power} in the shape in which Bouncy Castle's paddings want it. */
    private final class Power implements AsymmetricBlockCipher {

        private final Key key;

        Power(Key key) {
            this.key = key;
        }

        @Override
        public void init(boolean forEncryption, CipherParameters parameters) {
            // The key came with the constructor.
        }

        @Override
        public int getInputBlockSize() {
            return modulusBytes;
        }

        @Override
        public int getOutputBlockSize() {
            return modulusBytes;
        }

        @Override
        public byte[] processBlock(byte[] in, int offset, int length) {
            return power(key, Arrays.copyOfRange(in, offset, offset + length));
        }
    }
}
