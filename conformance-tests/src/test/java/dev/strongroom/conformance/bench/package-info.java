/**
 * What Strongroom costs, beside the least that any server could cost. Nothing here asserts a time; BENCHMARKS.md says how
 * the figures are made.
 */
@NullMarked
package dev.strongroom.conformance.bench;

import org.jspecify.annotations.NullMarked;
