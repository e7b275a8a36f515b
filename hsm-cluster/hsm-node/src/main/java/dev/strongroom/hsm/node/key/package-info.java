/**
 * The rules of KMS keys, as the node holds them whatever a gateway has checked before: what a key may be used for in
 * which state, which change may follow, how long and of which form names and documents may be.
 *
 * <p>Pure functions over values: no I/O, no threads, no log. An answer of no is a {@link
 * dev.strongroom.hsm.protocol.Refused}. Imported by {@code command}.
 */
@NullMarked
package dev.strongroom.hsm.node.key;

import org.jspecify.annotations.NullMarked;
