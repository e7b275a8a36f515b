package dev.strongroom.hsm.node.cluster;

import io.microraft.RaftEndpoint;

/**
 * A node's seat in the replica group. A node that lost its journal returns under a higher incarnation, which to Raft is
 * another member: the votes and acknowledgements of the lost one are never taken for its own.
 *
 * @param nodeId name of the node, 1 to {@value #MAX_NODE_ID_LENGTH} characters
 * @param incarnation which life of the node, from 1
 */
public record Member(String nodeId, int incarnation) implements RaftEndpoint {

    public static final int MAX_NODE_ID_LENGTH = 128;

    public Member {
        if (nodeId.isEmpty() || nodeId.length() > MAX_NODE_ID_LENGTH) {
            throw new IllegalArgumentException("a node id has 1 to " + MAX_NODE_ID_LENGTH + " characters");
        }
        if (incarnation < 1) {
            throw new IllegalArgumentException("incarnations count from 1, this one is " + incarnation);
        }
    }

    /** {@code nodeId#incarnation}. */
    @Override
    public String getId() {
        return nodeId + "#" + incarnation;
    }

    @Override
    public String toString() {
        return getId();
    }
}
