package dev.strongroom.hsm.node.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.util.BigIntegers;

/**
 * An SM2 ciphertext as ASN.1 (GM/T 0009, section 7.2): {@code SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING (32),
 * ciphertext OCTET STRING }}, to and from the joined form C1 (uncompressed point), C3 (hash), C2 (ciphertext).
 */
final class Sm2Ciphertext {

    private static final int FIELD_BYTES = 32;
    private static final int POINT_BYTES = 1 + 2 * FIELD_BYTES;
    private static final int HASH_BYTES = 32;
    private static final byte UNCOMPRESSED = 4;

    private Sm2Ciphertext() {}

    static byte[] encode(byte[] joined) {
        int hashEnd = POINT_BYTES + HASH_BYTES;
        var sequence = new DERSequence(new org.bouncycastle.asn1.ASN1Encodable[] {
            new ASN1Integer(new BigInteger(1, joined, 1, FIELD_BYTES)),
            new ASN1Integer(new BigInteger(1, joined, 1 + FIELD_BYTES, FIELD_BYTES)),
            new DEROctetString(Arrays.copyOfRange(joined, POINT_BYTES, hashEnd)),
            new DEROctetString(Arrays.copyOfRange(joined, hashEnd, joined.length))
        });
        try {
            return sequence.getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("numbers and octets have an encoding", e);
        }
    }

    /** @throws InvalidCiphertextException if it is not exactly such a sequence in DER */
    static byte[] decode(byte[] encoded) throws InvalidCiphertextException {
        try {
            var sequence = ASN1Sequence.getInstance(Der.read(encoded));
            if (sequence.size() != 4 || !Arrays.equals(sequence.getEncoded(ASN1Encoding.DER), encoded)) {
                throw new InvalidCiphertextException();
            }
            var hash = ASN1OctetString.getInstance(sequence.getObjectAt(2)).getOctets();
            var ciphertext =
                    ASN1OctetString.getInstance(sequence.getObjectAt(3)).getOctets();
            if (hash.length != HASH_BYTES || ciphertext.length == 0) {
                throw new InvalidCiphertextException();
            }
            var joined = new byte[POINT_BYTES + HASH_BYTES + ciphertext.length];
            joined[0] = UNCOMPRESSED;
            writeCoordinate(sequence, 0, joined);
            writeCoordinate(sequence, 1, joined);
            System.arraycopy(hash, 0, joined, POINT_BYTES, HASH_BYTES);
            System.arraycopy(ciphertext, 0, joined, POINT_BYTES + HASH_BYTES, ciphertext.length);
            return joined;
        } catch (IOException | IllegalArgumentException | ClassCastException e) {
            throw new InvalidCiphertextException();
        }
    }

    private static void writeCoordinate(ASN1Sequence sequence, int index, byte[] joined) {
        var value = ASN1Integer.getInstance(sequence.getObjectAt(index)).getValue();
        if (value.signum() < 0) {
            throw new IllegalArgumentException("a coordinate is not negative");
        }
        BigIntegers.asUnsignedByteArray(value, joined, 1 + index * FIELD_BYTES, FIELD_BYTES);
    }
}
