package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.junit.jupiter.api.Test;

class RsaPrimesTest {

    private static final BigInteger TWO = BigInteger.TWO;
    private static final BigInteger EXPONENT = BigInteger.valueOf(65537);
    /** A Mersenne prime. */
    private static final BigInteger PRIME = TWO.pow(521).subtract(BigInteger.ONE);

    private static RSAPrivateCrtKeyParameters pair(int bits, SecureRandom random) {
        return (RSAPrivateCrtKeyParameters)
                RsaPrimes.generate(bits, EXPONENT, 128, random).getPrivate();
    }

    /** FIPS 186-5, appendix A.1.3 and A.1.1: the primes' size and distance, the exponents. */
    @Test
    void aPairIsWhatTheStandardAsksFor() {
        for (int turn = 0; turn < 4; turn++) {
            int bits = 2_048;
            var pair = pair(bits, TestEntropy.shared().asSecureRandom());
            var p = pair.getP();
            var q = pair.getQ();
            assertEquals(p.multiply(q), pair.getModulus());
            assertEquals(bits, pair.getModulus().bitLength());
            for (var prime : new BigInteger[] {p, q}) {
                assertTrue(prime.isProbablePrime(200));
                assertEquals(bits / 2, prime.bitLength());
                assertTrue(prime.pow(2).compareTo(TWO.pow(bits - 1)) >= 0, "below the root of two");
                assertEquals(BigInteger.ONE, prime.subtract(BigInteger.ONE).gcd(EXPONENT));
            }
            assertTrue(p.subtract(q).abs().compareTo(TWO.pow(bits / 2 - 100)) > 0, "too close to each other");
            assertEquals(EXPONENT, pair.getPublicExponent());
            assertTrue(pair.getExponent().compareTo(TWO.pow(bits / 2)) > 0);
            var message = new BigInteger(1_000, TestEntropy.shared().asSecureRandom());
            assertEquals(
                    message, message.modPow(EXPONENT, pair.getModulus()).modPow(pair.getExponent(), pair.getModulus()));
        }
    }

    @Test
    void allThatIsRandomComesFromTheGeneratorThatIsGiven() throws GeneralSecurityException {
        assertEquals(pair(2_048, known(1)).getModulus(), pair(2_048, known(1)).getModulus());
        assertFalse(
                pair(2_048, known(1)).getModulus().equals(pair(2_048, known(2)).getModulus()));
    }

    private static SecureRandom known(long seed) throws GeneralSecurityException {
        var random = SecureRandom.getInstance("SHA1PRNG");
        random.setSeed(seed);
        return random;
    }

    @Test
    void theDivisorsAreTheOddPrimesBelow8192AndNoOthers() {
        assertFalse(RsaPrimes.hasSmallFactor(PRIME));
        for (int factor = 3; factor < 9_000; factor += 2) {
            var isPrime = BigInteger.valueOf(factor).isProbablePrime(50);
            if (isPrime) {
                assertEquals(factor < 8_192, RsaPrimes.hasSmallFactor(PRIME.multiply(BigInteger.valueOf(factor))));
            }
        }
    }
}
