package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.KeySpec;
import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;

/** RSA private keys in PKCS#8, two primes, with the checks of FIPS 186-5 and SP 800-56B that a given key allows. */
final class RsaEncoding {

    /** FIPS 186-5, A.1.1: an odd number between 2^16 and 2^256. */
    private static final int MAX_EXPONENT_BITS = 256;

    /** A composite slips through with a chance below 2^-100 even if it was made to. */
    private static final int PRIME_CERTAINTY = 100;

    private RsaEncoding() {}

    static int bits(KeySpec spec) {
        return switch (spec) {
            case RSA_2048 -> 2048;
            case RSA_3072 -> 3072;
            case RSA_4096 -> 4096;
            default -> throw new IllegalArgumentException(spec + " is not RSA");
        };
    }

    static RSAPrivateCrtKeyParameters parse(int bits, PrivateKeyInfo key)
            throws IOException, InvalidKeyMaterialException {
        if (!key.getPrivateKeyAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) {
            throw new InvalidKeyMaterialException("not an RSA key");
        }
        var rsa = RSAPrivateKey.getInstance(key.parsePrivateKey());
        // The length first: it bounds the price of every check that follows.
        if (rsa.getModulus().bitLength() != bits) {
            throw new InvalidKeyMaterialException("not an RSA key of " + bits + " bits");
        }
        requireConsistent(bits, rsa);
        return new RSAPrivateCrtKeyParameters(
                rsa.getModulus(),
                rsa.getPublicExponent(),
                rsa.getPrivateExponent(),
                rsa.getPrime1(),
                rsa.getPrime2(),
                rsa.getExponent1(),
                rsa.getExponent2(),
                rsa.getCoefficient());
    }

    static PrivateKeyInfo encode(RSAPrivateCrtKeyParameters key) throws IOException {
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                new RSAPrivateKey(
                        key.getModulus(),
                        key.getPublicExponent(),
                        key.getExponent(),
                        key.getP(),
                        key.getQ(),
                        key.getDP(),
                        key.getDQ(),
                        key.getQInv()));
    }

    /**
     * That both factors are primes. Not part of reading, since it takes tens of milliseconds: for keys that come from
     * outside.
     */
    static void requirePrimes(RSAPrivateCrtKeyParameters key) throws InvalidKeyMaterialException {
        if (!key.getP().isProbablePrime(PRIME_CERTAINTY) || !key.getQ().isProbablePrime(PRIME_CERTAINTY)) {
            throw new InvalidKeyMaterialException("the factors of the modulus are not prime");
        }
    }

    /** SP 800-56B, 6.4.1.2.3 without the primality tests. A key that passes computes the same with and without CRT. */
    private static void requireConsistent(int bits, RSAPrivateKey key) throws InvalidKeyMaterialException {
        var one = BigInteger.ONE;
        var e = key.getPublicExponent();
        var d = key.getPrivateExponent();
        var p = key.getPrime1();
        var q = key.getPrime2();
        boolean sizes = e.testBit(0)
                && e.bitLength() > 16
                && e.bitLength() <= MAX_EXPONENT_BITS
                && p.bitLength() == bits / 2
                && q.bitLength() == bits / 2
                && p.subtract(q).bitLength() > bits / 2 - 100
                && d.signum() > 0
                && d.bitLength() > bits / 2
                && d.compareTo(key.getModulus()) < 0;
        if (!sizes || !p.multiply(q).equals(key.getModulus())) {
            throw new InvalidKeyMaterialException("the numbers of this RSA key are out of range");
        }
        var pLess = p.subtract(one);
        var qLess = q.subtract(one);
        boolean agree = e.multiply(d).mod(pLess).equals(one)
                && e.multiply(d).mod(qLess).equals(one)
                && key.getExponent1().equals(d.mod(pLess))
                && key.getExponent2().equals(d.mod(qLess))
                && key.getCoefficient().multiply(q).mod(p).equals(one)
                && key.getCoefficient().compareTo(p) < 0;
        if (!agree) {
            throw new InvalidKeyMaterialException("the numbers of this RSA key contradict each other");
        }
    }
}
