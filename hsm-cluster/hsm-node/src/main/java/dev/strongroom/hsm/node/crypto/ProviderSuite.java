package dev.strongroom.hsm.node.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.function.Supplier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Which JCE provider serves which asymmetric primitive, chosen by measurement (docs/adr/0010-asymmetric-providers.md).
 * What is not named here is Bouncy Castle's own API, called directly: Ed25519, SM2, ML-DSA, ML-KEM, key generation, encodings.
 *
 * <p>Providers are objects, never installed in the JVM, so nothing else in the process changes by their presence.
 */
final class ProviderSuite {

    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

    /** Runs wherever Java does. */
    static final ProviderSuite FLOOR = floor("chosen");

    private static volatile boolean tested;

    private final String description;
    private final Provider rsa;
    private final Provider nistCurves;

    private ProviderSuite(String description, Provider rsa, Provider nistCurves) {
        this.description = description;
        this.rsa = rsa;
        this.nistCurves = nistCurves;
    }

    /** What this machine does fastest, once it has given the known answers. */
    static ProviderSuite best(Entropy entropy) {
        if (!tested) {
            testOnce(entropy);
        }
        return Best.SUITE;
    }

    private static synchronized void testOnce(Entropy entropy) {
        if (!tested) {
            AsymmetricSelfTest.run(Best.SUITE, entropy.asSecureRandom());
            tested = true;
        }
    }

    /** Amazon Corretto Crypto Provider where its native library loads, else the floor. */
    static ProviderSuite choose(Supplier<AmazonCorrettoCryptoProvider> corretto) {
        try {
            var provider = corretto.get();
            var trouble = provider.getLoadingError();
            return trouble == null ? fast(provider) : floor(trouble.toString());
        } catch (LinkageError | RuntimeException e) {
            // No jar for this platform, or one that it cannot load.
            return floor(e.toString());
        }
    }

    private static ProviderSuite fast(Provider corretto) {
        return new ProviderSuite(
                "RSA and the NIST curves by " + corretto.getName() + " " + corretto.getVersionStr()
                        + ", the rest by Bouncy Castle and the JDK",
                corretto,
                corretto);
    }

    private static ProviderSuite floor(String reason) {
        return new ProviderSuite(
                "all asymmetric cryptography by Bouncy Castle: " + reason, BOUNCY_CASTLE, BOUNCY_CASTLE);
    }

    Provider rsa() {
        return rsa;
    }

    /** ECDSA and ECDH. On secp256k1 Bouncy Castle is more than twice as fast as Corretto, and the JDK has no such curve. */
    Provider curve(Curve curve) {
        return curve == Curve.SECP256K1 ? BOUNCY_CASTLE : nistCurves;
    }

    /** What serves, or why it is the floor; one line for the log. */
    @Override
    public String toString() {
        return description;
    }

    /** Chosen when first asked for: loading the native library takes a tenth of a second. */
    private static final class Best {
        static final ProviderSuite SUITE = choose(AmazonCorrettoCryptoProvider::new);
    }
}
