package dev.strongroom.hsm.node.cluster;

import dev.strongroom.hsm.node.crypto.PeerIdentity.Role;
import dev.strongroom.hsm.node.crypto.TlsIdentity;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a member is told before it meets the others.
 *
 * @param lineage the cluster's name; members of different lineages do not join
 * @param identity the certificate that names this node
 * @param listen the local address to accept connections at: this member's address, or one behind it
 * @param members every member's address by node id, this node's included, spelled alike on all of them; nobody else is
 *     spoken to
 */
public record MemberSettings(
        String lineage, TlsIdentity identity, MemberAddress listen, Map<String, MemberAddress> members) {

    public MemberSettings {
        members = Map.copyOf(members);
        if (identity.identity().role() != Role.NODE) {
            throw new IllegalArgumentException(
                    identity.identity().uri() + " is not a node and cannot be a member of a cluster");
        }
        if (!members.containsKey(identity.identity().name())) {
            throw new IllegalArgumentException(
                    identity.identity().uri() + " is not in the list of members " + members.keySet());
        }
        if (Set.copyOf(members.values()).size() != members.size()) {
            throw new IllegalArgumentException("two members share an address: " + members);
        }
    }

    String nodeId() {
        return identity.identity().name();
    }

    MemberAddress address() {
        return Objects.requireNonNull(members.get(nodeId()), "checked when made");
    }
}
