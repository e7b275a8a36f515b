package dev.strongroom.gateway.launch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A gateway's configuration. Paths are taken from the folder of the configuration file.
 *
 * @param listen where the KMS API is served
 * @param management where health and metrics are served, without TLS; nowhere if absent
 * @param tls what the KMS API is served with; may be absent on loopback only
 * @param hsm the cluster behind it
 * @param identityAdmin folder with the identity administrator's certificate, key and credential, as {@code strongroom hsm
 *     init} made it: the management API is served; it is not there if absent
 * @param audit where requests are recorded; {@code audit.log} beside the configuration if absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record GatewayConfig(
        @JsonProperty(required = true) Endpoint listen,
        @Nullable Endpoint management,
        @Nullable Tls tls,
        @JsonProperty(required = true) Hsm hsm,
        @JsonProperty("identity-admin") @Nullable Path identityAdmin,
        @Nullable Audit audit) {

    /**
     * PEM files.
     *
     * @param certificate the chain, leaf first
     * @param key PKCS#8, unencrypted
     */
    record Tls(
            @JsonProperty(required = true) Path certificate,
            @JsonProperty(required = true) Path key) {}

    /**
     * The record of requests, one line of JSON each.
     *
     * @param file {@code audit.log} if absent
     * @param stdout {@code true} for standard output as well
     * @param maxMegabytes a file that would grow beyond it is set aside under a dated name; 64 if absent
     * @param keep how many of those are kept; if absent, all
     */
    record Audit(
            @Nullable Path file,
            @Nullable Boolean stdout,
            @JsonProperty("max-megabytes") @Nullable Integer maxMegabytes,
            @Nullable Integer keep) {

        Audit {
            if ((maxMegabytes != null && maxMegabytes < 1) || (keep != null && keep < 1)) {
                throw new IllegalArgumentException("max-megabytes and keep are 1 or more");
            }
        }
    }

    /**
     * How to reach and log in to the cluster.
     *
     * @param user this gateway, as in its certificate
     * @param identity folder with the gateway's certificate, key and the cluster's CA, as {@code strongroom hsm init} made it
     * @param nodes every node, whether it is up or not
     */
    record Hsm(
            @JsonProperty(required = true) String user,
            @JsonProperty(required = true) Path identity,
            @JsonProperty(required = true) List<NodeAddress> nodes) {

        Hsm {
            nodes = List.copyOf(nodes);
            if (nodes.isEmpty()) {
                throw new IllegalArgumentException("name at least one node");
            }
        }
    }
}
