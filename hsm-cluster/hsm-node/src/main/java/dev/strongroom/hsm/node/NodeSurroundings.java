package dev.strongroom.hsm.node;

import dev.strongroom.hsm.node.crypto.Entropy;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What a node takes from the machine it runs on.
 *
 * @param clock wall clock, for dates
 * @param nanos monotonic nanoseconds
 * @param version of the software, as DescribeNode shows it
 * @param attestationRoots to which attestation documents must chain, see {@link AttestationRoots}
 */
public record NodeSurroundings(
        Entropy entropy,
        InstantSource clock,
        LongSupplier nanos,
        String version,
        Set<X509Certificate> attestationRoots) {

    public NodeSurroundings {
        attestationRoots = Set.copyOf(attestationRoots);
    }

    /** A node to which no enclave can prove what it is. */
    public NodeSurroundings(Entropy entropy, InstantSource clock, LongSupplier nanos, String version) {
        this(entropy, clock, nanos, version, Set.of());
    }

    /** The same with other roots. */
    public NodeSurroundings trusting(Set<X509Certificate> roots) {
        return new NodeSurroundings(entropy, clock, nanos, version, roots);
    }
}
