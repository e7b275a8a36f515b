package dev.strongroom.hsm.node.audit;

import java.util.List;

/**
 * What a verification came to.
 *
 * @param findings what is damaged; empty if nothing is
 * @param notes what is worth knowing and no damage, such as the torn end that a crash left
 */
public record TrailReport(List<Trail> trails, List<Finding> findings, List<Finding> notes) {

    public TrailReport {
        trails = List.copyOf(trails);
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /**
     * One trail.
     *
     * @param first number of its first record
     * @param last number of its last record
     * @param starts of the node
     * @param checkpoints with a good signature
     * @param heldByPeers up to which record the trails of other nodes, among those verified, vouch for it; 0 if none does
     */
    public record Trail(String node, long first, long last, long starts, long checkpoints, long heldByPeers) {}

    public boolean isIntact() {
        return findings.isEmpty();
    }
}
