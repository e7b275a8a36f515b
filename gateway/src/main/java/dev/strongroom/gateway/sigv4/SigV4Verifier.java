package dev.strongroom.gateway.sigv4;

import static dev.strongroom.api.KmsError.INCOMPLETE_SIGNATURE;
import static dev.strongroom.api.KmsError.INVALID_SIGNATURE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.strongroom.api.KmsException;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.Freshness;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Checks AWS Signature Version 4 in its header form (IAM User Guide, "AWS Signature Version 4 for API requests"). A
 * signature in the query string counts as none: KMS takes no presigned requests.
 *
 * <p>Order: what the header says; when; for what; what it covers; whose it is; whether it is right. The signature that
 * would have been right is never told to anyone.
 */
public final class SigV4Verifier {

    private static final String TERMINATOR = "aws4_request";
    private static final int MAX_REGION = 32;
    private static final Pattern REGION = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+){0,4}");

    /** If a request has one of these it must be signed: host, time, operation and session decide what is done for whom. */
    private static final List<String> COVERED = List.of("host", "x-amz-date", "x-amz-target", "x-amz-security-token");

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    });

    private final SigningKeys keys;
    private final InstantSource clock;
    private final String service;

    /**
     * @param service the signing name that requests must be scoped to, such as {@code kms}
     */
    public SigV4Verifier(SigningKeys keys, InstantSource clock, String service) {
        this.keys = keys;
        this.clock = clock;
        this.service = service;
    }

    /**
     * Who signed {@code request}. The stage fails with {@link KmsException} if nobody did, and with {@link
     * dev.strongroom.hsm.protocol.Refused} if the HSM cannot say whose the access key is.
     *
     * @param freshness LOCAL unless the caller's record has proved to be another than it was thought to be
     */
    public CompletionStage<Signer> verify(SignedRequest request, Freshness freshness) {
        try {
            var time = single(request, "x-amz-date");
            if (time.isEmpty()) {
                time = single(request, "date");
            }
            var authorization = Authorization.parse(request.header("authorization"), !time.isEmpty());
            var signed = SigningTime.parse(time);
            signed.requireNear(clock.instant());
            requireScope(authorization.scope(), signed);
            requireCovered(authorization.signedHeaders(), request);
            return check(request, authorization, signed, freshness);
        } catch (KmsException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<Signer> check(
            SignedRequest request, Authorization authorization, SigningTime signed, Freshness freshness) {
        var scope = authorization.scope();
        var name = new SigningKeys.Name(
                authorization.accessKeyId(), scope.date(), scope.region(), scope.service(), sessionToken(request));
        return keys.find(name, request.source(), freshness).thenCompose(key -> {
            if (hasEnded(key.caller())) {
                return CompletableFuture.failedStage(SigningKeys.expired());
            }
            var expected = key.sign(stringToSign(request, authorization, signed));
            if (expected.isEmpty()) {
                // Its time was over between the look-up and now: look again.
                return check(request, authorization, signed, freshness);
            }
            var sent = authorization.signature().getBytes(ISO_8859_1);
            if (!MessageDigest.isEqual(hex(expected.get()).getBytes(ISO_8859_1), sent)) {
                return CompletableFuture.failedStage(mismatch());
            }
            return CompletableFuture.completedStage(new Signer(key.caller(), scope.region()));
        });
    }

    /** A signing key is remembered for some seconds, in which its session may come to its end. */
    private boolean hasEnded(CallerRecords caller) {
        return caller.session()
                .filter(session -> !clock.instant().isBefore(session.expires()))
                .isPresent();
    }

    /** What came with temporary credentials; empty if nothing did. */
    private static Bytes sessionToken(SignedRequest request) {
        var token = single(request, "x-amz-security-token");
        try {
            return Bytes.wrap(Base64.getDecoder().decode(token));
        } catch (IllegalArgumentException e) {
            throw SigningKeys.unrecognized();
        }
    }

    private void requireScope(Authorization.Scope scope, SigningTime signed) {
        if (!scope.terminator().equals(TERMINATOR)) {
            throw KmsException.of(
                    INVALID_SIGNATURE, "Credential should be scoped with a valid terminator: '" + TERMINATOR + "'.");
        }
        if (!scope.service().equals(service)) {
            throw KmsException.of(
                    INVALID_SIGNATURE, "Credential should be scoped to correct service: '" + service + "'.");
        }
        if (scope.region().length() > MAX_REGION
                || !REGION.matcher(scope.region()).matches()) {
            throw invalidRegion();
        }
        if (!scope.date().equals(signed.date())) {
            throw KmsException.of(
                    INVALID_SIGNATURE,
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                            + scope.date() + "' != '" + signed.date() + "', from '" + signed.compact() + "'.");
        }
    }

    private static void requireCovered(List<String> signedHeaders, SignedRequest request) {
        for (var name : COVERED) {
            boolean matters = name.equals("host") || !request.header(name).isEmpty();
            if (matters && !signedHeaders.contains(name)) {
                throw notCovered(name);
            }
        }
        if (request.header("x-amz-date").isEmpty() && !signedHeaders.contains("date")) {
            throw notCovered("date");
        }
    }

    private static KmsException notCovered(String name) {
        return KmsException.of(INVALID_SIGNATURE, "'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
    }

    private static byte[] stringToSign(SignedRequest request, Authorization authorization, SigningTime signed) {
        var canonical = CanonicalRequest.of(request, authorization.signedHeaders(), payloadHash(request));
        var text = Authorization.ALGORITHM + "\n" + signed.compact() + "\n" + authorization.scope() + "\n"
                + hex(sha256(canonical));
        return text.getBytes(ISO_8859_1);
    }

    /** Always our own count of the body: what the header says must agree with it, save that a client under TLS may abstain. */
    private static String payloadHash(SignedRequest request) {
        var claimed = request.header("x-amz-content-sha256");
        if (request.isEncrypted() && claimed.equals(List.of(CanonicalRequest.UNSIGNED_PAYLOAD))) {
            return CanonicalRequest.UNSIGNED_PAYLOAD;
        }
        var hash = hex(sha256(request.body()));
        if (!claimed.isEmpty() && !claimed.equals(List.of(hash))) {
            throw mismatch();
        }
        return hash;
    }

    /** The value of a header that must not come twice; empty if it is absent. */
    private static String single(SignedRequest request, String name) {
        var values = request.header(name);
        if (values.size() > 1) {
            throw KmsException.of(INCOMPLETE_SIGNATURE, "Header '" + name + "' must not appear more than once.");
        }
        return values.isEmpty() ? "" : values.get(0).trim();
    }

    static KmsException invalidRegion() {
        return KmsException.of(INVALID_SIGNATURE, "Credential should be scoped to a valid region.");
    }

    private static KmsException mismatch() {
        return KmsException.of(
                INVALID_SIGNATURE,
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret"
                        + " Access Key and signing method. Consult the service documentation for details.");
    }

    private static byte[] sha256(byte[] octets) {
        return SHA_256.get().digest(octets);
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }
}
