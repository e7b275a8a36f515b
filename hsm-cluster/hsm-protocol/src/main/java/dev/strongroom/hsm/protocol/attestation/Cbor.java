package dev.strongroom.hsm.protocol.attestation;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import java.io.IOException;

/** Reads CBOR (RFC 8949) that strangers send: shallow, short, no key twice. */
final class Cbor {

    private static final int MAX_DEPTH = 4;

    private static final CBORFactory FACTORY = CBORFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxDocumentLength(CoseSign1.MAX_BYTES)
                    .maxStringLength(CoseSign1.MAX_BYTES)
                    .maxNameLength(64)
                    .build())
            .build();

    private Cbor() {}

    static CBORParser parser(byte[] encoded) throws IOException {
        return FACTORY.createParser(encoded);
    }

    /** The byte string that comes next. */
    static byte[] octets(CBORParser parser, int least, int most) throws IOException {
        require(parser.nextToken() == JsonToken.VALUE_EMBEDDED_OBJECT);
        return current(parser, least, most);
    }

    /** The byte string that is there. */
    static byte[] current(CBORParser parser, int least, int most) throws IOException {
        require(parser.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT);
        var octets = parser.getBinaryValue();
        require(octets.length >= least && octets.length <= most);
        return octets;
    }

    static void require(boolean wellFormed) throws IOException {
        if (!wellFormed) {
            throw new IOException("malformed");
        }
    }
}
