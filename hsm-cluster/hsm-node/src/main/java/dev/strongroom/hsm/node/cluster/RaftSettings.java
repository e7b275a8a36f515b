package dev.strongroom.hsm.node.cluster;

import java.util.HashSet;
import java.util.List;

/**
 * What a node is told about its replica group.
 *
 * @param group name of the group; messages of other groups are dropped
 * @param nodeId this node
 * @param voters the nodes that are to vote, 1, 3, 5 or 7, in the same order on every node; a node that is not among them
 *     holds every record and has no vote
 * @param snapshotEvery entries between two snapshots, the same on every node
 */
public record RaftSettings(String group, String nodeId, List<String> voters, int snapshotEvery) {

    /** Holds replay after a start to a second or so, and the log in memory to about as many entries. */
    public static final int SNAPSHOT_EVERY = 10_000;

    public RaftSettings {
        voters = List.copyOf(voters);
        if (voters.size() > 7 || voters.size() % 2 == 0) {
            throw new IllegalArgumentException("a group has 1, 3, 5 or 7 voters, not " + voters.size());
        }
        if (new HashSet<>(voters).size() < voters.size()) {
            throw new IllegalArgumentException("a voter is named twice: " + voters);
        }
        if (snapshotEvery < 1) {
            throw new IllegalArgumentException("snapshots are taken every 1 entry or more, not " + snapshotEvery);
        }
    }

    boolean isVoter(String candidate) {
        return voters.contains(candidate);
    }

    /** How many voters are more than half of them. */
    int majority() {
        return voters.size() / 2 + 1;
    }

    /** Whether this node is the whole group. */
    boolean alone() {
        return voters.size() == 1 && voters.contains(nodeId);
    }
}
