package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.PSSSigner;

/**
 * What can be done with an RSA public key, and the paddings that both halves share.
 *
 * <p>A signature is made and verified in two steps: the block is padded here, so that a message and its digest take one
 * path whatever the provider, and the provider computes the bare power. A PKCS#1 v1.5 signature is verified by building
 * the block anew and comparing (RFC 8017, 8.2.2), which leaves nothing to parse and so nothing to forge by odd paddings.
 */
final class RsaPublicHalf {

    private static final String RAW = "RSA/ECB/NoPadding";
    private static final byte PSS_TRAILER = (byte) 0xbc;

    private final ProviderSuite suite;
    private final SecureRandom random;
    private final RSAKeyParameters numbers;
    private final int modulusBytes;
    private final Bytes spki;
    private final PublicKey key;

    RsaPublicHalf(BigInteger modulus, BigInteger exponent, ProviderSuite suite, SecureRandom random) {
        this.suite = suite;
        this.random = random;
        this.numbers = new RSAKeyParameters(false, modulus, exponent);
        this.modulusBytes = (modulus.bitLength() + 7) / 8;
        this.spki = PrivateKeys.spki(numbers);
        try {
            this.key = KeyFactory.getInstance("RSA", suite.rsa())
                    .generatePublic(new X509EncodedKeySpec(spki.readOnlyArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a provider does not take an RSA key that was checked", e);
        }
    }

    Bytes spki() {
        return spki;
    }

    PublicKey key() {
        return key;
    }

    int modulusBytes() {
        return modulusBytes;
    }

    boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        boolean pss = pss(algorithm);
        var hash = SignatureHash.of(algorithm);
        var digest = hash.digest(type, message);
        if (signature.length != modulusBytes || new BigInteger(1, signature).compareTo(numbers.getModulus()) >= 0) {
            return false;
        }
        if (!pss) {
            return MessageDigest.isEqual(power(key, signature), pkcs1Block(hash, digest));
        }
        var verifier = pssSigner(hash, key, false);
        verifier.update(digest, 0, digest.length);
        return verifier.verifySignature(signature);
    }

    /** EMSA-PKCS1-v1_5 (RFC 8017, 9.2). */
    byte[] pkcs1Block(SignatureHash hash, byte[] digest) {
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

    PSSSigner pssSigner(SignatureHash hash, Key key, boolean signing) {
        var signer = PSSSigner.createRawSigner(
                new Power(key), hash.forPadding(), hash.forPadding(), hash.length(), PSS_TRAILER);
        signer.init(signing, new ParametersWithRandom(numbers, random));
        return signer;
    }

    static boolean pss(SigningAlgorithm algorithm) {
        return switch (algorithm) {
            case RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512 -> true;
            case RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PKCS1_V1_5_SHA_384, RSASSA_PKCS1_V1_5_SHA_512 -> false;
            default -> throw new IllegalArgumentException(algorithm + " is not RSA");
        };
    }

    /** The bare RSA function, as long as the modulus. {@code block} is a number below it, {@code key} either half. */
    byte[] power(Key key, byte[] block) {
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
