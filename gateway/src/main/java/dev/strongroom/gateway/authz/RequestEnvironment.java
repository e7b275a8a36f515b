package dev.strongroom.gateway.authz;

import java.time.Instant;
import java.util.Optional;

/**
 * Where and when a request was made.
 *
 * @param now the gateway's time
 * @param sourceIp IPv4 or IPv6 address of whoever connected, empty if there was no network
 * @param secureTransport whether by TLS
 * @param userAgent header of the request, empty if it had none
 * @param referer header of the request, empty if it had none
 * @param region of the credential scope
 * @param sourceArn the resource that a service speaks for; empty for all other callers
 */
public record RequestEnvironment(
        Instant now,
        Optional<String> sourceIp,
        boolean secureTransport,
        Optional<String> userAgent,
        Optional<String> referer,
        String region,
        Optional<String> sourceArn) {

    /** The same for what is done in another Region on the way. */
    public RequestEnvironment in(String elsewhere) {
        return new RequestEnvironment(now, sourceIp, secureTransport, userAgent, referer, elsewhere, sourceArn);
    }
}
