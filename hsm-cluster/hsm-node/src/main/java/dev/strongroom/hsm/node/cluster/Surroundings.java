package dev.strongroom.hsm.node.cluster;

import java.util.Random;
import java.util.function.LongSupplier;

/**
 * The world of a node, so that a test can be another one.
 *
 * @param link carries messages to the other nodes
 * @param thread where Raft runs; closed with the store
 * @param nanos monotonic time in nanoseconds from any origin, not stepped by anybody
 * @param random draws incarnations, nonces and the spread of election timeouts; no secret comes from it, but its seed
 *     must differ between nodes and starts
 */
public record Surroundings(MemberLink link, RaftThread thread, LongSupplier nanos, Random random) {}
