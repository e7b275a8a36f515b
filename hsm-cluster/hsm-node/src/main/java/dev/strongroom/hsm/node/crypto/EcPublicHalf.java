package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.MessageType;
import dev.strongroom.hsm.protocol.SigningAlgorithm;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/** A public key on a {@link Curve} other than SM2's, prepared for its provider. */
final class EcPublicHalf {

    static final String ECDSA = "NONEwithECDSA";

    private final Curve curve;
    private final Provider provider;
    private final Bytes spki;
    private final PublicKey key;

    EcPublicHalf(Curve curve, ECPublicKeyParameters point, ProviderSuite suite) {
        this.curve = curve;
        this.provider = suite.curve(curve);
        this.spki = PrivateKeys.spki(point);
        try {
            this.key =
                    KeyFactory.getInstance("EC", provider).generatePublic(new X509EncodedKeySpec(spki.readOnlyArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a provider does not take a point on " + curve + " that was checked", e);
        }
    }

    Bytes spki() {
        return spki;
    }

    PublicKey key() {
        return key;
    }

    boolean verify(SigningAlgorithm algorithm, MessageType type, byte[] message, byte[] signature) {
        var digest = hash(algorithm).digest(type, message);
        if (!wellFormed(signature)) {
            return false;
        }
        try {
            var verifier = Signature.getInstance(ECDSA, provider);
            verifier.initVerify(key);
            verifier.update(digest);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Looked at before any provider does: strict DER, two numbers from 1 to the order less one. */
    private boolean wellFormed(byte[] signature) {
        try {
            return StandardDSAEncoding.INSTANCE.decode(curve.order(), signature).length == 2;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** The one hash that goes with the curve. */
    SignatureHash hash(SigningAlgorithm algorithm) {
        var fitting = switch (curve) {
            case P256, SECP256K1 -> SigningAlgorithm.ECDSA_SHA_256;
            case P384 -> SigningAlgorithm.ECDSA_SHA_384;
            case P521 -> SigningAlgorithm.ECDSA_SHA_512;
            case SM2 -> throw new IllegalStateException("SM2 keys are of another class");
        };
        if (algorithm != fitting) {
            throw new IllegalArgumentException(algorithm + " is not for " + curve);
        }
        return SignatureHash.of(algorithm);
    }
}
