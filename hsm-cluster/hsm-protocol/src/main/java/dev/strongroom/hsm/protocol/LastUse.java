package dev.strongroom.hsm.protocol;

import java.time.Instant;
import java.util.UUID;

/**
 * The latest successful use of a key in cryptography.
 *
 * @param time by the clock of the node that did it, whole milliseconds
 * @param request the caller's request that it served
 */
public record LastUse(TrackedUse use, Instant time, UUID request) {}
