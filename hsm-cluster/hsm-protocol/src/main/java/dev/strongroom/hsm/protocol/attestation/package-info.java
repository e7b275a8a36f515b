/**
 * Attestation documents of AWS Nitro Enclaves as they stand on the wire, read but not verified.
 *
 * <p>Gateway and node read a document with this one reader: whatever the gateway decided on is what the node verifies.
 */
@NullMarked
package dev.strongroom.hsm.protocol.attestation;

import org.jspecify.annotations.NullMarked;
