package dev.strongroom.gateway.launch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node's configuration. Paths are taken from the folder of the configuration file.
 *
 * @param id this node, as in its certificate and among the members
 * @param listen where gateways reach it
 * @param members every node of the cluster with the address for traffic between nodes, this one included
 * @param data folder of the journal
 * @param identity folder with the node's certificate, key, the cluster's CA, the sealed root key and the genesis, as
 *     {@code strongroom hsm init} made it
 * @param passphraseFile file with the passphrase of the root key's seal; asked for on the terminal if absent
 * @param attestationRoots PEM files of the roots that attestation documents of enclaves must chain to; none trusts none
 * @param audit how the audit trail is kept; in the folder {@code audit} beside {@code data} if absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record NodeConfig(
        @JsonProperty(required = true) String id,
        @JsonProperty(required = true) Endpoint listen,
        @JsonProperty(required = true) List<NodeAddress> members,
        @JsonProperty(required = true) Path data,
        @JsonProperty(required = true) Path identity,
        @JsonProperty("passphrase-file") @Nullable Path passphraseFile,
        @JsonProperty("attestation-roots") @Nullable List<Path> attestationRoots,
        @Nullable Audit audit) {

    /**
     * The audit trail.
     *
     * @param folder of its own; {@code audit} beside {@code data} if absent
     * @param strict {@code true} if the use of a key is answered only when its record is on disk; if not, a power cut may
     *     cost the records of up to 100 ms. Changes always wait.
     */
    record Audit(@Nullable Path folder, @Nullable Boolean strict) {}

    NodeConfig {
        members = List.copyOf(members);
        var own = id;
        if (members.stream().noneMatch(member -> member.id().equals(own))) {
            throw new IllegalArgumentException("members must name this node, " + id);
        }
    }

    /** Where the other nodes reach this one. */
    Endpoint memberAddress() {
        return members.stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow()
                .address();
    }
}
