/**
 * Who may do what, as a table of decisions that people can read, and the runners that hold Strongroom to it.
 *
 * <p>The table is in the resources, folder {@code decisions}; {@link dev.strongroom.conformance.authz.DecisionTable} says
 * how it is written.
 */
@NullMarked
package dev.strongroom.conformance.authz;

import org.jspecify.annotations.NullMarked;
