/**
 * Who signed a request: AWS Signature Version 4, header form, and the day keys it is checked with.
 *
 * <p>Imported by {@code http}. Knows nothing of HTTP servers: it sees a request as {@link
 * dev.strongroom.gateway.sigv4.SignedRequest}. Besides the HSM's crypto the only package with {@code javax.crypto}. Safe
 * for use from any thread; nothing blocks.
 */
@NullMarked
package dev.strongroom.gateway.sigv4;

import org.jspecify.annotations.NullMarked;
