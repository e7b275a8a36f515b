/**
 * Administering who callers are: what {@code strongroom admin} and the management API can do, as one table, and how each of
 * it is done with the few commands that the HSM has for it.
 *
 * <p>Knows nothing of HTTP, command lines or who asks; imported by {@code http}, which serves it, and by {@code launch},
 * which also does without a gateway. Policies are read here before they are sent, because the HSM does not.
 */
@NullMarked
package dev.strongroom.gateway.admin;

import org.jspecify.annotations.NullMarked;
