package dev.strongroom.gateway.sigv4;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests of the command line (IAM User Guide, "Create a signed AWS API request"); the other side of {@link SigV4Verifier}. */
public final class RequestSigner {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String HMAC = "HmacSHA256";
    private static final String TERMINATOR = "aws4_request";

    private final Credentials credentials;
    private final String region;
    private final String service;

    /** What to sign with; the secret is not shown. */
    public record Credentials(String accessKeyId, String secret, Optional<String> sessionToken) {
        @Override
        public String toString() {
            return "Credentials[" + accessKeyId + "]";
        }
    }

    /** @param service the signing name */
    public RequestSigner(Credentials credentials, String region, String service) {
        this.credentials = credentials;
        this.region = region;
        this.service = service;
    }

    /** The headers that a POST of {@code body} needs besides its host, which is signed as well. */
    public Map<String, String> headers(URI target, byte[] body, Instant now) {
        var time = TIME.format(now);
        var headers = new TreeMap<String, String>();
        headers.put("host", target.getRawAuthority());
        headers.put("x-amz-date", time);
        credentials.sessionToken().ifPresent(token -> headers.put("x-amz-security-token", token));
        var names = new ArrayList<>(headers.keySet());
        var canonical = CanonicalRequest.of(new Post(target, headers, body), names, hex(sha256(body)));
        var scope = new Authorization.Scope(time.substring(0, 8), region, service, TERMINATOR);
        var toSign = Authorization.ALGORITHM + "\n" + time + "\n" + scope + "\n" + hex(sha256(canonical));
        var key = signingKey(credentials.secret(), scope.date(), region, service);
        var signature = hex(hmac(key, toSign.getBytes(ISO_8859_1)));
        headers.remove("host");
        headers.put(
                "authorization",
                Authorization.ALGORITHM + " Credential=" + credentials.accessKeyId() + "/" + scope + ", SignedHeaders="
                        + String.join(";", names) + ", Signature=" + signature);
        return headers;
    }

    /** The key for one day, eight digits, Region and service. */
    public static byte[] signingKey(String secret, String date, String region, String service) {
        var key = ("AWS4" + secret).getBytes(UTF_8);
        for (var part : List.of(date, region, service, TERMINATOR)) {
            key = hmac(key, part.getBytes(UTF_8));
        }
        return key;
    }

    /** A request that is yet to be sent. */
    // Never compared; lives for one signature.
    @SuppressWarnings("ArrayRecordComponent")
    private record Post(URI target, Map<String, String> headers, byte[] body) implements SignedRequest {

        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return target.getRawPath();
        }

        @Override
        public String query() {
            return "";
        }

        @Override
        public List<String> header(String name) {
            var value = headers.get(name);
            return value == null ? List.of() : List.of(value);
        }

        @Override
        public boolean isEncrypted() {
            return false;
        }

        @Override
        public String source() {
            return "";
        }
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }
}
