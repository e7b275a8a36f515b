package dev.strongroom.hsm.node.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;

/**
 * RSA key pairs from probable primes (FIPS 186-5, appendix A.1.3). What is asked of the pair, and the Miller-Rabin tests
 * with random bases, are Bouncy Castle's; the search for candidates is ours, and more than twice as fast.
 *
 * <p>Bouncy Castle looks for any prime of the length and then throws two of five away, as smaller than the square root of
 * two times 2^(length - 1). That comparison comes first here. Then a candidate is divided by all primes below 8,192, one
 * division for every two or three of them: a composite that a division finds costs a thousandth of one that an
 * exponentiation finds. Each candidate is drawn anew, so every prime of the range is as likely as any other.
 *
 * <p>How long a search takes tells how many candidates failed, and nothing of the one that did not.
 */
final class RsaPrimes extends RSAKeyPairGenerator {

    private static final int SMALL = 8_192;

    /** Products of small odd primes that together fit an int, and those primes. */
    private static final List<Divisors> DIVISORS = divisors();

    private final SecureRandom random;

    private RsaPrimes(SecureRandom random) {
        this.random = random;
    }

    /** @param certainty the chance that a factor is composite is below 2 to the minus this */
    static AsymmetricCipherKeyPair generate(int bits, BigInteger exponent, int certainty, SecureRandom random) {
        var search = new RsaPrimes(random);
        search.init(new RSAKeyGenerationParameters(exponent, random, bits, certainty));
        return search.generateKeyPair();
    }

    @Override
    protected BigInteger chooseRandomPrime(int bits, BigInteger exponent, BigInteger leastSquare) {
        while (true) {
            var candidate = new BigInteger(bits, random).setBit(bits - 1).setBit(0);
            if (candidate.multiply(candidate).compareTo(leastSquare) >= 0
                    && !hasSmallFactor(candidate)
                    && candidate.subtract(BigInteger.ONE).gcd(exponent).equals(BigInteger.ONE)
                    && isProbablePrime(candidate)) {
                return candidate;
            }
        }
    }

    /** Whether {@code odd}, which is larger than all of them, is divisible by an odd prime below 8,192. */
    static boolean hasSmallFactor(BigInteger odd) {
        for (var divisors : DIVISORS) {
            int rest = odd.mod(divisors.product()).intValue();
            for (int prime : divisors.primes()) {
                if (rest % prime == 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private record Divisors(BigInteger product, List<Integer> primes) {}

    private static List<Divisors> divisors() {
        var composite = new BitSet(SMALL);
        var all = new ArrayList<Divisors>();
        var group = new ArrayList<Integer>();
        long product = 1;
        for (int prime = 3; prime < SMALL; prime += 2) {
            if (composite.get(prime)) {
                continue;
            }
            for (int multiple = prime; multiple < SMALL; multiple += prime) {
                composite.set(multiple);
            }
            if (product * prime > Integer.MAX_VALUE) {
                all.add(new Divisors(BigInteger.valueOf(product), List.copyOf(group)));
                group.clear();
                product = 1;
            }
            product *= prime;
            group.add(prime);
        }
        all.add(new Divisors(BigInteger.valueOf(product), List.copyOf(group)));
        return List.copyOf(all);
    }
}
