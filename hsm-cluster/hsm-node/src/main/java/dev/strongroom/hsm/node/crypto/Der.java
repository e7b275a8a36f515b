package dev.strongroom.hsm.node.crypto;

import java.io.IOException;
import org.bouncycastle.asn1.ASN1Primitive;

/** Reads one ASN.1 value that fills its bytes. */
final class Der {

    private Der() {}

    /** @throws IOException if there is none, more than one, or a malformed one */
    static ASN1Primitive read(byte[] encoded) throws IOException {
        // The library gives null for no bytes, against its own signature.
        if (encoded.length == 0) {
            throw new IOException("nothing is encoded here");
        }
        return ASN1Primitive.fromByteArray(encoded);
    }
}
