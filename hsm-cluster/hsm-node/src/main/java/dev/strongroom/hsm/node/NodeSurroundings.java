package dev.strongroom.hsm.node;

import dev.strongroom.hsm.node.crypto.Entropy;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What a node takes from the machine it runs on.
 *
 * @param clock wall clock, for dates
 * @param nanos monotonic nanoseconds
 * @param version of the software, as DescribeNode shows it
 */
public record NodeSurroundings(Entropy entropy, InstantSource clock, LongSupplier nanos, String version) {}
