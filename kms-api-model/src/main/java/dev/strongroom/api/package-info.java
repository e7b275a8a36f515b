/**
 * What the outside world may say to a KMS, as data: operations, errors, member rules, key specs, key references, and the
 * one JSON codec. The SDK's model classes are the wire model.
 *
 * <p>For the gateway and the tests; an HSM node never sees this package. Pure: no I/O, no threads, no clock, no logger.
 *
 * <p>Everything here is immutable or stateless and may be used from any thread.
 */
@NullMarked
package dev.strongroom.api;

import org.jspecify.annotations.NullMarked;
