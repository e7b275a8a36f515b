package dev.strongroom.hsm.node.crypto;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** What a node signs with the key of its certificate, apart from handshakes: ECDSA P-384 with SHA-384 (FIPS 186-5). */
public final class NodeSignature {

    private NodeSignature() {}

    /** The signature over {@code message}, DER. */
    static byte[] sign(PrivateKey key, byte[] message, SecureRandom random) {
        try {
            var signer = Signature.getInstance(CertificateAuthority.SIGNATURE);
            signer.initSign(key, random);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that made handshakes signs", e);
        }
    }

    /** Whether {@code signature} over {@code message} was made with the key of {@code certificate}. */
    public static boolean verifies(X509Certificate certificate, byte[] message, byte[] signature) {
        try {
            var verifier = Signature.getInstance(CertificateAuthority.SIGNATURE);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // A signature that cannot be read is none.
            return false;
        }
    }

    /**
     * Whether the first certificate of {@code chain} is that of node {@code id}, each signed by the next and the last by
     * {@code authority}, if there is one to ask. Dates do not count: what was signed outlives its certificate.
     */
    public static boolean isOfNode(List<X509Certificate> chain, String id, Optional<X509Certificate> authority) {
        try {
            for (int i = 0; i + 1 < chain.size(); i++) {
                chain.get(i).verify(chain.get(i + 1).getPublicKey());
            }
            if (authority.isPresent()) {
                chain.get(chain.size() - 1).verify(authority.get().getPublicKey());
            }
            return PeerIdentity.of(chain.get(0)).equals(PeerIdentity.node(id));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
