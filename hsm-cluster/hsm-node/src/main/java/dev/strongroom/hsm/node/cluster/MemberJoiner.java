package dev.strongroom.hsm.node.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.cluster.impl.TcpIpJoiner;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hazelcast's way to join over TCP, with two changes for members that start together or beside one that hangs.
 *
 * <p>First it connects, then it asks who is the master. Hazelcast asks at once, and when the answer is not there within a
 * second, because the other process is still warming up and TLS takes its time, it begins to claim the mastership and
 * waits ten seconds for votes that were lost.
 *
 * <p>When nobody has let it join in time, it goes on as a cluster of one, which merges with the others when they are back.
 * Hazelcast would end the member.
 */
final class MemberJoiner extends TcpIpJoiner {

    private static final Logger log = LoggerFactory.getLogger(MemberJoiner.class);

    /** Together three seconds: a connection takes milliseconds, a process that is about to accept one some more. */
    private static final int TURNS = 150;

    private static final int TURN_MILLIS = 20;

    MemberJoiner(Node node) {
        super(node);
    }

    @Override
    public void doJoin() {
        connect();
        super.doJoin();
        if (!clusterService.isJoined() && node.isRunning()) {
            log.warn("nobody let this member join, it goes on alone until they do");
            clusterJoinManager.setThisMemberAsMaster();
        }
    }

    private void connect() {
        var others = getPossibleAddresses();
        try {
            for (int turn = 0; turn < TURNS && node.isRunning() && !isSettled(others); turn++) {
                Thread.sleep(TURN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether everybody else is either connected or known not to be there. */
    private boolean isSettled(Collection<Address> addresses) {
        var connections = node.getServer().getConnectionManager(EndpointQualifier.MEMBER);
        boolean isSettled = true;
        for (var address : addresses) {
            isSettled &= address.equals(node.getThisAddress())
                    || isBlacklisted(address)
                    || connections.getOrConnect(address, true) != null;
        }
        return isSettled;
    }
}
