package dev.strongroom.gateway.authz;

import dev.strongroom.hsm.protocol.Stamp;
import java.util.List;

/**
 * A policy document and the records it was read from, whose change may change it.
 *
 * @param records a managed policy stands in a record of its own, an inline policy in that of its user or role, the inline
 *     policy of a session in none
 */
public record AttachedPolicy(List<Stamp> records, CompiledPolicy policy) {

    public AttachedPolicy {
        records = List.copyOf(records);
    }
}
