package dev.strongroom.gateway.sigv4;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The one form of a request that client and server both come to (IAM User Guide, "Create a signed AWS API request", steps
 * 1 to 3).
 *
 * <pre>
 * method \n path \n query \n (name:value \n)* \n signed header names \n hash of the body
 * </pre>
 */
final class CanonicalRequest {

    static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    private static final int TYPICAL_CHARS = 1_024;
    private static final HexFormat ENCODING = HexFormat.of().withUpperCase();

    private CanonicalRequest() {}

    /**
     * The bytes of the canonical request.
     *
     * @param signedHeaders in lower case, sorted
     * @param payloadHash 64 hexadecimal digits or {@link #UNSIGNED_PAYLOAD}
     */
    static byte[] of(SignedRequest request, List<String> signedHeaders, String payloadHash) {
        var text = new StringBuilder(TYPICAL_CHARS);
        text.append(request.method()).append('\n');
        appendPath(text, request.path());
        text.append('\n');
        appendQuery(text, request.query());
        text.append('\n');
        for (var name : signedHeaders) {
            text.append(name).append(':');
            appendValues(text, request.header(name));
            text.append('\n');
        }
        text.append('\n').append(String.join(";", signedHeaders)).append('\n').append(payloadHash);
        return text.toString().getBytes(ISO_8859_1);
    }

    /** Several headers of one name count as one with a comma between their values. */
    private static void appendValues(StringBuilder text, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            appendFolded(text, values.get(i));
        }
    }

    /** Without white space around it, and with one space for any run of it inside. */
    private static void appendFolded(StringBuilder text, String value) {
        boolean pending = false;
        int start = text.length();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '\t') {
                pending = text.length() > start;
            } else {
                if (pending) {
                    text.append(' ');
                    pending = false;
                }
                text.append(c);
            }
        }
    }

    /** Encoded once more than it was sent, as every service but S3 has it; a path of plain characters stays as it is. */
    private static void appendPath(StringBuilder text, String path) {
        if (path.isEmpty()) {
            text.append('/');
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '/') {
                text.append(c);
            } else {
                appendEncoded(text, c);
            }
        }
    }

    private static void appendQuery(StringBuilder text, String query) {
        if (query.isEmpty()) {
            return;
        }
        var pairs = new ArrayList<String[]>();
        for (var pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            pairs.add(
                    equals < 0
                            ? new String[] {encoded(pair), ""}
                            : new String[] {encoded(pair.substring(0, equals)), encoded(pair.substring(equals + 1))});
        }
        pairs.sort(Arrays::compare);
        for (int i = 0; i < pairs.size(); i++) {
            text.append(i == 0 ? "" : "&").append(pairs.get(i)[0]).append('=').append(pairs.get(i)[1]);
        }
    }

    /** What came encoded stays encoded, with capital digits. */
    private static String encoded(String sent) {
        var text = new StringBuilder();
        for (int i = 0; i < sent.length(); i++) {
            char c = sent.charAt(i);
            if (c == '%'
                    && i + 2 < sent.length()
                    && HexFormat.isHexDigit(sent.charAt(i + 1))
                    && HexFormat.isHexDigit(sent.charAt(i + 2))) {
                appendEncoded(text, (char) HexFormat.fromHexDigits(sent, i + 1, i + 3));
                i += 2;
            } else {
                appendEncoded(text, c);
            }
        }
        return text.toString();
    }

    private static void appendEncoded(StringBuilder text, char c) {
        if (isUnreserved(c)) {
            text.append(c);
        } else {
            text.append('%').append(ENCODING.toHexDigits((byte) c));
        }
    }

    /** RFC 3986, section 2.3. */
    private static boolean isUnreserved(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.'
                || c == '~';
    }
}
