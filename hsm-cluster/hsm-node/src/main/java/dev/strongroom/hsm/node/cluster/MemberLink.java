package dev.strongroom.hsm.node.cluster;

import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Carries messages between the members of a cluster. Every message is delivered at most once, possibly late and out of
 * order, and only between members that authenticated each other with certificates of the cluster's CA; what one member
 * receives was sent by the member it is attributed to.
 */
public interface MemberLink extends AutoCloseable {

    /** Sends without waiting; a message to a member that cannot be reached is dropped. */
    void send(String nodeId, byte[] message);

    /**
     * Names the one receiver of messages, called with the sending node's id; called once, before the first message can
     * arrive.
     */
    void receive(BiConsumer<String, byte[]> receiver);

    /** The other members that are connected, or that failure detection holds to be alive now. */
    Set<String> liveMembers();

    @Override
    void close();
}
