package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.node.crypto.NodeSignature;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a node signed in its trail, by the certificate that each of its files begins with. Dates of certificates do
 * not count: a trail outlives them.
 */
final class TrailSignatures {

    private final Optional<X509Certificate> authority;
    private @Nullable X509Certificate certificate;

    TrailSignatures(Optional<X509Certificate> authority) {
        this.authority = authority;
    }

    /** Takes the certificates of a file's first record; what is wrong with them. */
    Optional<String> take(TrailRecord file) throws MalformedTrailException {
        certificate = null;
        var scan = file.fields().scan();
        if (scan.expect(",\"format\":").number() != 1) {
            return Optional.of("the file is of a later format");
        }
        var text = scan.expect(",\"certificates\":").text();
        scan.requireEnd();
        if (text.isEmpty()) {
            return authority.isPresent() ? Optional.of("the node shows no certificate") : Optional.empty();
        }
        try {
            var chain = chain(text);
            certificate = chain.get(0);
            if (!NodeSignature.isOfNode(chain, file.position().node(), authority)) {
                return Optional.of("the certificate is not one of the cluster's CA for this node");
            }
            return Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.of("the certificate cannot be read");
        }
    }

    private static List<X509Certificate> chain(String text) throws GeneralSecurityException {
        var factory = CertificateFactory.getInstance("X.509");
        var chain = new ArrayList<X509Certificate>();
        for (var one : text.split(" ", -1)) {
            var der = new ByteArrayInputStream(Base64.getDecoder().decode(one));
            chain.add((X509Certificate) factory.generateCertificate(der));
        }
        return chain;
    }

    /** What is wrong with the signature of a head of the current file's node. */
    Optional<String> check(String lineage, TrailHead head) {
        var signer = certificate;
        if (signer == null) {
            return head.signature().length() == 0 ? Optional.empty() : Optional.of("nobody knows who signed it");
        }
        var message = TrailHead.signed(
                lineage, head.node(), head.boot(), head.seq(), head.hash().readOnlyArray());
        return NodeSignature.verifies(signer, message, head.signature().readOnlyArray())
                ? Optional.empty()
                : Optional.of("the signature is not the node's");
    }
}
