package dev.strongroom.gateway.http;

import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the endpoints take from the world.
 *
 * @param clock wall clock, for signatures and the Date header
 * @param nanoTime a monotonic clock
 * @param ids random ids, for requests, commands and keys
 */
public record ClockAndIds(InstantSource clock, LongSupplier nanoTime, Supplier<UUID> ids) {}
