/**
 * Keeping records: the form in which everything the cluster knows is stored, the transactions that change it, and the
 * state machine that applies them in the order of the replicated log.
 *
 * <p>Nothing in this package sees a key or a name in the clear: a record is an opaque id and a sealed payload, so a node
 * can replicate and vote on what it cannot read. Imported by {@code cluster}, which replicates, and {@code command},
 * which decides.
 */
@NullMarked
package dev.strongroom.hsm.node.store;

import org.jspecify.annotations.NullMarked;
