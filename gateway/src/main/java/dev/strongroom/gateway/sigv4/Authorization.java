package dev.strongroom.gateway.sigv4;

import static dev.strongroom.api.KmsError.INCOMPLETE_SIGNATURE;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an Authorization header says (IAM User Guide, "Elements of an AWS API request signature").
 *
 * @param accessKeyId of the credential
 * @param scope its date, Region, service and terminator
 * @param signedHeaders names in lower case, sorted, as they stand in the canonical request
 * @param signature as sent
 */
record Authorization(String accessKeyId, Scope scope, List<String> signedHeaders, String signature) {

    /** The one algorithm; AWS4-ECDSA-P256-SHA256 is not offered by KMS. */
    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private static final int CREDENTIAL_PARTS = 5;

    /**
     * A credential scope, not checked yet.
     *
     * @param date eight digits if it is right
     * @param terminator {@code aws4_request} if it is right
     */
    record Scope(String date, String region, String service, String terminator) {
        @Override
        public String toString() {
            return date + "/" + region + "/" + service + "/" + terminator;
        }
    }

    /**
     * Parses the header.
     *
     * @param hasDate whether the request says when it was signed; its absence is reported with what else is missing
     * @throws KmsException MissingAuthenticationToken if there is no header, IncompleteSignature if it lacks something
     */
    static Authorization parse(List<String> headers, boolean hasDate) {
        if (headers.isEmpty()) {
            throw KmsException.of(KmsError.MISSING_AUTHENTICATION_TOKEN, "Missing Authentication Token");
        }
        if (headers.size() > 1) {
            // Whoever reads another one of them would take the request for another caller's.
            throw KmsException.of(INCOMPLETE_SIGNATURE, "Header 'authorization' must not appear more than once.");
        }
        var header = headers.get(0);
        int space = header.indexOf(' ');
        var algorithm = space < 0 ? "" : header.substring(0, space);
        var parameters = parameters(header.substring(space + 1), header);
        var credential = parameters.get("Credential");
        var signature = parameters.get("Signature");
        var signedHeaders = parameters.get("SignedHeaders");
        if (credential == null || signature == null || signedHeaders == null || !hasDate) {
            throw missing(credential, signature, signedHeaders, hasDate, header);
        }
        if (!algorithm.equals(ALGORITHM)) {
            throw KmsException.of(INCOMPLETE_SIGNATURE, "Unsupported AWS 'algorithm': '" + algorithm + "'.");
        }
        var parts = credential.split("/", -1);
        if (parts.length != CREDENTIAL_PARTS) {
            throw KmsException.of(
                    INCOMPLETE_SIGNATURE,
                    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '"
                            + credential + "'");
        }
        return new Authorization(
                parts[0], new Scope(parts[1], parts[2], parts[3], parts[4]), names(signedHeaders), signature);
    }

    private static Map<String, String> parameters(String text, String header) {
        var parameters = new HashMap<String, String>();
        for (var untrimmed : text.split(",", -1)) {
            var piece = untrimmed.trim();
            int equals = piece.indexOf('=');
            if (equals < 0) {
                throw KmsException.of(
                        INCOMPLETE_SIGNATURE,
                        "'" + piece + "' not a valid key=value pair (missing equal-sign) in Authorization header: '"
                                + header + "'.");
            }
            if (parameters.put(piece.substring(0, equals), piece.substring(equals + 1)) != null) {
                throw KmsException.of(
                        INCOMPLETE_SIGNATURE,
                        "'" + piece.substring(0, equals) + "' appears more than once in Authorization header: '"
                                + header + "'.");
            }
        }
        return parameters;
    }

    private static KmsException missing(
            @Nullable String credential,
            @Nullable String signature,
            @Nullable String signedHeaders,
            boolean hasDate,
            String header) {
        var text = new StringBuilder();
        requirement(text, credential, "Credential");
        requirement(text, signature, "Signature");
        requirement(text, signedHeaders, "SignedHeaders");
        if (!hasDate) {
            text.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
        }
        return KmsException.of(
                INCOMPLETE_SIGNATURE,
                text.append("Authorization=").append(header).toString());
    }

    private static void requirement(StringBuilder text, @Nullable String value, String name) {
        if (value == null) {
            text.append("Authorization header requires '").append(name).append("' parameter. ");
        }
    }

    /** Sorted, because the canonical request is: a client may list them in any order, it must sign them in this one. */
    private static List<String> names(String signedHeaders) {
        var names =
                new ArrayList<>(List.of(signedHeaders.toLowerCase(Locale.ROOT).split(";", -1)));
        names.sort(null);
        return names;
    }
}
