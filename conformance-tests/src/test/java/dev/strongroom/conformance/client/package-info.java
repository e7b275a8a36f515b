/** Clients that applications use, in their own languages, against Strongroom. */
@NullMarked
package dev.strongroom.conformance.client;

import org.jspecify.annotations.NullMarked;
