/**
 * Whether a caller may do what it asks: who it is, what key policies say, and the words in which AWS refuses.
 *
 * <p>Pure: decides on records that were handed in. Imported by {@code operation} and {@code http}.
 */
@NullMarked
package dev.strongroom.gateway.authz;

import org.jspecify.annotations.NullMarked;
