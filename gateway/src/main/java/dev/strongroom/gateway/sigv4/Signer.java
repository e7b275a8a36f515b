package dev.strongroom.gateway.sigv4;

import dev.strongroom.hsm.protocol.CallerRecords;

/**
 * Who signed a request, and for which Region.
 *
 * @param caller whom the access key belongs to, and what decisions about them rest on
 * @param region of the credential scope
 */
public record Signer(CallerRecords caller, String region) {}
