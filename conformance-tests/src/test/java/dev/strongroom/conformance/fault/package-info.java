/**
 * What goes wrong: bad input of every kind, and the death of processes under load. Real processes on this machine, made
 * and ended by the tests.
 */
@NullMarked
package dev.strongroom.conformance.fault;

import org.jspecify.annotations.NullMarked;
