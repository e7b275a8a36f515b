/**
 * What each operation takes: pure functions from a request and the records of the keys it names to a {@link
 * dev.strongroom.gateway.operation.Plan}, one row an operation, in families.
 *
 * <p>No I/O, no futures, no clock: the endpoint fetches the keys, carries out the plan, and plans again when a record
 * proves stale. Imported by {@code http}.
 */
@NullMarked
package dev.strongroom.gateway.operation;

import org.jspecify.annotations.NullMarked;
