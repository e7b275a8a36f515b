package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.store.RecordStore;
import dev.strongroom.hsm.node.vault.KeyVault;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What commands are executed with.
 *
 * @param vault follows {@code store}
 * @param clock wall clock, for dates of keys and of credential scopes
 * @param nanos monotonic nanoseconds
 * @param pool runs the preparation of changes; may refuse ({@link java.util.concurrent.RejectedExecutionException}), as may
 *     the other two
 * @param pairUses runs the use of key pairs: a millisecond each, more or less
 * @param generation runs the making of key pairs, which for RSA takes seconds and must not keep signatures waiting
 * @param attestationRoots to which attestation documents must chain; none trusts nothing
 */
public record NodeParts(
        RecordStore store,
        KeyVault vault,
        Entropy entropy,
        InstantSource clock,
        LongSupplier nanos,
        Executor pool,
        Executor pairUses,
        Executor generation,
        Set<X509Certificate> attestationRoots) {

    public NodeParts {
        attestationRoots = Set.copyOf(attestationRoots);
    }
}
