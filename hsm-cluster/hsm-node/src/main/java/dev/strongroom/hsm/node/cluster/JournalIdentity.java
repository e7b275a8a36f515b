package dev.strongroom.hsm.node.cluster;

/**
 * Whose journal it is. Both names are under every tag in it, so that no row of another cluster or node is ever taken for
 * its own.
 *
 * @param lineageId the cluster, by the id it keeps for life
 * @param nodeId the node, in all of its incarnations
 */
public record JournalIdentity(String lineageId, String nodeId) {}
