/**
 * The command line and the composition of whole processes: the gateway, a node, and both in one for development.
 *
 * <p>The only package of the gateway that may import {@code hsm.node}, and the place where clocks and files come from.
 * Nothing imports it.
 */
@NullMarked
package dev.strongroom.gateway.launch;

import org.jspecify.annotations.NullMarked;
