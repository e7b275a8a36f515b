/**
 * The node's trail of what was done: lines that are chained by hash, authenticated by a key that moves on, and signed from
 * time to time; and the verifier that needs nothing but the files. Imports crypto only, so that everything that does
 * something may write to it.
 *
 * <p>Does I/O. {@link dev.strongroom.hsm.node.audit.AuditTrail} may be called from every thread at once and writes before
 * it returns; one thread of its own flushes, signs and tells the peers.
 */
@NullMarked
package dev.strongroom.hsm.node.audit;

import org.jspecify.annotations.NullMarked;
