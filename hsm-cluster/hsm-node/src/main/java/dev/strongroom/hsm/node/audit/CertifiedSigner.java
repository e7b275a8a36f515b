package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.node.crypto.TlsIdentity;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.List;

/** Signs with the key of the node's certificate. */
public record CertifiedSigner(TlsIdentity identity) implements TrailSigner {

    @Override
    public List<byte[]> certificates() {
        var chain = new ArrayList<byte[]>();
        for (var certificate : identity.chain()) {
            try {
                chain.add(certificate.getEncoded());
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read can be written", e);
            }
        }
        return chain;
    }

    @Override
    public byte[] sign(byte[] message) {
        return identity.sign(message);
    }
}
