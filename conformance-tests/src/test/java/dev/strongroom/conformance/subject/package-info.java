/**
 * What the scenarios run against: Strongroom in one process, a cluster of processes, LocalStack, or any endpoint named in
 * the environment. Processes here are real ones, and are really killed.
 */
@NullMarked
package dev.strongroom.conformance.subject;

import org.jspecify.annotations.NullMarked;
