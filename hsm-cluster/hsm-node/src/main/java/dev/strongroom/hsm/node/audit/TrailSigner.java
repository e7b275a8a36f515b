package dev.strongroom.hsm.node.audit;

import java.util.List;

/** Signs the heads of a trail in the name of its node. */
public interface TrailSigner {

    /** The certificate that the signatures belong to and what lies between it and the CA, DER, leaf first. */
    List<byte[]> certificates();

    /** The signature over {@code message}; of no bytes if this node has no certificate. */
    byte[] sign(byte[] message);

    /** For a node without a certificate: the MACs are all that authenticates its trail. */
    static TrailSigner none() {
        return new TrailSigner() {
            @Override
            public List<byte[]> certificates() {
                return List.of();
            }

            @Override
            public byte[] sign(byte[] message) {
                return new byte[0];
            }
        };
    }
}
