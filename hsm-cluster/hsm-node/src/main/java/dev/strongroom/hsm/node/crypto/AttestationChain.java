package dev.strongroom.hsm.node.crypto;

import dev.strongroom.hsm.protocol.attestation.InvalidAttestationException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The certificates of an attestation document, validated as RFC 5280 says up to a root that is trusted here. The root in
 * the document itself counts for nothing. There is no revocation to ask for: the certificates live for hours.
 */
public final class AttestationChain {

    /** Positions in the key usage extension (RFC 5280, section 4.2.1.3). */
    private static final int DIGITAL_SIGNATURE = 0;

    private static final int CERTIFICATE_SIGNING = 5;

    private AttestationChain() {}

    /**
     * The roots in a PEM text.
     *
     * @throws GeneralSecurityException if there is none, or one that may not sign certificates
     */
    public static List<X509Certificate> roots(String pem) throws GeneralSecurityException {
        var roots = Pem.readCertificates(pem);
        for (var root : roots) {
            var usage = root.getKeyUsage();
            if (root.getBasicConstraints() < 0 || (usage != null && !usage[CERTIFICATE_SIGNING])) {
                throw new CertificateException("it may not sign certificates");
            }
        }
        return roots;
    }

    /**
     * The certificate that signs, once it is known to chain.
     *
     * @param bundle root first, the issuer of {@code leaf} last
     */
    static X509Certificate verify(byte[] leaf, List<byte[]> bundle, Set<X509Certificate> roots, Instant now)
            throws InvalidAttestationException {
        if (roots.isEmpty()) {
            throw new InvalidAttestationException("no root of attestation documents is trusted here");
        }
        try {
            var factory = CertificateFactory.getInstance("X.509");
            var signer = read(factory, leaf);
            var path = new ArrayList<X509Certificate>();
            path.add(signer);
            for (int i = bundle.size() - 1; i >= 0; i--) {
                var issuer = read(factory, bundle.get(i));
                if (!roots.contains(issuer)) {
                    path.add(issuer);
                }
            }
            // The validation of a path does not look at the dates of its anchor.
            var anchors = roots.stream()
                    .filter(root -> isValid(root, now))
                    .map(root -> new TrustAnchor(root, null))
                    .collect(Collectors.toSet());
            var parameters = new PKIXParameters(anchors);
            parameters.setDate(Date.from(now));
            parameters.setRevocationEnabled(false);
            var unused = CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(path), parameters);
            requireSigner(signer);
            return signer;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new InvalidAttestationException("the certificates of an attestation document do not chain to a root");
        }
    }

    private static boolean isValid(X509Certificate root, Instant now) {
        return !now.isBefore(root.getNotBefore().toInstant())
                && !now.isAfter(root.getNotAfter().toInstant());
    }

    private static X509Certificate read(CertificateFactory factory, byte[] der) throws GeneralSecurityException {
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    }

    /** The leaf signs documents, not certificates. */
    private static void requireSigner(X509Certificate leaf) throws GeneralSecurityException {
        var usage = leaf.getKeyUsage();
        if (leaf.getBasicConstraints() >= 0 || (usage != null && !usage[DIGITAL_SIGNATURE])) {
            throw new GeneralSecurityException("not for signatures");
        }
    }
}
