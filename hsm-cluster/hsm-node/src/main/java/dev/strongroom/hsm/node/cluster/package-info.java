/**
 * Agreement between the nodes: the Raft log (MicroRaft), its journal on disk, the lease, and Hazelcast, which gives
 * discovery, membership and the encrypted connections that carry every message between members.
 *
 * <p>The only room with Hazelcast and MicroRaft in it. What passes through here is sealed records and Raft's own
 * bookkeeping, never a key. Raft runs on one thread per node; callers are answered on that thread and must not block it.
 */
@NullMarked
package dev.strongroom.hsm.node.cluster;

import org.jspecify.annotations.NullMarked;
