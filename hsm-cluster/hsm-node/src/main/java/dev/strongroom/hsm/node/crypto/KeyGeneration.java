package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.KeySpec;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;

/**
 * New keys of every spec, from {@link Entropy} with prediction resistance. A key pair is used once in every way that it can
 * be used before it is given away (the pairwise consistency test of FIPS 140-3, IG 10.3.A).
 *
 * <p>RSA takes from 50 ms to a second; everything else is done in about a millisecond. Safe for concurrent use.
 */
public final class KeyGeneration {

    private static final int SYMMETRIC_BYTES = 32;

    /** The chance that a factor is composite is below 2^-128. */
    private static final int PRIME_CERTAINTY = 128;

    private static final BigInteger EXPONENT = BigInteger.valueOf(65537);

    private final Entropy entropy;
    private final Supplier<ProviderSuite> suite;

    public KeyGeneration(Entropy entropy) {
        this(entropy, () -> ProviderSuite.best(entropy));
    }

    KeyGeneration(Entropy entropy, Supplier<ProviderSuite> suite) {
        this.entropy = entropy;
        this.suite = suite;
    }

    /**
     * A new key; the caller closes it. Symmetric keys have 32 bytes, HMAC keys as many as their hash, key pairs are PKCS#8
     * in canonical form (see {@link KeyPair#open}).
     *
     * @throws IllegalStateException if a new key pair fails its test; the machine is not to be trusted then
     */
    public KeyMaterial generate(KeySpec spec) {
        return switch (spec) {
            case SYMMETRIC_DEFAULT -> entropy.newKey(SYMMETRIC_BYTES);
            case HMAC_224, HMAC_256, HMAC_384, HMAC_512 -> entropy.newKey(HmacKeys.tagBytes(spec));
            default -> generatePair(spec);
        };
    }

    private KeyMaterial generatePair(KeySpec spec) {
        return tested(spec, PrivateKeys.encode(draw(spec)));
    }

    /**
     * Takes in a private key after the pairwise test.
     *
     * @param canonical PKCS#8, wiped
     * @throws IllegalStateException if the key does not do what it is for
     */
    KeyMaterial tested(KeySpec spec, byte[] canonical) {
        var material = KeyMaterial.takeFrom(canonical);
        try (var pair = KeyPair.open(spec, material, entropy, suite.get())) {
            new PairwiseTest(spec, pair, () -> (ECPrivateKeyParameters) draw(spec)).run();
            return material;
        } catch (UnsealException | IllegalStateException e) {
            material.close();
            throw new IllegalStateException("a key pair does not do what a " + spec + " is for", e);
        }
    }

    private AsymmetricKeyParameter draw(KeySpec spec) {
        var random = entropy.asSecureRandom();
        return switch (spec) {
            case RSA_2048, RSA_3072, RSA_4096 -> rsa(RsaEncoding.bits(spec), random);
            case ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ECC_SECG_P256K1, SM2 -> onCurve(Curve.of(spec), random);
            case ECC_NIST_EDWARDS25519 -> new Ed25519PrivateKeyParameters(random);
            case ML_DSA_44, ML_DSA_65, ML_DSA_87 ->
                new MLDSAPrivateKeyParameters(SeedEncoding.mlDsa(spec), seed(random, SeedEncoding.ML_DSA_SEED_BYTES));
            case ML_KEM_512, ML_KEM_768, ML_KEM_1024 ->
                new MLKEMPrivateKeyParameters(SeedEncoding.mlKem(spec), seed(random, SeedEncoding.ML_KEM_SEED_BYTES));
            default -> throw PrivateKeys.notAPair(spec);
        };
    }

    private static AsymmetricKeyParameter rsa(int bits, SecureRandom random) {
        return RsaPrimes.generate(bits, EXPONENT, PRIME_CERTAINTY, random).getPrivate();
    }

    private static AsymmetricKeyParameter onCurve(Curve curve, SecureRandom random) {
        var generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(curve.domain(), random));
        return generator.generateKeyPair().getPrivate();
    }

    private static byte[] seed(SecureRandom random, int bytes) {
        var seed = new byte[bytes];
        random.nextBytes(seed);
        return seed;
    }
}
