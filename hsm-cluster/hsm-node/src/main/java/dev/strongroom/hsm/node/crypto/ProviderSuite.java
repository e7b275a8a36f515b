package dev.strongroom.hsm.node.crypto;

import java.security.Provider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Which JCE provider serves which asymmetric primitive; what is not named here is Bouncy Castle's own API, called
 * directly. Providers are objects, never installed in the JVM, so nothing else in the process changes by their presence.
 */
final class ProviderSuite {

    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

    /** Runs wherever Java does. */
    static final ProviderSuite FLOOR = new ProviderSuite(BOUNCY_CASTLE);

    private final Provider all;

    private ProviderSuite(Provider all) {
        this.all = all;
    }

    /** What this machine does fastest. */
    static ProviderSuite best() {
        return FLOOR;
    }

    Provider rsa() {
        return all;
    }

    /** ECDSA and ECDH on P-256, P-384 and P-521. */
    Provider nistCurves() {
        return all;
    }

    Provider secp256k1() {
        return BOUNCY_CASTLE;
    }

    Provider ed25519() {
        return all;
    }
}
