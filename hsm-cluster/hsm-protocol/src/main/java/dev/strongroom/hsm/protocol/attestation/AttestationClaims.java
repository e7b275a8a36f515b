package dev.strongroom.hsm.protocol.attestation;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import dev.strongroom.hsm.protocol.Bytes;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an attestation document claims: its signed map, with the lengths that the Nitro specification gives its members.
 * Anybody can write one, so nothing here is true before a node has verified the very same bytes. Members that the
 * specification does not name are skipped.
 */
public final class AttestationClaims {

    private static final int MAX_CERTIFICATE_BYTES = 1024;
    private static final int MAX_PUBLIC_KEY_BYTES = 1024;
    private static final int MAX_USER_BYTES = 1024;
    private static final int MAX_BUNDLE = 8;
    private static final int MAX_PCRS = 32;

    private String moduleId = "";
    private String digest = "";
    private long timestamp;
    private final SortedMap<Integer, Bytes> pcrs = new TreeMap<>();
    private byte[] certificate = new byte[0];
    private final List<byte[]> caBundle = new ArrayList<>();
    private byte[] publicKey = new byte[0];

    private AttestationClaims() {}

    /**
     * What a document claims.
     *
     * @param document COSE_Sign1, tagged or not
     */
    public static AttestationClaims of(byte[] document) throws InvalidAttestationException {
        return parse(CoseSign1.parse(document).payload());
    }

    /** What the payload of a document claims. */
    public static AttestationClaims parse(byte[] encoded) throws InvalidAttestationException {
        var payload = new AttestationClaims();
        try (CBORParser parser = Cbor.parser(encoded)) {
            Cbor.require(parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                payload.readMember(parser);
            }
            Cbor.require(parser.currentToken() == JsonToken.END_OBJECT);
            Cbor.require(parser.nextToken() == null);
            payload.requireMembers();
            return payload;
        } catch (IOException | RuntimeException e) {
            throw new InvalidAttestationException("the content of an attestation document is malformed");
        }
    }

    private void readMember(CBORParser parser) throws IOException {
        var name = parser.currentName();
        var token = parser.nextToken();
        switch (name) {
            case "module_id" -> {
                Cbor.require(token == JsonToken.VALUE_STRING);
                moduleId = parser.getText();
            }
            case "digest" -> {
                Cbor.require(token == JsonToken.VALUE_STRING);
                digest = parser.getText();
            }
            case "timestamp" -> {
                Cbor.require(token == JsonToken.VALUE_NUMBER_INT);
                timestamp = parser.getLongValue();
            }
            case "pcrs" -> readPcrs(parser);
            case "certificate" -> certificate = Cbor.current(parser, 1, MAX_CERTIFICATE_BYTES);
            case "cabundle" -> readBundle(parser);
            case "public_key" -> {
                if (token != JsonToken.VALUE_NULL) {
                    publicKey = Cbor.current(parser, 1, MAX_PUBLIC_KEY_BYTES);
                }
            }
            case "user_data", "nonce" -> {
                if (token != JsonToken.VALUE_NULL) {
                    var unused = Cbor.current(parser, 0, MAX_USER_BYTES);
                }
            }
            default -> parser.skipChildren();
        }
    }

    private void readPcrs(CBORParser parser) throws IOException {
        Cbor.require(parser.currentToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            int index = Integer.parseInt(parser.currentName());
            var value = Cbor.octets(parser, 32, 64);
            Cbor.require(index >= 0 && index < MAX_PCRS && (value.length == 48 || value.length % 32 == 0));
            Cbor.require(pcrs.put(index, Bytes.wrap(value)) == null);
        }
        Cbor.require(parser.currentToken() == JsonToken.END_OBJECT);
    }

    private void readBundle(CBORParser parser) throws IOException {
        Cbor.require(parser.currentToken() == JsonToken.START_ARRAY);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Cbor.require(caBundle.size() < MAX_BUNDLE);
            caBundle.add(Cbor.current(parser, 1, MAX_CERTIFICATE_BYTES));
        }
    }

    private void requireMembers() throws IOException {
        Cbor.require(!moduleId.isEmpty()
                && digest.equals("SHA384")
                && timestamp > 0
                && !pcrs.isEmpty()
                && certificate.length > 0
                && !caBundle.isEmpty());
    }

    public String moduleId() {
        return moduleId;
    }

    public Instant timestamp() {
        return Instant.ofEpochMilli(timestamp);
    }

    /** The measurements by number (0 to 31), each 32, 48 or 64 bytes. */
    public SortedMap<Integer, Bytes> pcrs() {
        return Collections.unmodifiableSortedMap(pcrs);
    }

    public byte[] certificate() {
        return certificate;
    }

    /** Root first, then what lies between it and the certificate. */
    public List<byte[]> caBundle() {
        return caBundle;
    }

    /** Empty if there is none. */
    public byte[] publicKey() {
        return publicKey;
    }
}
