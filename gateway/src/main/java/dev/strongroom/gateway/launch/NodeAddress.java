package dev.strongroom.gateway.launch;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A node by name.
 *
 * @param id as in its certificate
 * @param address where it listens
 */
record NodeAddress(
        @JsonProperty(required = true) String id,
        @JsonProperty(required = true) Endpoint address) {}
