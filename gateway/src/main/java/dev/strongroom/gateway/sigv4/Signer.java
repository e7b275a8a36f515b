package dev.strongroom.gateway.sigv4;

import dev.strongroom.hsm.protocol.CallerIdentity;

/**
 * Who signed a request, and for which Region.
 *
 * @param identity whom the access key belongs to
 * @param region of the credential scope
 */
public record Signer(CallerIdentity identity, String region) {}
