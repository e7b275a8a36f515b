/** What users come for, played from beginning to end with the real clients and real processes. */
@NullMarked
package dev.strongroom.conformance.scenario;

import org.jspecify.annotations.NullMarked;
