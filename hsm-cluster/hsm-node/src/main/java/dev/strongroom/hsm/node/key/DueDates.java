package dev.strongroom.hsm.node.key;

import dev.strongroom.hsm.protocol.KeyRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** The dates on which something happens to a key without anybody asking. */
public final class DueDates {

    private DueDates() {}

    /** The first of them: its destruction or its next automatic rotation. */
    public static Optional<Instant> first(KeyRecord key) {
        return Stream.concat(key.lifecycle().deletionDate().stream(), RotationRules.dueDate(key).stream())
                .min(Instant::compareTo);
    }
}
