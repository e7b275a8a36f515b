/** What is on record after everything was done, and what is nowhere to be found. */
@NullMarked
package dev.strongroom.conformance.audit;

import org.jspecify.annotations.NullMarked;
