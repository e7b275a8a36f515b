package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.protocol.Stamp;
import java.util.UUID;

/**
 * A record as of one revision, opened.
 *
 * @param createdBy the command that made it
 * @param changedBy the command that wrote this revision
 */
public record Stored<C extends Content>(RecordId id, long revision, UUID createdBy, UUID changedBy, C content) {

    public Stamp stamp() {
        return new Stamp(id.high(), id.low(), revision);
    }
}
