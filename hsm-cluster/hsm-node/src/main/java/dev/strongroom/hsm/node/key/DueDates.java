package dev.strongroom.hsm.node.key;

import dev.strongroom.hsm.protocol.KeyRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** The dates on which something happens to a key without anybody asking. */
public final class DueDates {

    private DueDates() {}

    /** The first of them: its destruction, its next automatic rotation, or the end of imported material. */
    public static Optional<Instant> first(KeyRecord key) {
        return Stream.of(key.lifecycle().deletionDate(), RotationRules.dueDate(key), ImportRules.nextExpiry(key))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }
}
