package dev.strongroom.gateway.launch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How an identity administrator reaches the cluster. Paths are taken from the folder of the configuration file.
 *
 * @param account that is meant if a command names none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AdminConfig(
        @JsonProperty(required = true) GatewayConfig.Hsm hsm,
        @Nullable String account) {}
