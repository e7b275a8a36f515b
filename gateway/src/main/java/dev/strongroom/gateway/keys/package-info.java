/**
 * What the gateway remembers of the HSM's records, and how it asks for more of them without asking too often.
 *
 * <p>Imported by {@code sigv4} and {@code http}. Everything cached here is only ever the ground for a <em>yes</em>, which
 * the HSM checks by its stamps; a <em>no</em> rests on fresh reads. Safe for use from any thread; nothing blocks.
 */
@NullMarked
package dev.strongroom.gateway.keys;

import org.jspecify.annotations.NullMarked;
