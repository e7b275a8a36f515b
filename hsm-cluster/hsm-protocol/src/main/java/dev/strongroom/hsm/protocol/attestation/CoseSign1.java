package dev.strongroom.hsm.protocol.attestation;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A signed message (RFC 9052, section 4.2): an array of protected header, unprotected header, payload and signature. The
 * protected header has to be the one of every Nitro document, {@code {1: -35}} (ES384), byte for byte.
 */
public final class CoseSign1 {

    /** A document is at most this long (API model, RecipientInfo). */
    public static final int MAX_BYTES = 262_144;

    private static final int TAG = 18;
    private static final byte[] ES384 = {(byte) 0xa1, 0x01, 0x38, 0x22};

    private final byte[] payload;
    private final byte[] signature;

    private CoseSign1(byte[] payload, byte[] signature) {
        this.payload = payload;
        this.signature = signature;
    }

    /**
     * Reads the four parts.
     *
     * @param encoded tagged or not
     * @throws InvalidAttestationException if it is malformed, too long, or its header another
     */
    public static CoseSign1 parse(byte[] encoded) throws InvalidAttestationException {
        if (encoded.length > MAX_BYTES) {
            throw new InvalidAttestationException("an attestation document of " + encoded.length + " bytes");
        }
        try (CBORParser parser = Cbor.parser(encoded)) {
            Cbor.require(parser.nextToken() == JsonToken.START_ARRAY);
            int tag = parser.getCurrentTag();
            Cbor.require(tag == TAG || tag == -1);
            Cbor.require(Arrays.equals(Cbor.octets(parser, 0, ES384.length), ES384));
            Cbor.require(parser.nextToken() == JsonToken.START_OBJECT);
            Cbor.require(parser.nextToken() == JsonToken.END_OBJECT);
            var payload = Cbor.octets(parser, 1, MAX_BYTES);
            var signature = Cbor.octets(parser, 1, MAX_BYTES);
            Cbor.require(parser.nextToken() == JsonToken.END_ARRAY);
            Cbor.require(parser.nextToken() == null);
            return new CoseSign1(payload, signature);
        } catch (IOException | RuntimeException e) {
            throw new InvalidAttestationException("not an attestation document: no COSE_Sign1 by ES384");
        }
    }

    /** What was signed; not verified. The array must not be changed, nor that of the signature. */
    public byte[] payload() {
        return payload;
    }

    public byte[] signature() {
        return signature;
    }

    /** The Sig_structure of RFC 9052, section 4.4, without external data. */
    public byte[] toBeSigned() {
        return toBeSigned(payload);
    }

    /** The same for any payload. */
    public static byte[] toBeSigned(byte[] payload) {
        var out = new ByteArrayOutputStream(payload.length + 32);
        out.write(0x84);
        var context = "Signature1".getBytes(StandardCharsets.US_ASCII);
        out.write(0x60 + context.length);
        out.writeBytes(context);
        out.write(0x40 + ES384.length);
        out.writeBytes(ES384);
        out.write(0x40);
        writeHead(out, payload.length);
        out.writeBytes(payload);
        return out.toByteArray();
    }

    /** The shortest head of a byte string. */
    private static void writeHead(ByteArrayOutputStream out, int length) {
        if (length < 24) {
            out.write(0x40 + length);
        } else if (length < 1 << 8) {
            out.write(0x58);
            out.write(length);
        } else if (length < 1 << 16) {
            out.write(0x59);
            out.write(length >>> 8);
            out.write(length);
        } else {
            out.write(0x5a);
            out.write(length >>> 24);
            out.write(length >>> 16);
            out.write(length >>> 8);
            out.write(length);
        }
    }
}
