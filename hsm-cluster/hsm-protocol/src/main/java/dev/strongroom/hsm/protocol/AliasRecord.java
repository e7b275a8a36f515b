package dev.strongroom.hsm.protocol;

import java.time.Instant;

/**
 * An alias as of one revision.
 *
 * @param targetKeyId the key in the same account and Region that it stands for
 * @param updated when it was last pointed at a key
 */
public record AliasRecord(Stamp stamp, AliasName name, String targetKeyId, Instant created, Instant updated) {}
