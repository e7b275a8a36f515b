package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long somebody waits for one command that makes or tests key pairs. Its turn on their pool may come when the client
 * has given up and asked anew: what nobody waits for any more is not begun, and above all leaves no second key behind.
 */
final class Patience {

    private final LongSupplier nanos;
    private final long begun;

    /** Begins now. */
    Patience(NodeParts parts) {
        this.nanos = parts.nanos();
        this.begun = nanos.getAsLong();
    }

    /** Refuses once the client has given up. */
    void require() {
        if (nanos.getAsLong() - begun >= Command.RSA_LIMIT.toNanos()) {
            throw new Refused(Refusal.DEADLINE_EXCEEDED);
        }
    }

    /** Work that is begun only while somebody waits for it. */
    <T> Supplier<T> before(Supplier<T> work) {
        return () -> {
            require();
            return work.get();
        };
    }
}
